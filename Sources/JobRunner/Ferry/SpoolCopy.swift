import Core
import Glibc
import Synchronization

/// The files of one step here, while they become what they are on the other side.
final class SpoolCopy: Sendable {
    private let path: String
    private let output: Descriptor
    private let outputMax: Int
    private let size: Mutex<Int>

    init(_ folder: BerthFolder, _ step: Int, outputMax: Int) throws {
        path = "\(folder.spool)/\(step)"
        self.outputMax = outputMax
        output = try Descriptor.open("\(path).out", O_WRONLY | O_APPEND)
        size = Mutex(try output.status().size)
    }

    /// Bytes of the output that are here.
    var length: Int { size.withLock { $0 } }

    /// One byte over the limit is enough to see that there is too much.
    var hasRoom: Bool { length <= outputMax }

    /// Adds bytes that the output goes on with.
    func add(_ bytes: [UInt8]) throws {
        try size.withLock { size in
            let bytes = bytes.prefix(outputMax + 1 - size)
            try output.write(Array(bytes))
            size += bytes.count
        }
    }

    /// Puts another file in place, whole.
    func replace(_ ending: String, with bytes: [UInt8]) throws {
        try Folder.write(bytes, to: "\(path).\(ending)")
    }
}

extension Ferry {
    /// Brings all that a step has written and is not here yet, of a container that has ended.
    func takeRest(of step: Int, outputMax: Int) async throws {
        let copy = try SpoolCopy(folder, step, outputMax: outputMax)
        let skipped = Mutex(copy.length)
        _ = try await read("\(step).out", bytesMax: outputMax) { bytes in
            let known = skipped.withLock { left in
                let known = min(left, bytes.count)
                left -= known
                return known
            }
            try copy.add(Array(bytes.dropFirst(known)))
        }
        try await takeTold(by: step)
        if let exit = try await bytes(of: "\(step).exit", max: StepExit.lengthMax + 1) {
            try copy.replace("exit", with: exit)
        }
    }

    /// Brings what a step has written into its files.
    func takeTold(by step: Int) async throws {
        for file in StepFile.allCases {
            let name = "\(step).\(file.rawValue)"
            guard let text = try await bytes(of: name, max: StepFile.bytesMax + 1) else { continue }
            try Folder.write(text, to: "\(folder.spool)/\(name)")
        }
    }

    private func bytes(of name: String, max: Int) async throws -> [UInt8]? {
        let found = Mutex<[UInt8]>([])
        let isThere = try await read(name, bytesMax: max) { bytes in
            found.withLock { $0 += bytes.prefix(max - $0.count) }
        }
        return isThere ? found.withLock { $0 } : nil
    }
}
