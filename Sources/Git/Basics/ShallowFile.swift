import Foundation
import Glibc

/// Git's list of the commits whose parents were left out on purpose.
enum ShallowFile {
    /// The listed commits; none where the file is missing or unreadable.
    static func read(in folder: String) -> Set<ObjectID> {
        guard let text = FileManager.default.contents(atPath: path(in: folder)) else { return [] }
        return Set(text.split(separator: 0x0A).compactMap { ObjectID(hex: $0) })
    }

    /// Replaces the list; an empty one is no file, as Git wants it.
    static func write(_ commits: Set<ObjectID>, in folder: String) throws(GitError) {
        let path = path(in: folder)
        guard !commits.isEmpty else {
            unlink(path)
            return
        }
        let lines = commits.map { $0.sha + "\n" }.sorted().joined()
        try Files.replace(path, with: Array(lines.utf8))
    }

    private static func path(in folder: String) -> String {
        folder.utf8.last == UInt8(ascii: "/") ? folder + "shallow" : folder + "/shallow"
    }
}
