/// A Woodpecker file on its way to a pipeline.
struct WoodpeckerFile {
    let source: ForeignText
    let path: String

    init(_ source: ForeignText, path: String) {
        self.source = source
        self.path = path
    }

    func converted() -> Conversion {
        let base = FileName.base(of: path)
        let name = base == "woodpecker" ? "main" : base
        guard let root = source.documents.first else {
            var remarks = Remarks()
            remarks.add(.lost, "the file", "it is empty", at: .start)
            return Conversion(files: [], remarks: remarks)
        }
        var pipeline = ContainerPipeline(source, root, .woodpecker, name: name)
        pipeline.read()
        pipeline.useTriggers()
        let isEmpty = pipeline.job.steps.isEmpty
        return Conversion(
            files: isEmpty ? [] : [pipeline.alone(named: name)],
            remarks: pipeline.remarks
        )
    }
}

/// A Drone file on its way to pipelines: one for each document, or one with jobs that wait for
/// each other where the documents do.
struct DroneFile {
    let source: ForeignText
    let path: String

    init(_ source: ForeignText, path: String) {
        self.source = source
        self.path = path
    }

    func converted() -> Conversion {
        var remarks = Remarks()
        var pipelines: [ContainerPipeline] = []
        // Comments of documents that are left out, for the next one that is not.
        var left: [String] = []
        let documents = source.documents.filter { isPipeline($0, &remarks) }
        for (index, document) in documents.enumerated() {
            let written = document["name"]?.text ?? "default"
            var name = FileName.safe(written == "default" ? "main" : written)
            if pipelines.contains(where: { $0.name == name }) { name += "-\(index + 1)" }
            var pipeline = ContainerPipeline(source, document, .drone, name: name)
            pipeline.remarks = remarks
            pipeline.read()
            remarks = pipeline.remarks
            pipeline.draft.lastComments = left
            left = pipeline.leftOut.map { left + [$0] } ?? []
            if !pipeline.job.steps.isEmpty { pipelines.append(pipeline) }
        }
        if !pipelines.isEmpty { pipelines[pipelines.count - 1].draft.lastComments += left }
        if documents.isEmpty, remarks.list.isEmpty {
            remarks.add(.lost, "the file", "it has no pipeline", at: .start)
        }
        let isChained = pipelines.contains { !$0.dependencies.isEmpty }
        return isChained && pipelines.count > 1
            ? together(pipelines, remarks) : apart(pipelines, remarks)
    }

    private func isPipeline(_ document: YAMLNode, _ remarks: inout Remarks) -> Bool {
        switch document["kind"]?.text {
        case "pipeline": return true
        case nil: return document["pipeline"] != nil || document["steps"] != nil
        case "signature": return false
        case "secret":
            let name = shown(document["name"]?.text ?? "")
            remarks.add(
                .changed,
                "secret \(name)",
                "secrets are kept by the server: store it there",
                at: document.mark
            )
            return false
        case let kind?:
            remarks.add(.lost, "kind: \(shown(kind))", "write the pipeline out", at: document.mark)
            return false
        }
    }

    private func apart(_ pipelines: [ContainerPipeline], _ remarks: Remarks) -> Conversion {
        var remarks = remarks
        var files: [ConvertedFile] = []
        for var pipeline in pipelines {
            pipeline.remarks = remarks
            pipeline.useTriggers()
            remarks = pipeline.remarks
            files.append(pipeline.alone(named: pipelines.count == 1 ? "main" : pipeline.name))
        }
        return Conversion(files: files, remarks: remarks)
    }

    private func together(_ pipelines: [ContainerPipeline], _ remarks: Remarks) -> Conversion {
        var remarks = remarks
        var draft = PipelineDraft(file: "main.yml")
        draft.comments = pipelines.first?.draft.comments ?? []
        var triggers = ContainerTriggers()
        for var pipeline in pipelines {
            pipeline.remarks = remarks
            triggers.add(pipeline.triggerEntries)
            pipeline.useTriggersAsCondition(among: pipelines.map(\.name))
            remarks = pipeline.remarks
            var job = pipeline.job
            job.comments += pipeline.draft.comments == draft.comments ? [] : pipeline.draft.comments
            job.notes += pipeline.draft.triggerComments
            draft.jobs.append(job)
            draft.lastComments += pipeline.draft.lastComments
            if draft.concurrency == nil { draft.concurrency = pipeline.draft.concurrency }
        }
        draft.triggers = triggers.withoutFilters
        if pipelines.contains(where: \.hasTargets) { draft.triggers?.askForTarget() }
        return Conversion(files: [draft.written()], remarks: remarks)
    }
}
