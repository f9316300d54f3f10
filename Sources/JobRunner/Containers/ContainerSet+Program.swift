import Docker
import Synchronization

/// Containers whose main process is the program that an image is for.
extension ContainerSet {
    /// Makes one, without starting it, and gives its number.
    func make(
        programOf image: ReadyImage,
        environmentFile: String,
        logBytesMax: Int,
        mounts: [Mount]
    ) async throws -> Int {
        if sharing.isApart { try await ferry.open(with: image) }
        let ordinal = try number(for: image)
        do {
            var spec = try spec(ordinal, image)
            spec.entrypoint = nil
            spec.command = []
            spec.environmentFile = environmentFile
            spec.log = .bytes(fileMax: logBytesMax)
            spec.mounts += mounts
            _ = try await engine.create(spec)
            return ordinal
        } catch {
            await discard(ordinal)
            throw error
        }
    }

    /// Starts one that was made.
    func start(_ ordinal: Int) async throws { try await engine.start(name(ordinal)) }

    /// Adds to a log what the engine has kept of a program's output beyond what is there.
    ///
    /// - Returns: Bytes of the longest line.
    func log(of ordinal: Int, follows: Bool, to log: StepLog) async throws -> Int {
        let seen = Mutex(Seen(known: log.length))
        try await engine.log(
            of: name(ordinal),
            follows: follows,
            bytesMax: .max,
            // The step's own limits end it sooner.
            within: .seconds(86_400)
        ) { bytes in
            let new = seen.withLock { $0.take(bytes) }
            if !new.isEmpty { log.write(Array(new)) }
        }
        return seen.withLock { $0.longest }
    }
}

/// What has come of an output that is read from its beginning.
private struct Seen {
    /// Bytes still to come that are here already.
    var known: Int
    private(set) var longest = 0
    private var line = 0

    init(known: Int) {
        self.known = known
    }

    /// Gives those of the bytes that are new.
    mutating func take(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        for byte in bytes {
            line = byte == UInt8(ascii: "\n") ? 0 : line + 1
            longest = max(longest, line)
        }
        let new = bytes.dropFirst(known)
        known -= bytes.count - new.count
        return new
    }
}
