/// `default` and hidden jobs: each job with all it takes from others.
extension GitLabFile {
    mutating func resolveJobs() {
        var reuse = GitLabReuse(root)
        let defaults = defaults(&reuse)
        for pair in root.pairs where !Self.globalKeys.contains(pair.key) {
            guard pair.value.isMapping, !pair.key.hasStart(".") else { continue }
            jobs.append((pair.key, pair.mark, with(defaults, reuse.resolved(pair.value))))
            if jobs.count >= Self.jobsMax { break }
        }
        if reuse.isExhausted {
            let advice = "more than 100,000 values come from elsewhere: write the jobs out"
            draft.comments.append(remarks.add(.lost, "extends", advice, at: root.mark))
        }
    }

    private static let jobsMax = 500

    /// What `default`, or the root in older files, says for every job.
    private func defaults(_ reuse: inout GitLabReuse) -> [YAMLPair] {
        let keys = [
            "image", "services", "cache", "before_script", "after_script", "tags", "retry",
            "timeout", "artifacts", "interruptible",
        ]
        let named = root["default"]?.pairs ?? []
        var defaults: [YAMLPair] = []
        for key in keys {
            let found =
                named.last { $0.key == key }
                ?? root.pairs.last { $0.key == key && Self.globalKeys.contains(key) }
            guard var found else { continue }
            found.value = reuse.resolved(found.value)
            defaults.append(found)
        }
        return defaults
    }

    /// A job with what it does not say itself.
    private func with(_ defaults: [YAMLPair], _ node: YAMLNode) -> YAMLNode {
        let inherit = node["inherit"]?["default"]
        if inherit?.flag == false { return node }
        let wanted = inherit.map { $0.isList ? $0.texts : nil } ?? nil
        let missing = defaults.filter { pair in
            node[pair.key] == nil && wanted?.contains(pair.key) ?? true
        }
        return YAMLNode(content: .mapping(node.pairs + missing), mark: node.mark)
    }
}
