/// A kind of thing the engine keeps under labels.
package enum LabelledKind: String, Sendable, CaseIterable {
    case container
    case volume
    case network

    /// The command that lists all of them, and the field by which they are removed.
    fileprivate var listing: (arguments: [String], id: String) {
        switch self {
        case .container: (["ls", "--all", "--no-trunc"], ".ID")
        case .volume: (["ls"], ".Name")
        case .network: (["ls", "--no-trunc"], ".ID")
        }
    }
}

/// A container, volume or network found by its label.
package struct LabelledObject: Equatable, Sendable {
    package var kind: LabelledKind
    package var id: String
    /// Of the label asked for; empty when it has none.
    package var value: String
}

extension DockerEngine {
    /// Lists what carries a label with this value, whatever its state.
    ///
    /// Each comes with the value of another label, `key`.
    package func list(
        _ kind: LabelledKind,
        label: String,
        value: String,
        telling key: String
    ) async throws -> [LabelledObject] {
        let label = try Argument.labelKey(label)
        let value = try Argument.text(value, "label value")
        let (arguments, id) = kind.listing
        let format = "{{json \(id)}}\t{{json (.Label \"\(try Argument.labelKey(key))\")}}"
        let lines = try await capture(
            kind.rawValue,
            arguments + ["--filter", "label=\(label)=\(value)", "--format", format],
            within: .seconds(30)
        )
        return try lines.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t")
            guard fields.count == 2 else { throw unreadable(kind.rawValue, lines) }
            return LabelledObject(
                kind: kind,
                id: try decode(String.self, from: String(fields[0]), of: kind.rawValue),
                value: try decode(String.self, from: String(fields[1]), of: kind.rawValue)
            )
        }
    }

    /// Makes an empty volume or network.
    package func createVolume(_ name: String, labels: [String: String]) async throws {
        try await make(.volume, name, labels)
    }

    /// Makes a bridge network of its own.
    package func createNetwork(_ name: String, labels: [String: String]) async throws {
        try await make(.network, name, labels)
    }

    private func make(
        _ kind: LabelledKind,
        _ name: String,
        _ labels: [String: String]
    ) async throws {
        var arguments = ["create"]
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let value = try Argument.text(value, "label value")
            arguments.append("--label=\(try Argument.labelKey(key))=\(value)")
        }
        arguments += ["--", try Argument.name(name)]
        _ = try await capture(kind.rawValue, arguments, within: .seconds(30))
    }

    /// Removes a network by its name; it may be gone already.
    package func removeNetwork(_ name: String) async throws {
        try await remove(LabelledObject(kind: .network, id: name, value: ""))
    }

    /// Removes a volume by its name; it may be gone already.
    package func removeVolume(_ name: String) async throws {
        try await remove(LabelledObject(kind: .volume, id: name, value: ""))
    }

    /// Removes what ``list(_:label:value:telling:)`` found; it may be gone already.
    package func remove(_ object: LabelledObject) async throws {
        switch object.kind {
        case .container:
            try await remove(object.id)
        case .volume, .network:
            do {
                _ = try await capture(
                    object.kind.rawValue,
                    ["rm", "--", try Argument.name(object.id)],
                    within: .seconds(30)
                )
            } catch let error as DockerError where error.code == .notFound {
                return
            }
        }
    }
}
