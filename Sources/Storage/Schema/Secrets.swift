extension Migrations {
    // What a running attempt was given it is given again, until it ends: its log is hidden by it.
    // A value that was replaced or removed stays that long, and goes with the last such attempt.
    static let secrets = """
        CREATE TABLE secret (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
            repository INTEGER REFERENCES repository ON DELETE CASCADE,
            branches TEXT NOT NULL,
            events TEXT NOT NULL,
            sealKey TEXT NOT NULL,
            sealed BLOB NOT NULL,
            setBy TEXT NOT NULL,
            setAt INTEGER NOT NULL,
            lastUsedAt INTEGER,
            lastUsedBuild INTEGER,
            isRetired INTEGER NOT NULL DEFAULT 0 CHECK (isRetired IN (0, 1)),
            CHECK ((lastUsedAt IS NULL) = (lastUsedBuild IS NULL))
        ) STRICT;

        CREATE UNIQUE INDEX secretByName ON secret (name, coalesce(repository, 0))
        WHERE isRetired = 0;
        CREATE INDEX secretByRepository ON secret (repository) WHERE repository IS NOT NULL;
        CREATE INDEX secretBySealKey ON secret (sealKey, id);

        CREATE TRIGGER secretIsFrozen
        BEFORE UPDATE OF id, name, repository, branches, events, setBy, setAt ON secret
        BEGIN SELECT RAISE(ABORT, 'a secret is replaced and does not change'); END;

        CREATE TRIGGER secretRetiresForGood BEFORE UPDATE OF isRetired ON secret
        WHEN OLD.isRetired = 1 AND NEW.isRetired = 0
        BEGIN SELECT RAISE(ABORT, 'a retired secret does not come back'); END;

        CREATE TABLE secretGrant (
            attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,
            name TEXT NOT NULL,
            secret INTEGER NOT NULL REFERENCES secret ON DELETE CASCADE,
            PRIMARY KEY (attempt, name)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX secretGrantBySecret ON secretGrant (secret);

        CREATE TRIGGER secretIsGrantedToTheLiving BEFORE INSERT ON secretGrant
        WHEN NOT EXISTS (
            SELECT 1 FROM attempt WHERE id = NEW.attempt AND state IN ('offered', 'running'))
        BEGIN SELECT RAISE(ABORT, 'an ended attempt gets no secret'); END;

        CREATE TRIGGER secretGrantEndsWithItsAttempt AFTER UPDATE OF state ON attempt
        WHEN NEW.state IN ('finished', 'lost')
        BEGIN DELETE FROM secretGrant WHERE attempt = NEW.id; END;

        CREATE TRIGGER secretGoesWhenNobodyHasIt AFTER UPDATE OF isRetired ON secret
        WHEN NEW.isRetired = 1
        BEGIN
            DELETE FROM secret WHERE id = NEW.id
                AND NOT EXISTS (SELECT 1 FROM secretGrant WHERE secret = NEW.id);
        END;

        CREATE TRIGGER secretGoesWithItsLastGrant AFTER DELETE ON secretGrant
        BEGIN
            DELETE FROM secret WHERE id = OLD.secret AND isRetired = 1
                AND NOT EXISTS (SELECT 1 FROM secretGrant WHERE secret = OLD.secret);
        END;

        CREATE TABLE secretDeed (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            doneAt INTEGER NOT NULL,
            kind TEXT NOT NULL
                CHECK (kind IN ('set', 'removed', 'given', 'refused', 'rewrapped')),
            name TEXT NOT NULL,
            repository TEXT,
            actor TEXT NOT NULL,
            build INTEGER,
            job INTEGER,
            detail TEXT,
            CHECK ((build IS NULL) = (job IS NULL)),
            CHECK ((kind IN ('given', 'refused')) = (build IS NOT NULL))
        ) STRICT;

        CREATE TRIGGER secretDeedIsDone BEFORE UPDATE ON secretDeed
        BEGIN SELECT RAISE(ABORT, 'what was done does not change'); END;

        """
}
