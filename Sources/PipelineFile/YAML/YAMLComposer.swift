import Core

/// Makes a tree of the parser's events, within limits that hold while it is made.
///
/// An alias counts as much as what it stands for, so aliases of aliases reach the limit long
/// before anything walks the tree. Keys that stand twice, tags and unknown aliases do not stop
/// the reading: they are collected, so that one look shows them all.
struct YAMLComposer: ~Copyable {
    private var events: YAMLEvents
    private var anchors: [String: YAMLNode] = [:]
    private var aliases = 0
    private var nodes = 0
    private var bytes = 0
    private(set) var faults: [Fault] = []

    static let aliasesMax = 64
    static let depthMax = 32
    static let nodesMax = 20_000
    /// Of the texts, with aliases written out.
    static let bytesMax = 1_024 * 1_024

    init(_ text: SourceText) throws(Fault) {
        events = try YAMLEvents(text)
    }

    /// The file's only document; nil when it has none.
    mutating func document() throws(Fault) -> YAMLNode? {
        var event = try events.next()
        if event.kind == .streamStart { event = try events.next() }
        guard event.kind == .documentStart else { return nil }
        let root = try node(try events.next(), depth: 1)
        while event.kind != .documentEnd { event = try events.next() }
        let next = try events.next()
        guard next.kind == .streamEnd else {
            throw Fault(
                "a second document begins",
                at: next.start,
                hint: "one pipeline is one file: move it to a file of its own"
            )
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(Fault) -> YAMLNode {
        if event.hasTag {
            faults.append(
                Fault(
                    "tags ('!') have no meaning in a pipeline file",
                    at: event.start,
                    hint: "leave it out, or quote a text that begins with '!'"
                )
            )
        }
        switch event.kind {
        case .alias(let name): return try alias(name, event, depth: depth)
        case .sequenceStart: return keep(try sequence(event, depth: depth), as: event.anchor)
        case .mappingStart: return keep(try mapping(event, depth: depth), as: event.anchor)
        case .scalar(let text, let style):
            if text.utf8.contains(0) { faults.append(Fault("a NUL in a text", at: event.start)) }
            let size = YAMLNode.Size(nodes: 1, bytes: text.utf8.count, height: 0)
            try count(size, at: event.start)
            let content = YAMLNode.Content.scalar(text: text, style: style)
            return keep(
                YAMLNode(content: content, start: event.start, end: event.end, size: size),
                as: event.anchor
            )
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw Fault("a value is missing here", at: event.start)
        }
    }

    private mutating func sequence(_ event: YAMLEvent, depth: Int) throws(Fault) -> YAMLNode {
        try enter(event, depth: depth)
        var items: [YAMLNode] = []
        var size = YAMLNode.Size.collection
        var next = try events.next()
        while next.kind != .sequenceEnd {
            let item = try node(next, depth: depth + 1)
            size.add(item.size)
            items.append(item)
            next = try events.next()
        }
        return YAMLNode(
            content: .sequence(items),
            start: event.start,
            end: next.end,
            size: size
        )
    }

    private mutating func mapping(_ event: YAMLEvent, depth: Int) throws(Fault) -> YAMLNode {
        try enter(event, depth: depth)
        var pairs: [YAMLPair] = []
        var firsts: [String: Mark] = [:]
        var size = YAMLNode.Size.collection
        var next = try events.next()
        while next.kind != .mappingEnd {
            let key = try node(next, depth: depth + 1)
            let value = try node(try events.next(), depth: depth + 1)
            next = try events.next()
            guard case .scalar(let text, _) = key.content else {
                faults.append(Fault("a key must be a text, not \(key.noun)", at: key.start))
                continue
            }
            // Texts that only differ in how Unicode spells them count as one key, on purpose.
            if let first = firsts.updateValue(key.start, forKey: text) {
                firsts[text] = first
                let hint = "it stands already in line \(first.line)"
                faults.append(Fault("\(quoted(text)) stands twice", at: key.start, hint: hint))
                continue
            }
            size.add(key.size)
            size.add(value.size)
            pairs.append(YAMLPair(key: text, keyMark: key.start, value: value))
        }
        return YAMLNode(content: .mapping(pairs), start: event.start, end: next.end, size: size)
    }

    private mutating func alias(
        _ name: String,
        _ event: YAMLEvent,
        depth: Int
    ) throws(Fault) -> YAMLNode {
        aliases += 1
        guard aliases <= Self.aliasesMax else {
            throw Fault("more than \(Self.aliasesMax) aliases", at: event.start)
        }
        guard let node = anchors[name] else {
            faults.append(
                Fault(
                    "nothing above is called '&\(shortened(name))'",
                    at: event.start,
                    hint: "quote a text that begins with '*'"
                )
            )
            let nothing = YAMLNode.Content.scalar(text: "", style: .plain)
            let size = YAMLNode.Size(nodes: 1, bytes: 0, height: 0)
            return YAMLNode(content: nothing, start: event.start, end: event.end, size: size)
        }
        guard depth + node.size.height - 1 <= Self.depthMax else {
            throw .tooDeep(at: event.start)
        }
        try count(node.size, at: event.start)
        return YAMLNode(node, aliasedAt: event.start)
    }

    private mutating func keep(_ node: YAMLNode, as anchor: String?) -> YAMLNode {
        if let anchor { anchors[anchor] = node }
        return node
    }

    private mutating func enter(_ event: YAMLEvent, depth: Int) throws(Fault) {
        guard depth <= Self.depthMax else { throw .tooDeep(at: event.start) }
        try count(YAMLNode.Size(nodes: 1, bytes: 0, height: 1), at: event.start)
    }

    private mutating func count(_ size: YAMLNode.Size, at mark: Mark) throws(Fault) {
        nodes += size.nodes
        bytes += size.bytes
        if nodes > Self.nodesMax {
            throw Fault("more than 20,000 values, aliases written out", at: mark)
        }
        if bytes > Self.bytesMax {
            throw Fault("more than 1 MiB of text, aliases written out", at: mark)
        }
    }
}

extension Fault {
    static func tooDeep(at mark: Mark) -> Fault {
        Fault("more than \(YAMLComposer.depthMax) lists and mappings inside each other", at: mark)
    }
}
