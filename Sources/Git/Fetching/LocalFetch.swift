import CLibgit2
import Core
import Foundation

/// Brings what a repository on this machine has into a mirror.
///
/// Not libgit2's own local transport: that one packs the trees of every annotated tag again
/// with each fetch, and cannot be stopped while it counts.
enum LocalFetch {
    static func run(
        from path: String,
        into mirror: borrowing GitRepository,
        withPullRequests: Bool,
        control: FetchControl
    ) throws(GitError) -> RemoteListing {
        guard FileManager.default.fileExists(atPath: path) else {
            throw GitError(.notFound, "there is no repository at \(path)")
        }
        let source = try GitRepository(at: path, isForeign: true)
        var refs = try source.storedRefs(countMax: control.limits.refsMax)
        if withPullRequests {
            let folders = PullRequestRef.folders
            refs += try source.storedRefs(below: folders, countMax: control.limits.refsMax)
        }
        let listing = RemoteListing(
            refs: refs,
            headBranch: source.headBranch,
            withPullRequests: withPullRequests
        )
        do {
            try bring(listing, from: source, into: mirror, control: control)
        } catch {
            throw blame(error, on: path)
        }
        return listing
    }

    /// Brings what refs of these very names lead to, and commits by their own, as far as there
    /// are any.
    static func bring(
        _ names: [String],
        from path: String,
        into mirror: borrowing GitRepository,
        control: FetchControl
    ) throws(GitError) -> [StoredRef] {
        let source = try GitRepository(at: path, isForeign: true)
        var refs: [StoredRef] = []
        for name in names.map({ Array($0.utf8) }) {
            let commit = ObjectID(hex: name).flatMap { source.has($0) ? $0 : nil }
            if let target = commit ?? source.target(ofRef: name) {
                refs.append(StoredRef(name: name, target: target))
            }
        }
        do {
            let missing = refs.filter { !mirror.has($0.target) }
            if !missing.isEmpty {
                try transfer(missing, [], from: source, into: mirror, control: control)
            }
        } catch {
            throw blame(error, on: path)
        }
        return refs
    }

    private static func bring(
        _ listing: RemoteListing,
        from source: borrowing GitRepository,
        into mirror: borrowing GitRepository,
        control: FetchControl
    ) throws(GitError) {
        if !listing.refs.isEmpty, try !mirror.hasRefs {
            if try WholeCopy.run(from: source, into: mirror, control: control) { return }
        }
        let missing = listing.refs.filter { !mirror.has($0.target) }
        let deepened = mirror.shallow.subtracting(source.shallow)
        if missing.isEmpty, deepened.isEmpty { return }
        try transfer(missing, deepened, from: source, into: mirror, control: control)
    }

    private static func transfer(
        _ refs: [StoredRef],
        _ deepened: Set<ObjectID>,
        from source: borrowing GitRepository,
        into mirror: borrowing GitRepository,
        control: FetchControl
    ) throws(GitError) {
        var collector = ObjectCollector { (count) throws(GitError) in
            try control.gauge(count)
        }
        var tips: [ObjectID] = []
        for ref in refs {
            try source.addTags(leadingFrom: ref, to: &collector)
            if let commit = try source.peeled(ref.target) { tips.append(commit) }
        }
        for id in deepened where source.has(id) { tips += try source.commit(id).parents }
        let odb = mirror.odb
        // What a mirror has it has whole: packs arrive at once or not at all.
        let isKnown = { (id: ObjectID) in id.isIn(odb) }
        let window = try CommitWindow(
            from: tips,
            depth: nil,
            in: source,
            isKnown: isKnown,
            gauge: { (count) throws(GitError) in try control.gauge(count) }
        )
        try collector.add(window, in: source, isKnown: isKnown)
        let pack = try PackBuilder(collector.items, of: source)
        try control.check()
        try pack.write(intoFolder: mirror.packFolder, control: control)
        let cut = mirror.shallow.subtracting(deepened).union(window.boundary)
        if cut != mirror.shallow { try ShallowFile.write(cut, in: mirror.folder) }
    }

    /// An object that a ref leads to and that is not there means damage, not a wrong name.
    private static func blame(_ error: GitError, on path: String) -> GitError {
        switch error.code {
        case .notFound, .corrupt:
            GitError(.corrupt, "the repository \(path) is damaged: \(error.message)")
        case .unreachable, .timedOut, .tooLarge, .refusedURL, .authentication, .busy, .other:
            error
        }
    }
}

extension FetchControl {
    /// Ends a walk that was stopped or found too much.
    func gauge(_ count: Int) throws(GitError) {
        // The lock is cheap, but not for every one of a million objects.
        if count % 64 == 0 { try check() }
        if count > limits.objectsMax {
            throw GitError(.tooLarge, "the fetch has more than \(limits.objectsMax) objects")
        }
    }
}

extension GitRepository {
    /// Adds the tag objects between a ref and what it finally names.
    func addTags(
        leadingFrom ref: StoredRef,
        to collector: inout ObjectCollector
    ) throws(GitError) {
        var id = ref.target
        while try header(of: id).kind == GIT_OBJECT_TAG {
            try collector.add(id, named: [], in: self)
            id = try target(ofTag: id)
        }
        // A tag of a tree or a file is rare, small, and brings only itself.
        if try header(of: id).kind != GIT_OBJECT_COMMIT {
            try collector.add(id, named: [], in: self)
        }
    }
}
