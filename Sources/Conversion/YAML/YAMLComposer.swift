/// Builds trees from the parser's events, and counts what it builds.
///
/// Aliases are counted as what they stand for, before they are written out.
struct YAMLComposer: ~Copyable {
    /// How much a value is once every alias in it is written out.
    private struct Size {
        var nodes = 1
        var bytes = 0
        var height = 0

        mutating func add(_ inner: Self) {
            nodes += inner.nodes
            bytes += inner.bytes
            height = max(height, inner.height + 1)
        }
    }

    private var events: YAMLEvents
    private var anchors: [String: (node: YAMLNode, size: Size)] = [:]
    private var nodes = 0
    private var bytes = 0

    private static let depthMax = 32
    private static let nodesMax = 50_000
    private static let bytesMax = 2 * 1_024 * 1_024
    private static let documentsMax = 200

    init(_ bytes: [UInt8]) throws(Fault) {
        events = try YAMLEvents(bytes)
    }

    /// Every document of the stream that is not empty.
    mutating func documents() throws(Fault) -> [YAMLNode] {
        var documents: [YAMLNode] = []
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return documents
            case .documentStart:
                anchors = [:]
                guard let (node, _) = try node(try events.next(), depth: 1) else { continue }
                if !node.isNull { documents.append(node) }
                guard documents.count <= Self.documentsMax else {
                    throw Fault("has more than \(Self.documentsMax) documents", at: event.mark)
                }
            case .text, .alias, .listStart, .mappingStart, .end, .other: continue
            }
        }
    }

    private mutating func node(
        _ event: YAMLEvent,
        depth: Int
    ) throws(Fault) -> (YAMLNode, Size)? {
        guard depth <= Self.depthMax else { throw .tooDeep(at: event.mark) }
        let built: (node: YAMLNode, size: Size)
        switch event.kind {
        case .text(let text, let isPlain):
            let size = Size(bytes: text.utf8.count)
            try count(size, at: event.mark)
            let content = YAMLNode.Content.text(text, isPlain: isPlain)
            built = (YAMLNode(content: content, mark: event.mark), size)
        case .alias(let name): return try alias(name, event, depth: depth)
        case .listStart: built = try list(event, depth: depth)
        case .mappingStart: built = try mapping(event, depth: depth)
        case .documentStart, .streamEnd, .end, .other: return nil
        }
        if let anchor = event.anchor { anchors[anchor] = built }
        return built
    }

    private mutating func list(_ start: YAMLEvent, depth: Int) throws(Fault) -> (YAMLNode, Size) {
        try count(Size(), at: start.mark)
        var items: [YAMLNode] = []
        var size = Size(height: 1)
        while let (node, inner) = try node(try events.next(), depth: depth + 1) {
            items.append(node)
            size.add(inner)
        }
        let isReference = start.tag == "!reference"
        return (
            YAMLNode(content: .list(items), mark: start.mark, isReference: isReference), size
        )
    }

    private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(Fault) -> (YAMLNode, Size)
    {
        try count(Size(), at: start.mark)
        var pairs: [YAMLPair] = []
        var merged: [YAMLPair] = []
        var list: YAMLNode?
        var size = Size(height: 1)
        while let (key, keySize) = try node(try events.next(), depth: depth + 1) {
            guard case .text(let text, let isPlain) = key.content else {
                throw Fault("has a key that is not a text", at: key.mark)
            }
            guard let (value, valueSize) = try node(try events.next(), depth: depth + 1) else {
                break
            }
            size.add(keySize)
            size.add(valueSize)
            if isPlain, text == "<<" {
                merged = merge(value, into: merged)
                if value.isList { list = value }
            } else {
                pairs.append(YAMLPair(key: text, mark: key.mark, value: value))
            }
        }
        // Woodpecker merges lists so: what is merged is what stands there.
        if pairs.isEmpty, merged.isEmpty, let list {
            return (YAMLNode(content: list.content, mark: start.mark), size)
        }
        let own = Set(pairs.map(\.key))
        pairs = merged.filter { !own.contains($0.key) } + pairs
        return (YAMLNode(content: .mapping(pairs), mark: start.mark), size)
    }

    /// The earlier of several merged mappings wins.
    private func merge(_ value: YAMLNode, into merged: [YAMLPair]) -> [YAMLPair] {
        var merged = merged
        var known = Set(merged.map(\.key))
        for mapping in value.items {
            for pair in mapping.pairs where known.insert(pair.key).inserted { merged.append(pair) }
        }
        return merged
    }

    private mutating func alias(
        _ name: String,
        _ event: YAMLEvent,
        depth: Int
    ) throws(Fault) -> (YAMLNode, Size) {
        guard let (node, size) = anchors[name] else {
            throw Fault("nothing above is called '&\(shown(name))'", at: event.mark)
        }
        guard depth + size.height - 1 <= Self.depthMax else { throw .tooDeep(at: event.mark) }
        try count(size, at: event.mark)
        return (node, size)
    }

    private mutating func count(_ size: Size, at mark: Mark) throws(Fault) {
        nodes += size.nodes
        if nodes > Self.nodesMax {
            throw Fault("has more than 50,000 values, aliases written out", at: mark)
        }
        bytes += size.bytes
        if bytes > Self.bytesMax {
            throw Fault("has more than 2 MiB of text, aliases written out", at: mark)
        }
    }
}

extension Fault {
    fileprivate static func tooDeep(at mark: Mark) -> Fault {
        Fault("has more than 32 lists and mappings inside each other", at: mark)
    }
}
