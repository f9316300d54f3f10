import GRDB

/// Bytes that lie in the store, read as they are needed.
///
/// Every piece is a read of its own: a slow reader holds no transaction open, and so never keeps
/// the log of the database from being written back.
package struct StoredBytes: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    enum Segment: Sendable {
        case memory([UInt8])
        /// A chunk as it is stored, packed or not.
        case chunk(id: Int64, count: Int)
        case blob(id: Int64, Range<Int>)

        var byteCount: Int {
            switch self {
            case .memory(let bytes): bytes.count
            case .chunk(_, let count): count
            case .blob(_, let range): range.count
            }
        }
    }

    /// Of all pieces together.
    package let byteCount: Int
    private let segments: [Segment]
    private let store: CodeStoreDatabase

    init(_ segments: [Segment], in store: CodeStoreDatabase) {
        self.segments = segments.filter { $0.byteCount > 0 }
        self.store = store
        byteCount = segments.reduce(0) { $0 + $1.byteCount }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(segments: segments, store: store)
    }

    /// All bytes at once, unless they are more than the caller is ready to hold.
    package func collect(upTo byteLimit: Int) async throws -> [UInt8] {
        guard byteCount <= byteLimit else {
            throw CodeStoreError.invalid("\(byteCount) bytes are more than the limit \(byteLimit)")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for try await piece in self { bytes += piece }
        return bytes
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        /// Bytes after which a piece is handed out.
        private static let pieceByteCount = 256 << 10

        fileprivate let segments: [Segment]
        fileprivate let store: CodeStoreDatabase
        private var place = Place()

        fileprivate init(segments: [Segment], store: CodeStoreDatabase) {
            self.segments = segments
            self.store = store
        }

        package mutating func next() async throws -> [UInt8]? {
            guard place.segment < segments.count else { return nil }
            let (segments, start) = (segments, place)
            if segments.count == 1, case .memory(let bytes) = segments[0] {
                place.segment += 1
                return bytes
            }
            let (piece, end) = try await store.read { db in
                try Self.piece(of: segments, from: start, in: db)
            }
            place = end
            return piece
        }

        private static func piece(
            of segments: [Segment],
            from start: Place,
            in db: Database
        ) throws -> ([UInt8], Place) {
            var piece: [UInt8] = []
            var place = start
            while place.segment < segments.count, piece.count < pieceByteCount {
                switch segments[place.segment] {
                case .memory(let bytes):
                    piece += bytes
                    place.advance()
                case .chunk(let id, _):
                    piece += try ChunkReading(db).stored(id)
                    place.advance()
                case .blob(let id, let range):
                    let rest = (range.lowerBound + place.offset)..<range.upperBound
                    let bytes = try ChunkReading(db).bytes(of: id, in: rest, limit: pieceByteCount)
                    piece += bytes
                    place.offset += bytes.count
                    if place.offset == range.count { place.advance() }
                }
            }
            return (piece, place)
        }
    }

    private struct Place: Sendable {
        var segment = 0
        var offset = 0

        mutating func advance() {
            segment += 1
            offset = 0
        }
    }
}
