import Foundation
import Git
import Testing

@Suite(.timeLimit(.minutes(1))) struct RefWatcherTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let watcher: RefWatcher

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        try origin.commit("one")
        watcher = try RefWatcher()
    }

    /// Waits for the wake-up that an act causes.
    private func expectWakeup(of path: String, after act: () throws -> Void) async throws {
        let wakeups = try await watcher.wakeups(of: path)
        try act()
        // Without a wake-up the suite's time limit ends the test.
        #expect(await wakeups.first { true } != nil)
    }

    @Test func `a push to a bare repository is seen`() async throws {
        let bare = try scratch.repository("bare.git", "--bare")
        try await expectWakeup(of: bare.folder) {
            try origin.git("push", "-q", bare.folder, "main")
        }
    }

    @Test func `a commit in a work tree is seen`() async throws {
        try await expectWakeup(of: origin.folder) { try origin.commit("two") }
    }

    @Test func `a new branch in a new folder is seen, and so is its next move`() async throws {
        let wakeups = try await watcher.wakeups(of: origin.folder)
        var iterator = wakeups.makeAsyncIterator()
        try origin.git("branch", "team/deep/topic")
        #expect(await iterator.next() != nil)
        // Told by the watch on a folder that was not there before.
        try origin.commit("two")
        #expect(await iterator.next() != nil)
        try origin.git("update-ref", "refs/heads/team/deep/topic", "main")
        #expect(await iterator.next() != nil)
    }

    @Test func `packed refs are seen`() async throws {
        try await expectWakeup(of: origin.folder) { try origin.git("pack-refs", "--all") }
        try await expectWakeup(of: origin.folder) { try origin.git("gc", "-q") }
        // The branch is in no file of its own now.
        try await expectWakeup(of: origin.folder) { try origin.git("tag", "v1") }
    }

    @Test func `a second work tree sees what its repository gets`() async throws {
        let folder = scratch.path("second")
        try origin.git("worktree", "add", "-q", folder, "-b", "second")
        try await expectWakeup(of: folder) { try origin.git("branch", "third") }
        try await expectWakeup(of: folder) {
            try runGit(["commit", "-q", "--allow-empty", "-m", "here"], in: folder)
        }
    }

    @Test func `two listeners of one repository are both woken`() async throws {
        let first = try await watcher.wakeups(of: origin.folder)
        let second = try await watcher.wakeups(of: origin.folder)
        try origin.git("branch", "topic")
        #expect(await first.first { true } != nil)
        #expect(await second.first { true } != nil)
    }

    @Test func `the stream ends when the repository is removed, and can be asked for again`()
        async throws
    {
        let wakeups = try await watcher.wakeups(of: origin.folder)
        try FileManager.default.removeItem(atPath: origin.folder)
        for await _ in wakeups {}
        await #expect(throws: GitError.self) { try await watcher.wakeups(of: origin.folder) }
        let again = try scratch.repository()
        try await expectWakeup(of: again.folder) { try again.commit("new") }
    }

    @Test func `streams end with their watcher`() async throws {
        var watcher: RefWatcher? = try RefWatcher()
        let wakeups = try #require(try await watcher?.wakeups(of: origin.folder))
        watcher = nil
        for await _ in wakeups {}
        #expect(watcher == nil)
    }
}
