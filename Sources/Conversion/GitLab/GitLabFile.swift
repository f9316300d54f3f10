/// A GitLab file on its way to a pipeline.
struct GitLabFile {
    let source: ForeignText
    let root: YAMLNode
    var remarks = Remarks()
    var draft: PipelineDraft
    var conditions = GitLabConditions()
    /// The jobs with everything they extend, in the order of the file.
    var jobs: [(name: String, mark: Mark, node: YAMLNode)] = []
    var stages: [String] = []
    /// Comments of jobs that are left out, for the next one that is not.
    var pendingJobs: [String] = []
    /// The names of the jobs that each job waits for.
    var waited: [String: [String]] = [:]
    /// What each job keeps, by the job's name.
    var kept: [String: [String]] = [:]

    /// Keys of the root that are no jobs.
    static let globalKeys: Set<String> = [
        "stages", "variables", "workflow", "default", "include", "image", "services", "cache",
        "before_script", "after_script", "spec", "pages_deploy",
    ]

    init(_ source: ForeignText, path: String) {
        self.source = source
        // A header with 'spec' is a document of its own.
        root = source.documents.last ?? .text("", at: .start)
        let base = FileName.base(of: path)
        let name = base == "gitlab-ci" ? "main" : base.without(end: ".gitlab-ci") ?? base
        draft = PipelineDraft(file: FileName.safe(name) + ".yml")
    }

    mutating func converted() -> Conversion {
        guard root.isMapping else {
            remarks.add(.lost, "the file", "it is no mapping of jobs", at: root.mark)
            return Conversion(files: [], remarks: remarks)
        }
        if let first = root.pairs.first { draft.comments = source.comments(above: first.mark) }
        conditions.hasRequests =
            source.mentions("merge_request") || source.mentions("CI_MERGE_REQUEST")
        resolveJobs()
        readStages()
        readWaits()
        for pair in root.pairs where Self.globalKeys.contains(pair.key) { readGlobal(pair) }
        for job in jobs where job.node["artifacts"]?["paths"] != nil {
            kept[job.name] = [Self.artifactName(of: job.name)]
        }
        for job in jobs { readJob(job) }
        draft.lastComments += pendingJobs
        finishTriggers()
        guard !draft.jobs.isEmpty else {
            if remarks.list.isEmpty {
                remarks.add(.lost, "the file", "it has no jobs", at: root.mark)
            }
            return Conversion(files: [], remarks: remarks)
        }
        return Conversion(files: [draft.written()], remarks: remarks)
    }

    private mutating func readStages() {
        stages = root["stages"]?.texts ?? ["build", "test", "deploy"]
        stages = [".pre"] + stages.filter { $0 != ".pre" && $0 != ".post" } + [".post"]
    }

    private mutating func readGlobal(_ pair: YAMLPair) {
        switch pair.key {
        case "stages", "default", "image", "services", "cache", "before_script", "after_script",
            "workflow":
            return
        case "variables": draft.environment = variables(pair.value)
        case "include":
            draft.comments.append(
                remarks.add(
                    .lost,
                    "include: \(shown(pair.value.flow, lengthMax: 160))",
                    "convert what it includes too; 'uses' takes a file of pipelines/lib/",
                    at: pair.mark
                )
            )
        case _:
            draft.comments.append(
                remarks.add(.lost, shown(pair.key), "nothing here is like it", at: pair.mark)
            )
        }
    }

    /// Variables that are set for steps; those that steer GitLab itself are settings here.
    mutating func variables(_ node: YAMLNode) -> Environment {
        var environment = Environment()
        for pair in node.pairs {
            let text = (pair.value["value"] ?? pair.value).text ?? ""
            let comments = source.comments(above: pair.mark)
            if !pair.key.isVariableName {
                environment.comments.append(lost(pair, "it is not the name of a variable"))
            } else if Self.steering.contains(where: pair.key.hasStart) {
                continue
            } else {
                let value = GitLabText.value(text)
                if value.lost.isEmpty {
                    environment.set(pair.key, value.text, comments: comments)
                } else {
                    let advice = "variables are not put into each other: set it in the commands"
                    environment.comments.append(lost(pair, advice))
                }
            }
        }
        return environment
    }

    /// What tells GitLab how to fetch and cache.
    private static let steering = [
        "GIT_STRATEGY", "GIT_DEPTH", "GIT_SUBMODULE", "GIT_CLONE", "GIT_CHECKOUT", "GIT_FETCH",
        "FF_", "ARTIFACT_COMPRESSION", "CACHE_COMPRESSION", "TRANSFER_METER", "DOCKER_TLS_CERTDIR",
        "GET_SOURCES_ATTEMPTS", "CACHE_REQUEST_TIMEOUT",
    ]

    mutating func lost(_ pair: YAMLPair, _ advice: String) -> String {
        remarks.add(.lost, "\(shown(pair.key)): \(shown(pair.value.flow))", advice, at: pair.mark)
    }

    mutating func changed(_ pair: YAMLPair, _ advice: String) -> String {
        remarks.add(
            .changed,
            "\(shown(pair.key)): \(shown(pair.value.flow))",
            advice,
            at: pair.mark
        )
    }

    static func artifactName(of job: String) -> String { FileName.safe(job) }
}
