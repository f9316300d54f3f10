import CLibgit2
import Synchronization

/// A bare copy of one repository, kept by the master.
///
/// Its `refs/heads` and `refs/tags` are those of the remote; commits that builds need are held
/// by refs of our own, so that a force-push and a `gc` of the remote cannot take them away.
package final class Mirror: Sendable {
    private struct State {
        var running: FetchControl?
        /// The last answer, and what it was made from.
        var last: (listing: RemoteListing, answer: FetchedRefs)?
        var generation = 0
    }

    /// The bare repository's folder.
    package let folder: String
    private let state = Mutex(State())
    /// Shared by those who read; packs are merged alone.
    private let lock = SharedLock()
    let keeper = Keeper()

    /// Opens the mirror in the folder, or makes an empty one there.
    package init(at folder: String) throws(GitError) {
        let repository = try GitRepository(bareAt: folder)
        RefLocks.removeLeftovers(in: folder)
        try repository.limitPacking()
        PackFolder(repository.packFolder).removeLeftovers()
        self.folder = folder
    }

    /// How far the running fetch has come; nil when none runs.
    package var progress: FetchProgress? { state.withLock { $0.running?.progress } }

    /// Grows with every fetch that changed a ref: what was read of refs before may be otherwise.
    package var generation: Int { state.withLock { $0.generation } }

    /// Brings the mirror up to date and tells what the remote has.
    ///
    /// Returns or throws soon after the deadline, whatever the remote does. One fetch runs at a
    /// time; the next is refused as busy, also while an abandoned one still holds its thread.
    ///
    /// With pull requests the answer also says where forges keep their newest commits, which
    /// ``bring(_:from:credentials:limits:)`` then brings.
    package func fetch(
        _ url: RemoteURL,
        withPullRequests: Bool = false,
        credentials: FetchCredentials = .automatic,
        limits: FetchLimits = FetchLimits()
    ) async throws -> FetchedRefs {
        try await talk(limits) { [self] control in
            try perform(url, withPullRequests, credentials, control)
        }
    }

    /// Brings what refs beside branches and tags lead to: name to commit, where there is one.
    ///
    /// No ref of the mirror is written: ``keep(_:)`` holds what is needed.
    package func bring(
        _ names: [String],
        from url: RemoteURL,
        credentials: FetchCredentials = .automatic,
        limits: FetchLimits = FetchLimits()
    ) async throws -> [String: String] {
        try await talk(limits) { [self] control in
            try lock.shared { () throws(GitError) in
                let repository = try GitRepository(at: folder)
                let refs = try bring(names, from: url, credentials, control, into: repository)
                return try repository.commits(of: refs)
            }
        }
    }

    private func talk<Answer: Sendable>(
        _ limits: FetchLimits,
        _ body: @escaping @Sendable (FetchControl) throws -> Answer
    ) async throws -> Answer {
        let control = FetchControl(limits: limits)
        try begin(control)
        let answer = Once<Answer>()
        BlockingThreads.fetches.start { [self] in
            let result = Result { try body(control) }
            state.withLock { $0.running = nil }
            answer.settle(result)
        }
        return try await withTaskCancellationHandler {
            try await wait(for: answer, control)
        } onCancel: {
            // First the answer: the thread, once stopped, has one of its own.
            answer.settle(.failure(CancellationError()))
            control.stop(GitError(.other, "the fetch was cancelled"))
        }
    }

    /// Reads the mirror on a thread that may block.
    ///
    /// All of what one decision needs is best read in one go.
    package func read<Answer: Sendable>(
        _ body: @escaping @Sendable (borrowing MirrorReader) throws -> Answer
    ) async throws -> Answer {
        try await BlockingThreads.work.run { [folder, lock] in
            try lock.shared { try body(MirrorReader(of: GitRepository(at: folder))) }
        }
    }
}

extension Mirror {
    /// What a thread that ignores its deadline gets to end by itself before it is given up.
    private static var grace: Duration { .seconds(2) }

    private func begin(_ control: FetchControl) throws(GitError) {
        let isFree = state.withLock { state in
            guard state.running == nil else { return false }
            state.running = control
            return true
        }
        if !isFree { throw GitError(.busy, "another fetch of this mirror has not ended") }
    }

    private func wait<Answer: Sendable>(
        for answer: Once<Answer>,
        _ control: FetchControl
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let deadline = control.limits.deadline
                try await Task.sleep(for: deadline)
                let verdict = GitError(.timedOut, "the fetch took longer than \(deadline)")
                control.stop(verdict)
                try await Task.sleep(for: Self.grace)
                answer.settle(.failure(verdict))
            }
            defer { group.cancelAll() }
            return try await answer.value()
        }
    }

    private func perform(
        _ url: RemoteURL,
        _ withPullRequests: Bool,
        _ credentials: FetchCredentials,
        _ control: FetchControl
    ) throws(GitError) -> FetchedRefs {
        try control.check()
        let answer = try lock.shared { () throws(GitError) in
            try update(from: url, withPullRequests, credentials, control)
        }
        // When somebody reads right now, the next fetch tidies.
        _ = try lock.aloneIfFree { () throws(GitError) in
            let repository = try GitRepository(at: folder)
            try PackFolder(repository.packFolder).mergeSmall(of: repository)
        }
        return answer
    }

    private func update(
        from url: RemoteURL,
        _ withPullRequests: Bool,
        _ credentials: FetchCredentials,
        _ control: FetchControl
    ) throws(GitError) -> FetchedRefs {
        let repository = try GitRepository(at: folder)
        let listing = try listing(
            from: url,
            withPullRequests,
            credentials,
            control,
            into: repository
        )
        let last = state.withLock { $0.last }
        if let last, last.listing == listing { return last.answer }
        // Also when it breaks off half-way.
        defer { state.withLock { $0.generation += 1 } }
        try repository.adopt(listing)
        let answer = try FetchedRefs(listing, in: repository)
        state.withLock { $0.last = (listing, answer) }
        return answer
    }

    private func listing(
        from url: RemoteURL,
        _ withPullRequests: Bool,
        _ credentials: FetchCredentials,
        _ control: FetchControl,
        into repository: borrowing GitRepository
    ) throws(GitError) -> RemoteListing {
        switch url.transport {
        case .local(let path):
            return try LocalFetch.run(
                from: path,
                into: repository,
                withPullRequests: withPullRequests,
                control: control
            )
        case .http, .https, .ssh:
            let fetch = NetworkFetch(url: url, credentials: credentials, control: control)
            return try watched(control) { () throws(GitError) in
                try fetch.run(into: repository, withPullRequests: withPullRequests)
            }
        }
    }

    private func bring(
        _ names: [String],
        from url: RemoteURL,
        _ credentials: FetchCredentials,
        _ control: FetchControl,
        into repository: borrowing GitRepository
    ) throws(GitError) -> [StoredRef] {
        switch url.transport {
        case .local(let path):
            return try LocalFetch.bring(names, from: path, into: repository, control: control)
        case .http, .https, .ssh:
            let fetch = NetworkFetch(url: url, credentials: credentials, control: control)
            return try watched(control) { () throws(GitError) in
                try fetch.bring(names, into: repository)
            }
        }
    }

    /// Lets the control stop what the body does on this thread.
    private func watched<Answer>(
        _ control: FetchControl,
        _ body: () throws(GitError) -> Answer
    ) throws(GitError) -> Answer {
        do {
            return try FetchControl.$current.withValue(control) { try body() }
        } catch let error as GitError {
            throw error
        } catch {
            throw GitError(.other, "\(error)")
        }
    }
}

extension FetchedRefs {
    fileprivate init(
        _ listing: RemoteListing,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        self.init(
            commits: try repository.commits(of: listing.refs),
            defaultBranch: listing.headBranch.flatMap { name in
                name[...].value(after: "refs/heads/").map { RefText.encode($0) }
            },
            pullRequestHeads: Dictionary(
                listing.pullRequests.map { ($0.text, $0.target.sha) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}

extension GitRepository {
    /// The commits that refs lead to, by the texts of their names.
    func commits(of refs: [StoredRef]) throws(GitError) -> [String: String] {
        var commits: [String: String] = [:]
        for ref in refs {
            guard let commit = try peeled(ref.target) else { continue }
            commits[RefText.encode(ref.name)] = commit.sha
        }
        return commits
    }
}

extension GitRepository {
    /// Bounds the memory that packing from this repository takes.
    func limitPacking() throws(GitError) {
        let repository = pointer
        let config = try Handle("open the configuration", free: git_config_free) {
            git_repository_config(&$0, repository)
        }
        let settings: [(StaticString, Int64)] = [
            // libgit2 1.5 takes this one also as the size above which a file gets no delta.
            ("pack.deltaCacheSize", 32 << 20),
            ("pack.windowMemory", 64 << 20),
        ]
        for (name, value) in settings {
            let name = name.description
            var present: Int64 = 0
            let isSet = git_config_get_int64(&present, config.pointer, name) == 0
            guard !isSet || present != value else { continue }
            try check(git_config_set_int64(config.pointer, name, value), "set \(name)")
        }
    }
}
