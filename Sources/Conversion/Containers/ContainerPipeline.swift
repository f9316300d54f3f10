/// A pipeline of Woodpecker or Drone: steps in containers around one workspace, which is a job.
struct ContainerPipeline {
    /// The two systems are cousins; this is where they differ.
    enum System {
        case woodpecker
        case drone
    }

    let source: ForeignText
    let root: YAMLNode
    let system: System
    let name: String
    var remarks = Remarks()
    var draft: PipelineDraft
    var job: JobDraft
    /// Documents or files that have to end before.
    var dependencies: [YAMLNode] = []
    var axes: Set<String> = []
    /// What stands above `on` or the pipeline's steps, taken over for all.
    var sharedWhen: YAMLNode?

    init(_ source: ForeignText, _ root: YAMLNode, _ system: System, name: String) {
        self.source = source
        self.root = root
        self.system = system
        self.name = name
        draft = PipelineDraft(file: name + ".yml")
        job = JobDraft(name: name)
    }

    var stepNodes: [(name: String?, mark: Mark, node: YAMLNode)] {
        Self.named(root["steps"] ?? root["pipeline"])
    }

    /// The items of a list, or of a mapping by name.
    static func named(_ node: YAMLNode?) -> [(name: String?, mark: Mark, node: YAMLNode)] {
        guard let node else { return [] }
        return node.isMapping
            ? node.pairs.map { ($0.key, $0.mark, $0.value) }
            : node.items.map { ($0["name"]?.text, $0.mark, $0) }
    }

    mutating func read() {
        guard root.isMapping else {
            remarks.add(.lost, "the file", "it is no mapping", at: root.mark)
            return
        }
        if let first = root.pairs.first { draft.comments = source.comments(above: first.mark) }
        readMatrix()
        takeSharedWhen()
        for pair in root.pairs { readKey(pair) }
        guard !isElsewhere else { return }
        for service in Self.named(root["services"]) { readService(service) }
        for step in inOrder(stepNodes) { readStep(step) }
        setAxes()
        useCommonImage()
        if job.steps.isEmpty {
            remarks.add(.lost, "the pipeline '\(shown(name))'", "it has no steps", at: root.mark)
        }
    }

    /// Whether it runs on machines that are no Linux containers.
    private var isElsewhere: Bool { leftOut != nil }
    /// The comment that says so.
    var leftOut: String?
    /// Whether a person is asked where to bring it.
    var hasTargets = false

    private mutating func readKey(_ pair: YAMLPair) {
        switch pair.key {
        case "steps", "pipeline", "services", "matrix", "when", "trigger", "kind", "name",
            "variables", "version", "volumes", "image_pull_secrets", "secrets", "anchors",
            "branches", "pool":
            return
        case "type":
            if ["exec", "ssh", "digitalocean", "macstadium"].contains(pair.value.text) {
                note(.changed, pair, "steps run in containers: name an image that has the tools")
            }
        case "depends_on": dependencies = pair.value.items
        case "labels", "node", "node_selector":
            for label in pair.value.pairs { addLabel(label.key, label.value) }
        case "platform": readPlatform(pair)
        case "clone": readClone(pair)
        case "skip_clone": if pair.value.flag == true { job.checkout = .flag(false) }
        case "workspace":
            note(.changed, pair, "the workspace is /workspace, in every step")
        case "concurrency":
            guard let limit = pair.value["limit"]?.number, limit > 0 else { return }
            draft.concurrency = Mapping([
                "group": .text("${{ pipeline }}"), "limit": .word("\(min(limit, 1_000))"),
                "on_new": .word("queue"),
            ])
        case "environment":
            var secrets: [SecretDraft] = []
            job.environment = variables(pair.value, secrets: &secrets)
            for secret in secrets {
                let subject = "\(secret.variable) from secret \(secret.from)"
                let advice = "write it under 'secrets' of the steps that need it"
                job.notes.append(remarks.add(.lost, subject, advice, at: pair.mark))
            }
        case "runs_on":
            let words = pair.value.texts
            if words.contains("failure") {
                job.condition =
                    words.contains("success")
                    ? .call("always", []) : .call("failure", [])
            }
        case _ where pair.key.hasStart("x-"), _ where pair.key.hasStart("."): return
        case _ where pair.key.hasStart("_"): return
        case _: note(.lost, pair, "nothing here is like it")
        }
    }

    mutating func note(_ kind: Remark.Kind, _ pair: YAMLPair, _ advice: String) {
        let subject = "\(shown(pair.key)): \(shown(pair.value.flow))"
        job.notes.append(remarks.add(kind, subject, advice, at: pair.mark))
    }

    private mutating func readPlatform(_ pair: YAMLPair) {
        let parts = (pair.value.text ?? "").pieces(at: "/")
        let os = pair.value["os"]?.text ?? parts.first ?? ""
        let arch = pair.value["arch"]?.text ?? (parts.count > 1 ? parts[1] : "")
        if os != "linux", !os.isEmpty, !os.hasPart("$") {
            leftOut = remarks.add(
                .lost,
                "the pipeline '\(shown(name))' (platform: \(shown(pair.value.flow)))",
                "steps run in Linux containers",
                at: pair.mark
            )
        }
        addLabel("platform", .text("linux/\(arch)", at: pair.mark))
    }

    /// A label that is the machine's usual architecture need not be asked for.
    private mutating func addLabel(_ key: String, _ value: YAMLNode) {
        let text = self.text(value.text ?? "")
        let word = key == "platform" ? text.text.pieces(at: "/").last ?? "" : text.text
        guard !["amd64", "", "*", "docker"].contains(word) else { return }
        if text.text.hasPart("${{") || !text.lost.isEmpty {
            let pair = YAMLPair(key: key, mark: value.mark, value: value)
            note(.lost, pair, "write the labels out")
        } else {
            job.labels.append(FileName.safe(key == "platform" ? word : "\(key)-\(word)"))
        }
    }

    private mutating func readClone(_ pair: YAMLPair) {
        if pair.value["disable"]?.flag == true || pair.value["skip"]?.flag == true {
            job.checkout = .flag(false)
            return
        }
        var settings = pair.value.pairs
        for step in Self.named(pair.value) where step.node.isMapping {
            settings += step.node["settings"]?.pairs ?? []
        }
        var checkout = Mapping()
        for setting in settings {
            switch setting.key {
            case "depth":
                if let depth = setting.value.number, depth >= 0 {
                    checkout.set("depth", .word("\(depth)"))
                }
            case "partial" where setting.value.flag == false: continue
            case "recursive", "submodules":
                if setting.value.flag == true { checkout.set("submodules", .flag(true)) }
            case _: continue
            }
        }
        if !checkout.isEmpty { job.checkout = .mapping(checkout) }
    }

    private mutating func readMatrix() {
        guard let node = root["matrix"] else { return }
        var matrix = Mapping()
        var include: [Tree] = []
        for pair in node.pairs {
            if pair.key == "include" {
                for row in pair.value.items {
                    var cells = Mapping()
                    for cell in row.pairs {
                        axes.insert(cell.key)
                        cells.set(cell.key, .text(cell.value.text ?? ""))
                    }
                    if !cells.isEmpty { include.append(.mapping(cells)) }
                }
            } else {
                axes.insert(pair.key)
                matrix.set(pair.key, .texts(pair.value.texts))
            }
        }
        if !include.isEmpty { matrix.set("include", .list(include)) }
        if !matrix.isEmpty { job.matrix = matrix }
    }

    /// The axes are variables there; here they are handed to the steps that name them.
    private mutating func setAxes() {
        for index in job.steps.indices {
            let script = job.steps[index].run ?? ""
            for axis in axes.sorted() where axis.isVariableName {
                let isNamed = script.hasPart("$\(axis)") || script.hasPart("${\(axis)")
                if isNamed { job.steps[index].environment.set(axis, "${{ matrix.\(axis) }}") }
            }
        }
    }

    /// An image that all steps share is the job's.
    private mutating func useCommonImage() {
        let images = job.steps.map(\.image)
        guard let image = images.first ?? nil, images.allSatisfy({ $0 == image }),
            job.steps.allSatisfy({ $0.with == nil })
        else { return }
        job.image = image
        for index in job.steps.indices { job.steps[index].image = nil }
    }

    /// The file of a pipeline that is alone in it.
    func alone(named name: String) -> ConvertedFile {
        var draft = draft
        var job = job
        draft.file = name + ".yml"
        job.name = name
        draft.jobs = [job]
        return draft.written()
    }
}
