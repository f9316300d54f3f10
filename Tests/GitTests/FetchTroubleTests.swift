import Foundation
import Git
import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FetchTroubleTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror
    private let url: RemoteURL

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
        url = try RemoteURL(origin.folder)
    }

    private func fetchError(
        _ url: RemoteURL? = nil,
        limits: FetchLimits = FetchLimits()
    ) async throws -> GitError? {
        await #expect(throws: GitError.self) {
            try await mirror.fetch(url ?? self.url, limits: limits)
        }
    }

    @Test func `an empty repository has no refs and is no error`() async throws {
        let fetched = try await mirror.fetch(url)
        #expect(fetched.commits.isEmpty)
        #expect(fetched.defaultBranch == "main")
    }

    @Test func `a repository that is gone is told so, and the mirror keeps what it had`()
        async throws
    {
        let sha = try origin.commit("one")
        _ = try await mirror.fetch(url)
        try FileManager.default.removeItem(atPath: origin.folder)
        #expect(try await fetchError()?.code == .notFound)
        try FileManager.default.createDirectory(
            atPath: origin.folder,
            withIntermediateDirectories: true
        )
        #expect(try await fetchError()?.code == .notFound)
        #expect(try await mirror.read { try $0.refs() } == ["refs/heads/main": sha])
    }

    @Test func `a damaged repository is told so, and the mirror stays whole`() async throws {
        let first = try origin.commit("one")
        _ = try await mirror.fetch(url)
        let second = try origin.commit(String(repeating: "two ", count: 500))
        let blob = try origin.git("rev-parse", "HEAD:README").trimmingCharacters(in: .newlines)
        let file = origin.folder + "/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
        chmod(file, 0o644)
        truncate(file, 20)
        let error = try await fetchError()
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(blob) == true)
        #expect(try await mirror.read { try $0.refs() } == ["refs/heads/main": first])
        #expect(try runGit(["fsck", "--strict"], in: mirror.folder).isEmpty)
        // Mended, it is fetched.
        try FileManager.default.removeItem(atPath: file)
        try origin.git("hash-object", "-w", "README")
        #expect(try await mirror.fetch(url).commits["refs/heads/main"] == second)
    }

    @Test func `a damaged first repository leaves nothing half behind`() async throws {
        try origin.commit("one")
        try origin.commit(String(repeating: "two ", count: 500))
        try origin.git("gc", "-q")
        let folder = origin.folder + "/.git/objects/pack/"
        let pack = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first {
                $0.utf8.suffix(5).elementsEqual(".pack".utf8)
            }
        )
        chmod(folder + pack, 0o644)
        truncate(folder + pack, 100)
        #expect(try await fetchError()?.code == .corrupt)
        let left = try FileManager.default
            .contentsOfDirectory(atPath: mirror.folder + "/objects/pack")
        #expect(left.isEmpty)
    }

    @Test func `a kept commit survives a force-push and gc on both sides`() async throws {
        try origin.commit("one")
        let lost = try origin.commit("two", to: "only-here")
        _ = try await mirror.fetch(url)
        try await mirror.keep(lost)
        try origin.git("reset", "-q", "--hard", "HEAD~1")
        try origin.commit("three")
        try origin.git("reflog", "expire", "--expire=now", "--all")
        try origin.git("gc", "-q", "--prune=now")
        let refs = try await mirror.fetch(url).commits
        #expect(refs.values.contains(lost) == false)
        try runGit(["gc", "-q", "--prune=now"], in: mirror.folder)
        let file = try await mirror.read { try $0.file(at: "only-here", of: lost) }
        #expect(file == Array("two".utf8))
        // A ref of ours is no ref of the remote.
        #expect(try await mirror.read { try $0.refs() } == refs)
        try await mirror.release(lost)
        try await mirror.release(lost)
        try runGit(["gc", "-q", "--prune=now"], in: mirror.folder)
        await #expect(throws: GitError.self) { try await mirror.read { try $0.commit(lost) } }
        await #expect(throws: GitError.self) { try await mirror.keep(lost) }
    }

    @Test func `gc and packed refs of the remote change nothing`() async throws {
        try origin.commit("one")
        try origin.git("tag", "-a", "v1", "-m", "One")
        let before = try await mirror.fetch(url)
        try origin.git("gc", "-q", "--prune=now")
        #expect(try await mirror.fetch(url) == before)
        let fresh = try Mirror(at: scratch.path("fresh.git"))
        #expect(try await fresh.fetch(url) == before)
        #expect(try runGit(["fsck", "--strict"], in: fresh.folder).isEmpty)
    }

    @Test(arguments: [
        FetchLimits(bytesMax: 1000), FetchLimits(objectsMax: 10), FetchLimits(refsMax: 1),
    ])
    func `a huge repository is refused and leaves nothing behind`(limits: FetchLimits) async throws
    {
        for number in 0..<20 {
            try origin.write("\(UUID())\(UUID())\(UUID())", to: "file\(number)")
        }
        try origin.commit("one")
        try origin.git("branch", "two")
        let error = try await fetchError(limits: limits)
        #expect(error?.code == .tooLarge)
        let left = try FileManager.default
            .contentsOfDirectory(atPath: mirror.folder + "/objects/pack")
        #expect(left.isEmpty)
        #expect(try await mirror.fetch(url).commits.count == 2)
    }

    @Test func `a remote that hangs times out and delays no other`() async throws {
        let silent = try SilentServer()
        let sha = try origin.commit("one")
        let other = try Mirror(at: scratch.path("other.git"))
        let hanging = try RemoteURL("http://127.0.0.1:\(silent.port)/shop.git")
        async let error = fetchError(hanging, limits: FetchLimits(deadline: .seconds(3)))
        // While the first hangs the second is done, and the first is busy.
        try await silent.connected()
        #expect(try await other.fetch(url).commits["refs/heads/main"] == sha)
        #expect(mirror.progress != nil)
        #expect(try await fetchError()?.code == .busy)
        #expect(try await error?.code == .timedOut)
        // Its thread has ended with it.
        #expect(try await mirror.fetch(url).commits["refs/heads/main"] == sha)
    }

    @Test func `a cancelled fetch ends at once`() async throws {
        let silent = try SilentServer()
        let hanging = try RemoteURL("http://127.0.0.1:\(silent.port)/shop.git")
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await mirror.fetch(hanging) }
            }
            try? await silent.connected()
            group.cancelAll()
        }
    }

    @Test func `nobody listening is unreachable`() async throws {
        let port = try SilentServer().port
        let error = try await fetchError(RemoteURL("http://127.0.0.1:\(port)/shop.git"))
        #expect(error?.code == .unreachable)
        let ssh = try await fetchError(RemoteURL("ssh://git@127.0.0.1:\(port)/shop.git"))
        #expect(ssh?.code == .unreachable || ssh?.code == .refusedURL)
    }

    @Test func `odd branch names stay apart and hide no other`() async throws {
        let sha = try origin.commit("one")
        let names: [[UInt8]] = [
            Array("a\"b'c".utf8), Array("<script>alert(1)</script>".utf8),
            Array("$(id)`id`;&|".utf8),
            Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8), [0x63, 0xE9], [0x63, 0xE8],
            Array("100%".utf8), Array("-dash".utf8), Array("\u{202E}txt".utf8),
        ]
        var lines = Array("# pack-refs with:\n".utf8)
        for name in names { lines += Array("\(sha) refs/heads/".utf8) + name + [0x0A] }
        try Data(lines).write(to: URL(filePath: origin.folder + "/.git/packed-refs"))
        let refs = try await mirror.fetch(url).commits
        #expect(refs.count == names.count + 1)
        #expect(Set(refs.values) == [sha])
        #expect(refs["refs/heads/<script>alert(1)</script>"] == sha)
        #expect(refs["refs/heads/c%E9"] == sha)
        for name in refs.keys { #expect(try await mirror.read { try $0.resolve(name) } == sha) }
        #expect(try await mirror.fetch(url).commits == refs)
        try origin.git("pack-refs", "--all", "--prune")
    }
}

/// Takes connections and never says a word.
final class SilentServer: Sendable {
    let port: Int
    private let listener: Int32

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) + listen(listener, 8)
                    + getsockname(listener, address, &size)
            }
        }
        guard status == 0 else { throw NeverHappened(description: "the socket listens") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    /// Waits until somebody has connected.
    func connected() async throws {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 0) == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
}
