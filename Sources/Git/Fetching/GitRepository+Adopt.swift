import CLibgit2
import Foundation

extension GitRepository {
    /// Makes the branches and tags of a mirror those of the listing.
    func adopt(_ listing: RemoteListing) throws(GitError) {
        let present = try storedRefs().byName
        let wanted = listing.refs.byName
        let gone = present.keys.filter { wanted[$0] == nil }
        let moved = wanted.filter { present[$0.key] != $0.value }
        if gone.count + moved.count > Self.singleRefsMax {
            try replaceRefs(with: listing.refs)
        } else {
            // First what goes: `a` must be gone before `a/b` can come.
            for name in gone { try removeRef(name) }
            for (name, target) in moved { try setRef(name, to: target) }
        }
        if let branch = listing.headBranch, branch != headBranch {
            git_repository_set_head(pointer, branch.cString)
        }
    }

    private static var singleRefsMax: Int { 50 }

    /// Writes all refs into one file: one by one, thousands would take a sync of the disk each.
    private func replaceRefs(with refs: [StoredRef]) throws(GitError) {
        let kept = try storedRefs(below: ["refs/slipway/"])
        let all = (refs + kept).byName.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var bytes = Array("# pack-refs with: sorted \n".utf8)
        for (name, target) in all { bytes += Array("\(target.sha) ".utf8) + name + [0x0A] }
        try Files.replace(folder + "packed-refs", with: bytes)
        // A ref's own file would win over the list. Until they are gone the mirror is merely
        // behind, which the next fetch mends.
        for kind in ["refs/heads", "refs/tags"] {
            try? FileManager.default.removeItem(atPath: folder + kind)
            try Files.makeFolder(folder + kind)
        }
    }
}

extension [StoredRef] {
    fileprivate var byName: [[UInt8]: ObjectID] {
        Dictionary(map { ($0.name, $0.target) }, uniquingKeysWith: { first, _ in first })
    }
}
