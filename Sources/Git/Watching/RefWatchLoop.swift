import Foundation
import Synchronization

/// The thread behind ``RefWatcher``.
final class RefWatchLoop: Sendable {
    /// What of a folder matters.
    private enum Role {
        /// The repository itself: a few names in it.
        case top
        /// Part of `refs`: everything.
        case refs
    }

    private struct Watch {
        var folder: String
        var role: Role
        /// Those who asked for it; the kernel gives one number for one folder.
        var listeners: Set<Int>
    }

    private struct State {
        var watches: [Int32: Watch] = [:]
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastListener = 0
        var isStopped = false
    }

    /// Folders watched of all repositories together.
    private static let watchCountMax = 50_000
    /// How long a wake-up waits for more of the same push.
    private static let quietMilliseconds: Int32 = 3
    private static let delayMax = Duration.milliseconds(20)

    private let inotify: Inotify
    private let state = Mutex(State())

    init(inotify: consuming Inotify) {
        self.inotify = inotify
    }

    /// Watches a repository's folders; gives the listener's number.
    func add(
        _ tops: [String],
        _ continuation: AsyncStream<Void>.Continuation
    ) throws(GitError) -> Int {
        let result = state.withLock { state -> Result<Int, GitError> in
            state.lastListener += 1
            let listener = state.lastListener
            do throws(GitError) {
                for top in tops {
                    try watch(top, as: .top, for: [listener], &state)
                    watchTree(top + "refs", for: [listener], &state)
                }
            } catch {
                forget(listener, &state)
                return .failure(error)
            }
            state.listeners[listener] = continuation
            if state.isStopped { continuation.finish() }
            return .success(listener)
        }
        return try result.get()
    }

    /// Forgets a listener whose stream has ended.
    func remove(_ listener: Int) {
        state.withLock { forget(listener, &$0) }
    }

    /// Ends the thread and all streams.
    func stop() { inotify.ring() }

    /// Handles messages until the loop is stopped.
    func run() {
        var woken: Set<Int> = []
        var deadline: ContinuousClock.Instant?
        while let events = inotify.next(
            timeoutMilliseconds: woken.isEmpty ? -1 : Self.quietMilliseconds
        ) {
            for event in events { woken.formUnion(handle(event)) }
            guard !woken.isEmpty else { continue }
            let latest = deadline ?? ContinuousClock.now + Self.delayMax
            deadline = latest
            guard events.isEmpty || ContinuousClock.now >= latest else { continue }
            let streams = state.withLock { state in woken.compactMap { state.listeners[$0] } }
            for stream in streams { stream.yield() }
            woken = []
            deadline = nil
        }
        let streams = state.withLock { state in
            state.isStopped = true
            return state.listeners.values.map { $0 }
        }
        for stream in streams { stream.finish() }
    }

    /// Gives the listeners to wake.
    private func handle(_ event: Inotify.Event) -> Set<Int> {
        if event.has(Int(IN_Q_OVERFLOW)) { return overflowed() }
        var ended: [AsyncStream<Void>.Continuation] = []
        let woken = state.withLock { state -> Set<Int> in
            guard let watch = state.watches[event.watch] else { return [] }
            if event.has(Int(IN_IGNORED)) || event.name.isEmpty {
                state.watches[event.watch] = nil
                if !event.has(Int(IN_IGNORED)) { inotify.remove(event.watch) }
                guard watch.role == .top else { return watch.listeners }
                ended = watch.listeners.compactMap { state.listeners[$0] }
                return []
            }
            guard matters(event.name, in: watch) else { return [] }
            if event.has(Int(IN_ISDIR)), event.has(Int(IN_CREATE) | Int(IN_MOVED_TO)) {
                let name = String(decoding: event.name, as: UTF8.self)
                watchTree(watch.folder + "/" + name, for: watch.listeners, &state)
            }
            return watch.listeners
        }
        // Outside of the lock: the end of a stream calls `remove`.
        for stream in ended { stream.finish() }
        return woken
    }

    private func matters(_ name: [UInt8], in watch: Watch) -> Bool {
        switch watch.role {
        case .top: ["HEAD", "packed-refs", "refs"].contains { name.elementsEqual($0.utf8) }
        case .refs: !name.suffix(5).elementsEqual(".lock".utf8)
        }
    }

    /// Messages were lost: folders may have come that nobody told of.
    private func overflowed() -> Set<Int> {
        state.withLock { state in
            for watch in state.watches.values where watch.role == .top {
                watchTree(watch.folder + "refs", for: watch.listeners, &state)
            }
            return Set(state.listeners.keys)
        }
    }

    private func watch(
        _ folder: String,
        as role: Role,
        for listeners: Set<Int>,
        _ state: inout State
    ) throws(GitError) {
        guard state.watches.count < Self.watchCountMax else {
            throw GitError(
                .tooLarge,
                "there are too many folders to watch",
                advice: "polling goes on"
            )
        }
        let number = try inotify.add(folder)
        let others = state.watches[number]?.listeners ?? []
        state.watches[number] = Watch(
            folder: folder,
            role: role,
            listeners: others.union(listeners)
        )
    }

    /// Watches a folder and all below it; what cannot be watched is left to polling.
    private func watchTree(_ folder: String, for listeners: Set<Int>, _ state: inout State) {
        var waiting = [folder]
        while let next = waiting.popLast() {
            // First the watch, then the look: what comes in between is in both.
            guard (try? watch(next, as: .refs, for: listeners, &state)) != nil else { continue }
            let url = URL(filePath: next, directoryHint: .isDirectory)
            let entries = try? FileManager.default
                .contentsOfDirectory(at: url, includingPropertiesForKeys: [.isDirectoryKey])
            for entry in entries ?? [] {
                let isFolder = try? entry.resourceValues(forKeys: [.isDirectoryKey]).isDirectory
                if isFolder == true { waiting.append(next + "/" + entry.lastPathComponent) }
            }
        }
    }

    private func forget(_ listener: Int, _ state: inout State) {
        state.listeners[listener] = nil
        for (number, watch) in state.watches where watch.listeners.contains(listener) {
            let others = watch.listeners.subtracting([listener])
            state.watches[number]?.listeners = others
            guard others.isEmpty else { continue }
            state.watches[number] = nil
            inotify.remove(number)
        }
    }
}
