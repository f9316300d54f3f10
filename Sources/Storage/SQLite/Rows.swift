import Core
import GRDB

import struct Foundation.Date

/// How Core's values lie in columns; each list of columns is read by position, in its order.
extension Build {
    /// From `build b JOIN repository r`.
    static let columns = """
        b.id, b.repository, r.name, b.number, b.pipeline, b.event, b.ref, b.sha, b.message, \
        b.author, b.reason, b.state, b.result, b.createdAt, b.startedAt, b.finishedAt, \
        b.cancelledBy, b.retryOf, b.problems, b.versionTag, b.versionDistance, \
        b.settings
        """
    static let columnCount = 22

    init(_ row: Row, at start: Int = 0) throws {
        self.init(
            id: BuildID(row[start]),
            repository: RepositoryID(row[start + 1]),
            repositoryName: row[start + 2],
            number: row[start + 3],
            pipeline: row[start + 4],
            event: try row.word(start + 5),
            ref: row[start + 6],
            sha: row[start + 7],
            versionTag: VersionTag(tag: row[start + 19], distance: row[start + 20]),
            message: row[start + 8],
            author: row[start + 9],
            reason: row[start + 10],
            state: try row.word(start + 11),
            result: try row.wordIfAny(start + 12),
            createdAt: Date(milliseconds: row[start + 13]),
            startedAt: row.date(start + 14),
            finishedAt: row.date(start + 15),
            cancelledBy: row[start + 16],
            retryOf: (row[start + 17] as Int64?).map { BuildID($0) },
            problems: Self.problems(in: row[start + 18]),
            settings: Self.settings(in: row[start + 21])
        )
    }

    private static func settings(in text: String?) -> BuildSettings {
        text.flatMap { try? Text.value(BuildSettings.self, in: $0) } ?? BuildSettings()
    }

    /// One unreadable row must not hide the list it is in.
    private static func problems(in text: String?) -> [Problem] {
        guard let text else { return [] }
        if let problems = try? Text.value([Problem].self, in: text) { return problems }
        let message = "the stored problems of this pipeline are unreadable"
        return [Problem(path: "", line: 0, column: 0, message: message)]
    }
}

extension Attempt {
    /// From `attempt a`.
    static let columns = "a.id, a.job, a.number, a.worker, a.fence, a.state"
    static let columnCount = 6

    init(_ row: Row, at start: Int = 0) throws {
        self.init(
            id: AttemptID(row[start]),
            job: JobID(row[start + 1]),
            number: row[start + 2],
            worker: row[start + 3],
            fence: row[start + 4],
            state: try row.word(start + 5)
        )
    }
}

extension Row {
    func date(_ index: Int) -> Date? {
        (self[index] as Int64?).map { Date(milliseconds: $0) }
    }

    /// A closed set of words; the checks of the tables let no other in.
    func word<Word: RawRepresentable<String>>(_ index: Int) throws -> Word {
        let text: String = self[index]
        guard let word = Word(rawValue: text) else {
            throw StorageError(.corrupt, "The control database holds an unknown word: \(text).")
        }
        return word
    }

    func wordIfAny<Word: RawRepresentable<String>>(_ index: Int) throws -> Word? {
        if hasNull(atIndex: index) { return nil }
        return try word(index)
    }
}
