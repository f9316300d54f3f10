/// A file of a repository's `pipelines/` folder, understood: jobs, their order, what starts them.
package struct Pipeline: Equatable, Sendable {
    /// The `name:` key, or the file's name without its ending.
    package var name: String
    /// Where the file lies in the commit, such as `pipelines/main.yml`.
    package var path: String
    package var triggers: Triggers
    /// In the order of the file.
    package var jobs: [JobSpec]

    package init(name: String, path: String, triggers: Triggers, jobs: [JobSpec]) {
        self.name = name
        self.path = path
        self.triggers = triggers
        self.jobs = jobs
    }
}

/// What starts a pipeline: its `on:` key.
package struct Triggers: Equatable, Sendable {
    /// Nil: a push starts nothing.
    package var push: PushTrigger?
    /// Patterns over tag names; nil: a tag starts nothing.
    package var tags: GlobList?
    package var isManual: Bool

    package init(push: PushTrigger?, tags: GlobList?, isManual: Bool) {
        self.push = push
        self.tags = tags
        self.isManual = isManual
    }

    /// What a file without `on:` means.
    package static let standard = Triggers(push: PushTrigger(), tags: nil, isManual: true)
}

/// Which pushes start a pipeline.
package struct PushTrigger: Equatable, Sendable {
    package var branches: GlobList
    /// Over the changed files; empty lets every push in.
    package var paths: GlobList

    package init(branches: GlobList = GlobList([]), paths: GlobList = GlobList([])) {
        self.branches = branches
        self.paths = paths
    }
}
