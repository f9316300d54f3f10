import AsyncHTTPClient
import Core
import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import Wire

extension MasterClient {
    /// Blobs up to this size travel many to a call.
    static let smallBlobMax = 1 << 20
    /// Bytes of one call with many.
    private static let batchBytesMax = 8 << 20

    /// Those of the digests that the store lacks.
    func missing(_ digests: [String]) async throws -> Set<String> {
        var missing: Set<String> = []
        var rest = Array(Set(digests)).sorted()[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(10_000))
            rest = rest.dropFirst(10_000)
            let answer: MissingBlobsAnswer = try await post(
                "/cs/v1/blobs:missing",
                MissingBlobsMessage(digests: some)
            )
            missing.formUnion(answer.missing)
        }
        return missing
    }

    /// Sends many small blobs in few calls.
    func upload(_ blobs: [(digest: ContentDigest, bytes: [UInt8])]) async throws {
        var batch: [UInt8] = []
        for blob in blobs {
            if batch.isEmpty { batch = BundleFrame.magic }
            let frame = BundleFrame(
                digest: blob.digest,
                codec: .raw,
                rawCount: blob.bytes.count,
                storedCount: blob.bytes.count
            )
            batch += frame.head + blob.bytes
            if batch.count >= Self.batchBytesMax {
                try await send(batch: batch)
                batch = []
            }
        }
        if !batch.isEmpty { try await send(batch: batch) }
    }

    private func send(batch: [UInt8]) async throws {
        var request = request(.POST, "/cs/v1/blobs:batch")
        request.body = .bytes(ByteBuffer(bytes: batch))
        try await check(try await send(request, within: .seconds(120)))
    }

    /// Sends one blob of any size, piece by piece.
    func upload(
        _ sha256: String,
        size: Int,
        pieces: AsyncThrowingStream<ByteBuffer, any Error>
    ) async throws {
        var request = request(.PUT, "/cs/v1/blobs/sha256:\(sha256)")
        request.body = .stream(pieces, length: .known(Int64(size)))
        try await check(try await send(request, within: .minutes(30)))
    }

    /// Writes an answer's body into a file.
    func download(_ request: HTTPClientRequest, to path: String) async throws {
        let response = try await send(request, within: .minutes(30))
        try await check(response)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw WorkerError.file("\(path): \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            for try await piece in response.body {
                try file.write(contentsOf: Data(piece.readableBytesView))
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw WorkerError.masterAway("\(error)")
        }
    }
}
