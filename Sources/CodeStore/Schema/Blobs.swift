extension Migrations {
    /// Chunks and blobs are written once and deleted when nothing refers to them any more.
    static let blobs = """
        CREATE TABLE blob(
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE CHECK(length(sha256) = 32),
            size INTEGER NOT NULL CHECK(size BETWEEN 0 AND 4294967295),
            touchedAt INTEGER NOT NULL
        ) STRICT;

        CREATE TRIGGER blobNeverChanges BEFORE UPDATE OF id, sha256, size ON blob
        BEGIN SELECT RAISE(ABORT, 'a blob never changes'); END;

        CREATE TABLE chunk(
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE CHECK(length(sha256) = 32),
            size INTEGER NOT NULL CHECK(size BETWEEN 1 AND 65536),
            codec INTEGER NOT NULL CHECK(codec IN (0, 1)),
            data BLOB NOT NULL CHECK(length(data) BETWEEN 1 AND size)
        ) STRICT;

        CREATE TRIGGER chunkNeverChanges BEFORE UPDATE ON chunk
        BEGIN SELECT RAISE(ABORT, 'a chunk never changes'); END;

        CREATE TABLE blobChunk(
            blobId INTEGER NOT NULL REFERENCES blob ON DELETE CASCADE,
            start INTEGER NOT NULL CHECK(start >= 0),
            chunkId INTEGER NOT NULL REFERENCES chunk,
            PRIMARY KEY(blobId, start)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX blobChunkOfChunk ON blobChunk(chunkId);

        CREATE TRIGGER blobChunkNeverChanges BEFORE UPDATE ON blobChunk
        BEGIN SELECT RAISE(ABORT, 'a blob never changes'); END;

        CREATE TABLE pin(
            holder TEXT NOT NULL CHECK(length(holder) BETWEEN 1 AND 256),
            blobId INTEGER NOT NULL REFERENCES blob,
            PRIMARY KEY(holder, blobId)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX pinOfBlob ON pin(blobId);
        """
}
