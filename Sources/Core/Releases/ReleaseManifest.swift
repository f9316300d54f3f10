/// What a release is: its unit, its version and its files.
///
/// The digest of ``canonicalBytes`` is the release's identity, so two releases with the same files
/// and different versions are two releases.
package struct ReleaseManifest: Equatable, Sendable {
    package static let entriesMax = 100_000

    package let unit: String
    package let version: String
    /// Sorted by path; no path twice, and no file where another needs a folder.
    package let entries: [ReleaseEntry]

    package init(
        unit: String,
        version: String,
        entries: [ReleaseEntry]
    ) throws(ReleaseProblem) {
        guard Name.isValid(unit) else {
            throw ReleaseProblem("\(ReleaseProblem.quoted(unit)) cannot be the name of a unit")
        }
        self.unit = unit
        self.version = try ReleaseVersion.checked(version)
        self.entries = try Self.checked(entries)
    }

    /// The bytes of all files together.
    package var byteCount: Int { entries.reduce(0) { $0 + $1.size } }

    /// The manifest as it is hashed, stored and sent:
    /// `{"entries":{PATH:["HEX",SIZE,MODE],…},"unit":…,"v":1,"version":…}`.
    package var canonicalBytes: [UInt8] {
        var json = CanonicalJSON()
        json.raw("{\"entries\":{")
        for (index, entry) in entries.enumerated() {
            if index > 0 { json.raw(",") }
            json.string(entry.path.text)
            json.raw(":[")
            json.digest(entry.digest)
            json.raw(",")
            json.integer(entry.size)
            json.raw(",")
            json.integer(entry.mode.rawValue)
            json.raw("]")
        }
        json.raw("},\"unit\":")
        json.string(unit)
        json.raw(",\"v\":1,\"version\":")
        json.string(version)
        json.raw("}")
        return json.bytes
    }

    private static func checked(
        _ entries: [ReleaseEntry]
    ) throws(ReleaseProblem) -> [ReleaseEntry] {
        guard !entries.isEmpty else {
            throw ReleaseProblem("the release has no files; is the published folder empty?")
        }
        guard entries.count <= entriesMax else {
            throw ReleaseProblem(
                "the release has \(entries.count) files; \(entriesMax) is the limit"
            )
        }
        let sorted = entries.sorted { $0.path < $1.path }
        let folders = folders(of: sorted)
        var previous: ReleasePath?
        for entry in sorted {
            if let fault = fault(of: entry, after: previous, among: folders) {
                throw ReleaseProblem("\(ReleaseProblem.quoted(entry.path.text)) \(fault)")
            }
            previous = entry.path
        }
        return sorted
    }

    private static func fault(
        of entry: ReleaseEntry,
        after previous: ReleasePath?,
        among folders: Set<ReleasePath>
    ) -> String? {
        if entry.path == previous { return "stands twice" }
        if folders.contains(entry.path) { return "is a file and also the folder of another file" }
        guard (0...ReleaseEntry.sizeMax).contains(entry.size) else {
            return "has a size that is not between 0 and \(ReleaseEntry.sizeMax) bytes"
        }
        return nil
    }

    /// Every folder any entry lies in; neighbours mostly share theirs and are looked at once.
    private static func folders(of sorted: [ReleaseEntry]) -> Set<ReleasePath> {
        var folders: Set<ReleasePath> = []
        var previous: ReleasePath?
        for entry in sorted {
            var folder = entry.path.folder
            if folder == previous { continue }
            previous = folder
            while let inner = folder, folders.insert(inner).inserted { folder = inner.folder }
        }
        return folders
    }
}
