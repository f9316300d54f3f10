import Foundation
import Testing

@testable import Storage

@Suite struct FileLockTests {
    @Test func `a lock that is given up is free, though a program being started has a copy`()
        async throws
    {
        try await Scratch.with { scratch in
            let path = scratch.folder.appending(path: "other.db").path
            let held = try FileLock(for: path)
            // What a fork does until its exec.
            let copies = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .compactMap { Int32($0) }
                .filter { number in
                    let place = "/proc/self/fd/\(number)"
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place)
                    return target == path + ".lock"
                }
                .map { dup($0) }
            defer { for copy in copies { close(copy) } }
            #expect(copies.count == 1)
            _ = consume held
            _ = try FileLock(for: path)
        }
    }

    @Test func `a lock that is refused closes nothing that others have opened`() async throws {
        try await Scratch.with { scratch in
            let path = scratch.folder.appending(path: "other.db").path
            let held = try FileLock(for: path)
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask {
                    for _ in 0..<3_000 {
                        #expect(throws: StorageError.self) { _ = try FileLock(for: path) }
                    }
                }
                group.addTask {
                    var closedByOthers = 0
                    for _ in 0..<30_000 {
                        let mine = open("/dev/null", O_RDONLY | O_CLOEXEC)
                        if close(mine) != 0 { closedByOthers += 1 }
                    }
                    #expect(closedByOthers == 0)
                }
            }
            _ = consume held
        }
    }
}
