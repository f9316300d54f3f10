extension Migrations {
    // A cancelled build ends as cancelled, whatever its jobs did: the check says so.
    static let builds = """
        CREATE TABLE build (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            pipeline TEXT NOT NULL,
            event TEXT NOT NULL CHECK (event IN ('push', 'tag', 'manual')),
            ref TEXT NOT NULL,
            sha TEXT NOT NULL,
            message TEXT NOT NULL,
            author TEXT NOT NULL,
            reason TEXT NOT NULL,
            problems TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished')),
            result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                          'exception', 'retry', 'cancelled')),
            createdAt INTEGER NOT NULL,
            startedAt INTEGER,
            finishedAt INTEGER,
            cancelledBy TEXT,
            retryOf INTEGER REFERENCES build ON DELETE SET NULL,
            UNIQUE (repository, number),
            CHECK ((state = 'finished') = (result IS NOT NULL)),
            CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
            CHECK (state = 'finished' OR (state = 'running') = (startedAt IS NOT NULL)),
            CHECK (cancelledBy IS NULL OR result IS NULL OR result = 'cancelled')
        ) STRICT;

        CREATE INDEX buildByRepository ON build (repository, id);
        CREATE INDEX buildByRef ON build (repository, ref, id);
        CREATE INDEX buildOpen ON build (id) WHERE state <> 'finished';
        CREATE INDEX buildRed ON build (repository, result, id)
        WHERE result NOT IN ('skipped', 'success', 'warnings');
        CREATE INDEX buildByOrigin ON build (retryOf) WHERE retryOf IS NOT NULL;

        CREATE TRIGGER buildEndAbsorbs
        BEFORE UPDATE OF state, result, startedAt, finishedAt, cancelledBy ON build
        WHEN OLD.state = 'finished'
        BEGIN SELECT RAISE(ABORT, 'a finished build does not change'); END;

        CREATE TRIGGER buildGoesForward BEFORE UPDATE OF state ON build
        WHEN OLD.state = 'running' AND NEW.state = 'waiting'
        BEGIN SELECT RAISE(ABORT, 'a running build does not wait again'); END;

        CREATE TRIGGER buildIsFrozen
        BEFORE UPDATE OF id, repository, number, pipeline, event, ref, sha, createdAt ON build
        BEGIN SELECT RAISE(ABORT, 'what a build is of does not change'); END;

        CREATE TABLE idempotency (
            repository INTEGER NOT NULL,
            key TEXT NOT NULL,
            build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
            createdAt INTEGER NOT NULL,
            PRIMARY KEY (repository, key, build)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idempotencyByBuild ON idempotency (build);
        CREATE INDEX idempotencyByAge ON idempotency (createdAt);

        """
}
