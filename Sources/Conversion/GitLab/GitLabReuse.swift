/// `extends` and `!reference`, written out.
///
/// Both can double what they stand for at every step, so what is written out is counted.
struct GitLabReuse {
    private let root: YAMLNode
    private let named: [String: YAMLNode]
    private var valuesLeft = 100_000

    private static let depthMax = 11

    init(_ root: YAMLNode) {
        self.root = root
        named = Dictionary(root.pairs.map { ($0.key, $0.value) }) { _, last in last }
    }

    /// Whether something was left out because it was too much.
    var isExhausted: Bool { valuesLeft <= 0 }

    /// A value with everything it takes from elsewhere.
    mutating func resolved(_ node: YAMLNode) -> YAMLNode {
        referenced(inherited(node, depth: 0), depth: 0)
    }

    /// A job over the jobs it extends; the last of several wins.
    private mutating func inherited(_ node: YAMLNode, depth: Int) -> YAMLNode {
        guard depth < Self.depthMax, !isExhausted,
            let parents = node["extends"]?.texts.prefix(Self.depthMax), !parents.isEmpty
        else { return node }
        var merged = YAMLNode(content: .mapping([]), mark: node.mark)
        for parent in parents {
            guard let found = named[parent] else { continue }
            merged = self.merged(inherited(found, depth: depth + 1), over: merged, depth: 0)
        }
        return self.merged(node, over: merged, depth: 0)
    }

    /// Mappings are merged key by key, everything else is replaced.
    private mutating func merged(
        _ upper: YAMLNode,
        over lower: YAMLNode,
        depth: Int
    ) -> YAMLNode {
        guard upper.isMapping, lower.isMapping, depth < Self.depthMax, !isExhausted else {
            return upper
        }
        var pairs = lower.pairs
        valuesLeft -= pairs.count + upper.pairs.count
        var places: [String: Int] = [:]
        for (place, pair) in pairs.enumerated() { places[pair.key] = place }
        for pair in upper.pairs {
            if let place = places[pair.key] {
                let value = merged(pair.value, over: pairs[place].value, depth: depth + 1)
                pairs[place] = YAMLPair(key: pair.key, mark: pair.mark, value: value)
            } else {
                places[pair.key] = pairs.count
                pairs.append(pair)
            }
        }
        return YAMLNode(content: .mapping(pairs), mark: upper.mark)
    }

    /// With `!reference [job, key]` replaced by what stands there.
    private mutating func referenced(_ node: YAMLNode, depth: Int) -> YAMLNode {
        valuesLeft -= 1
        guard depth <= Self.depthMax, !isExhausted else { return node }
        if node.isReference {
            var found: YAMLNode? = root
            for key in node.texts { found = found?[key] }
            return found.map { referenced($0, depth: depth + 1) }
                ?? YAMLNode(content: .list([]), mark: node.mark)
        }
        var copy = node
        switch node.content {
        case .text: break
        case .list(let items):
            var flat: [YAMLNode] = []
            for item in items {
                let value = referenced(item, depth: depth + 1)
                // A reference to a list stands for its items.
                flat += item.isReference ? value.items : [value]
            }
            copy.content = .list(flat)
        case .mapping(var pairs):
            for index in pairs.indices {
                pairs[index].value = referenced(pairs[index].value, depth: depth + 1)
            }
            copy.content = .mapping(pairs)
        }
        return copy
    }
}
