import Foundation

/// The lock files that Git makes beside what it is about to replace.
enum RefLocks {
    /// Removes those of a process that was killed: they would refuse every later write.
    ///
    /// Only before anything else of this process opens the mirror; no other process writes it.
    static func removeLeftovers(in folder: String) {
        for name in ["HEAD", "config", "packed-refs"] {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name).lock")
        }
        let refs = "\(folder)/refs"
        for name in FileManager.default.enumerator(atPath: refs) ?? .init() {
            guard let name = name as? String, name.utf8.reversed().starts(with: ending) else {
                continue
            }
            try? FileManager.default.removeItem(atPath: "\(refs)/\(name)")
        }
    }

    private static let ending = ".lock".utf8.reversed()
}
