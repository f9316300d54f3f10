import Core
import GRDB

package import struct Foundation.Date

extension CodeStoreDatabase {
    /// How long a node may be silent before it is forgotten, in seconds.
    private static let silenceMax = 86_400.0

    /// Takes in what a node says of itself.
    ///
    /// Kept in memory until the next ``writeNodes(at:)``: a crash loses what nodes say again
    /// within seconds.
    package func report(_ report: NodeReport, at now: Date) throws {
        let bytes = Array(report.id.utf8)
        guard (1...NodeReport.idBytesMax).contains(bytes.count),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else {
            throw CodeStoreError.invalid(
                "a node's id has 1 to \(NodeReport.idBytesMax) bytes and no spaces"
            )
        }
        guard hasChannel(unit: report.unit, channel: report.channel) else {
            throw CodeStoreError.notFound(
                "there is no channel \(ReleaseProblem.quoted("\(report.unit)/\(report.channel)"))"
            )
        }
        try Bounds.check(report.host, of: "the host's name", max: 256)
        var report = report
        report.errors = report.errors.prefix(NodeReport.errorsMax).map(Self.shortened)
        roster.take(report, at: now)
    }

    /// Writes down what nodes said since the last time, and forgets those silent for a day.
    ///
    /// To be called every few seconds; does nothing where nothing was said.
    package func writeNodes(at now: Date) async throws {
        let (written, gone) = roster.changes(silentBefore: now.addingTimeInterval(-Self.silenceMax))
        guard !written.isEmpty || !gone.isEmpty else { return }
        do {
            try await write { db in
                let rows = NodeRows(db)
                for entry in written { try rows.write(entry) }
                for key in gone { try rows.delete(key) }
            }
        } catch {
            roster.restore(written.map { NodeRoster.Key($0.report) } + gone)
            throw error
        }
    }

    /// The nodes of a unit, or all, by id.
    package func nodes(of unit: String? = nil) async throws -> [Node] {
        let entries = roster.entries(of: unit)
        let digests = Set(
            entries.flatMap { [$0.report.active, $0.report.prepared] }.compactMap(\.self)
        )
        let versions = try await read { db in
            var versions: [ContentDigest: String] = [:]
            for digest in digests {
                versions[digest] = try db.first(
                    """
                    SELECT release.version
                    FROM blob JOIN release ON release.manifestId = blob.id
                    WHERE blob.sha256 = ?
                    """,
                    [digest.data]
                ) { $0[0] }
            }
            return versions
        }
        return entries.map { entry in
            Node(
                report: entry.report,
                activeVersion: entry.report.active.flatMap { versions[$0] },
                preparedVersion: entry.report.prepared.flatMap { versions[$0] },
                seenAt: entry.seenAt
            )
        }
    }

    /// The text within its limit, cut between two characters.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > NodeReport.errorBytesMax else { return text }
        let room = NodeReport.errorBytesMax - 3
        var end = text.utf8.index(text.startIndex, offsetBy: room)
        while end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end]) + "…"
    }
}
