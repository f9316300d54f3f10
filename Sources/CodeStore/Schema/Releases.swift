extension Migrations {
    /// A release's manifest is a blob like any other; its digest is the release's identity.
    ///
    /// Entries come before their release, whose row then seals them: the reference from entry to
    /// release is checked at commit, and no entry can be added once the release is there. Paths
    /// are rows of their own because nearly every release repeats those of the one before.
    static let releases = """
        CREATE TABLE unit(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK(length(name) BETWEEN 1 AND 63),
            createdAt INTEGER NOT NULL
        ) STRICT;

        CREATE TRIGGER unitNeverChanges BEFORE UPDATE ON unit
        BEGIN SELECT RAISE(ABORT, 'a unit keeps its name'); END;

        CREATE TRIGGER unitStays BEFORE DELETE ON unit
        BEGIN SELECT RAISE(ABORT, 'a unit is never deleted'); END;

        CREATE TABLE release(
            id INTEGER PRIMARY KEY,
            unitId INTEGER NOT NULL REFERENCES unit,
            version TEXT NOT NULL CHECK(length(version) BETWEEN 1 AND 128),
            manifestId INTEGER NOT NULL UNIQUE REFERENCES blob,
            files INTEGER NOT NULL CHECK(files BETWEEN 1 AND 100000),
            bytes INTEGER NOT NULL CHECK(bytes >= 0),
            buildId INTEGER,
            jobId INTEGER,
            repository TEXT CHECK(length(repository) <= 256),
            commitSha TEXT CHECK(length(commitSha) <= 64),
            publisher TEXT NOT NULL
                CHECK(publisher GLOB 'person:?*' OR publisher GLOB 'build:?*'),
            idempotencyKey TEXT UNIQUE CHECK(length(idempotencyKey) BETWEEN 1 AND 256),
            createdAt INTEGER NOT NULL,
            rejection TEXT CHECK(length(rejection) BETWEEN 1 AND 4096),
            rejectedBy TEXT CHECK(rejectedBy GLOB 'person:?*' OR rejectedBy GLOB 'build:?*'),
            rejectedAt INTEGER,
            notes TEXT CHECK(length(notes) <= 65536),
            UNIQUE(unitId, version),
            CHECK((rejection IS NULL) = (rejectedBy IS NULL)),
            CHECK((rejection IS NULL) = (rejectedAt IS NULL))
        ) STRICT;

        CREATE TRIGGER releaseNeverChanges
        BEFORE UPDATE OF id, unitId, version, manifestId, files, bytes, buildId, jobId,
            repository, commitSha, publisher, idempotencyKey, createdAt, notes ON release
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;

        CREATE TRIGGER rejectionIsFinal BEFORE UPDATE ON release WHEN OLD.rejection IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a rejection is final'); END;

        CREATE TRIGGER releaseStays BEFORE DELETE ON release
        BEGIN SELECT RAISE(ABORT, 'a release is never deleted'); END;

        CREATE TABLE path(
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE CHECK(length(CAST(text AS BLOB)) BETWEEN 1 AND 1024)
        ) STRICT;

        CREATE TABLE entry(
            releaseId INTEGER NOT NULL REFERENCES release DEFERRABLE INITIALLY DEFERRED,
            pathId INTEGER NOT NULL REFERENCES path,
            mode INTEGER NOT NULL CHECK(mode IN (420, 493, 40960)),
            blobId INTEGER NOT NULL REFERENCES blob,
            PRIMARY KEY(releaseId, pathId)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX entryOfBlob ON entry(blobId);

        CREATE TRIGGER entrySealed BEFORE INSERT ON entry
        WHEN EXISTS(SELECT 1 FROM release WHERE id = NEW.releaseId)
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;

        CREATE TRIGGER entryNeverChanges BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;

        CREATE TRIGGER entryStays BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
        """
}
