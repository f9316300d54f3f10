/// `uses`: the well-known actions have an equal, the others are said to have none.
extension GitHubFile {
    mutating func readAction(
        _ uses: String,
        _ node: YAMLNode,
        _ step: StepDraft,
        _ job: inout GitHubJob
    ) {
        let parts = uses.pieces(at: "@")
        let action = parts.first ?? uses
        let version = parts.count > 1 ? parts[1] : ""
        let family = action.pieces(at: "/").prefix(2).joined(separator: "/")
        if let image = uses.without(start: "docker://") {
            readImage(image, node, step, &job)
        } else if let tool = Tool.known[family] {
            readTool(tool, family, version, node, step, &job)
        } else {
            switch family {
            case "actions/checkout": readCheckout(node, step, &job)
            case "actions/cache": readCache(node, step, &job)
            case "Swatinem/rust-cache":
                keep(step.comments, &job)
                let key = "cargo-${{ hash('**/Cargo.lock') }}"
                addCache(
                    Mapping([
                        "key": .text(key), "restore": .texts(["cargo-"]),
                        "paths": .texts(["target"]),
                    ]),
                    &job
                )
            case "actions/upload-artifact": readUpload(node, step, &job)
            case "actions/download-artifact": place(download(node, step), of: node, &job)
            case "golangci/golangci-lint-action":
                var step = step
                let wanted = node["with"]?["version"]?.text ?? "latest"
                step.image = "golangci/golangci-lint:\(template(wanted).text)"
                let words = node["with"]?["args"]?.text.map { " " + template($0).text } ?? ""
                step.run = "golangci-lint run" + words
                place(step, of: node, &job)
            case "pre-commit/action":
                job.spareImage = "python:3"
                run(
                    "pip install pre-commit\npre-commit run --all-files --show-diff-on-failure\n",
                    step,
                    &job
                )
            case "pnpm/action-setup": run("corepack enable pnpm", step, &job)
            case "astral-sh/setup-uv":
                job.spareImage = "python:3"
                run("pip install uv", step, &job)
            case "taiki-e/install-action":
                let tools = (node["with"]?["tool"]?.text ?? version).replacing(",", by: " ")
                run("cargo install \(template(tools).text)", step, &job)
            // They only serve the action that builds, which says what to do.
            case "docker/setup-buildx-action", "docker/setup-qemu-action": keep(step.comments, &job)
            case _: lose(uses, family, node, step, &job)
            }
        }
    }

    /// A step that is only a remark.
    private mutating func lose(
        _ uses: String,
        _ family: String,
        _ node: YAMLNode,
        _ step: StepDraft,
        _ job: inout GitHubJob
    ) {
        var subject = "uses: \(shown(uses))"
        if let with = node["with"], !with.pairs.isEmpty {
            subject += " with \(shown(with.flow, lengthMax: 160))"
        }
        keep(step.comments, &job)
        let advice = ActionAdvice.for(family)
        job.pending.append(
            remarks.add(.lost, subject, advice, at: node["uses"]?.mark ?? node.mark)
        )
    }

    func keep(_ comments: [String], _ job: inout GitHubJob) { job.pending += comments }

    private func run(_ script: String, _ step: StepDraft, _ job: inout GitHubJob) {
        var step = step
        step.run = script
        job.add(step)
    }

    /// Takes an image where the job named none.
    private func useImage(_ image: String, _ job: inout GitHubJob) {
        guard !job.hasOwnImage, job.tools.isEmpty else { return }
        job.tools.append(image)
        job.draft.image = image
    }

    private mutating func readImage(
        _ image: String,
        _ node: YAMLNode,
        _ step: StepDraft,
        _ job: inout GitHubJob
    ) {
        var step = step
        step.image = template(image).text
        _ = readVariables(node["env"], &step, &job)
        let words = [node["with"]?["entrypoint"]?.text, node["with"]?["args"]?.text]
            .compactMap { $0 }
        step.run = commands(words.joined(separator: " "), at: node.mark, &step, &job)
        if words.isEmpty {
            step.run = "true"
            let advice = "write the commands its entry point runs"
            step.comments.append(
                remarks.add(.lost, "uses: docker://\(shown(image))", advice, at: node.mark)
            )
        }
        place(step, of: node, &job)
    }

    /// The first tool chooses the job's image; the others have to be put into one.
    private mutating func readTool(
        _ tool: Tool,
        _ family: String,
        _ version: String,
        _ node: YAMLNode,
        _ step: StepDraft,
        _ job: inout GitHubJob
    ) {
        keep(step.comments.filter { !$0.hasStart(Remark.Kind.lost.rawValue) }, &job)
        let named = tool.inputs.lazy.compactMap { node["with"]?[$0] }.first
        let fallback =
            family.hasPart("rust") && !version.isEmpty && version.utf8.count < 20 ? version : nil
        let text = (named?.text ?? named?.texts.first).map { template($0) }
        if let axis = text?.text.without(start: "${{ matrix.")?.without(end: " }}") {
            job.versionAxes.insert(axis)
        }
        let isSure = text?.isPlain ?? true
        let image = tool.image(of: isSure ? text?.text ?? fallback : nil)
        let mark = node["uses"]?.mark ?? node.mark
        if job.hasOwnImage || (!job.tools.isEmpty && !job.tools.contains(image)) {
            let advice = "the image must have it: name one, or make one in containers/"
            let what = "\(family.pieces(at: "/").last ?? family) (\(image))"
            job.pending.append(remarks.add(.changed, shown(what), advice, at: mark))
        } else {
            useImage(image, &job)
        }
        if let file = node["with"]?.pairs.first(where: { $0.key.hasEnd("-version-file") }),
            named == nil
        {
            let advice = "the image has a version of its own: write it out"
            job.pending.append(
                remarks.add(
                    .changed,
                    "\(file.key): \(shown(file.value.flow))",
                    advice,
                    at: file.mark
                )
            )
        }
        if let components = node["with"]?["components"]?.text {
            let words = template(components).text.pieces(at: ",").map(\.trimmed).joined(
                separator: " "
            )
            run("rustup component add \(words)", StepDraft(condition: step.condition), &job)
        }
        if node["with"]?["bundler-cache"]?.flag == true
            || node["with"]?["bundler-cache"]?.text == "true"
        {
            run("bundle install", StepDraft(condition: step.condition), &job)
        }
    }

    private mutating func readCheckout(
        _ node: YAMLNode,
        _ step: StepDraft,
        _ job: inout GitHubJob
    ) {
        keep(step.comments, &job)
        var checkout = Mapping()
        for pair in node["with"]?.pairs ?? [] {
            switch pair.key {
            case "fetch-depth":
                if let depth = pair.value.number {
                    checkout.set("depth", .word("\(max(0, depth))"))
                }
            case "submodules": checkout.set("submodules", .flag(pair.value.text != "false"))
            case "persist-credentials", "fetch-tags", "token", "clean", "show-progress",
                "set-safe-directory":
                continue
            case "ref"
            where ["sha", "ref", "branch"].contains(where: {
                template(pair.value.text ?? "").text == "${{ \($0) }}"
            }):
                continue
            case _:
                let advice = "the commit being built is checked out; 'git' fetches more in a step"
                job.pending.append(lostVariable(pair, advice))
            }
        }
        if !checkout.isEmpty, job.draft.checkout == nil { job.draft.checkout = .mapping(checkout) }
    }

    private func addCache(_ cache: Mapping, _ job: inout GitHubJob) {
        if !job.draft.cache.contains(cache) { job.draft.cache.append(cache) }
    }

    private mutating func readCache(_ node: YAMLNode, _ step: StepDraft, _ job: inout GitHubJob) {
        keep(step.comments, &job)
        let with = node["with"]
        let key = template(with?["key"]?.text ?? "")
        let paths = lines(with?["path"]?.text ?? "")
        let inside = paths.filter { ForeignPath.isInside($0) }.map { ForeignPath.plain($0) }
        let outside = paths.filter { !ForeignPath.isInside($0) }
        if !outside.isEmpty || !key.isPlain {
            let what = outside.isEmpty ? key.lost : outside
            let advice =
                outside.isEmpty
                ? "write a key without it"
                : "a cache holds folders of the workspace: let the tool keep its cache there"
            job.draft.cacheComments.append(
                remarks.add(
                    .lost,
                    "cache \(shown(what.joined(separator: ", ")))",
                    advice,
                    at: node.mark
                )
            )
        }
        guard !inside.isEmpty, !key.text.isEmpty else { return }
        var cache = Mapping(["key": .text(key.text)])
        let restore = lines(with?["restore-keys"]?.text ?? "").map { template($0) }
            .filter { $0.isPlain }.map(\.text)
        if !restore.isEmpty { cache.set("restore", .texts(restore)) }
        cache.set("paths", .texts(inside))
        addCache(cache, &job)
    }

    func lines(_ text: String) -> [String] {
        text.lines.map(\.trimmed).filter { !$0.isEmpty }
    }
}

/// What to do instead of an action that has no equal.
enum ActionAdvice {
    static func `for`(_ action: String) -> String {
        switch action {
        case "docker/build-push-action", "docker/bake-action", "redhat-actions/buildah-build":
            "build images with a plug-in image, such as woodpeckerci/plugin-kaniko, and 'with'"
        case "docker/login-action", "docker/metadata-action", "docker/setup-buildx-action",
            "docker/setup-qemu-action":
            "the plug-in image that builds has settings for it"
        case "codecov/codecov-action", "coverallsapp/github-action":
            "upload the report with its own program in a step"
        case "actions/github-script": "call the forge's API with a token from 'secrets'"
        case "softprops/action-gh-release", "ncipollo/release-action", "actions/create-release":
            "'publish' makes a release here; the forge's own is made by its program in a step"
        case "peaceiris/actions-gh-pages", "actions/deploy-pages", "actions/configure-pages",
            "JamesIves/github-pages-deploy-action", "actions/upload-pages-artifact":
            "'publish' and 'promote' bring a folder to where it is served"
        case "pypa/gh-action-pypi-publish": "run 'twine upload' with a token from 'secrets'"
        case "actions/stale", "actions/labeler", "dessant/lock-threads":
            "it works on the forge, not on the source: leave it there"
        case "github/codeql-action", "ossf/scorecard-action", "actions/dependency-review-action":
            "run the scanner's own program in a step"
        case _ where action.hasStart("./") || action.hasStart("."):
            "put its steps here, or into a script of the repository"
        case _: "'run' what it does, in an image that has the program"
        }
    }
}
