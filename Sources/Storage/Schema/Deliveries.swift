extension Migrations {
    // The events of builds were three; a check changes only with its table. What hangs on the
    // table goes with it and comes back as it was.
    static let events = """
        CREATE TABLE newBuild (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            pipeline TEXT NOT NULL,
            event TEXT NOT NULL CHECK (event IN ('push', 'pull_request', 'tag', 'schedule',
                                                 'pipeline', 'manual', 'try')),
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
            retryOf INTEGER REFERENCES newBuild ON DELETE SET NULL,
            settings TEXT,
            versionTag TEXT,
            versionDistance INTEGER NOT NULL DEFAULT 0 CHECK (versionDistance >= 0),
            UNIQUE (repository, number),
            CHECK ((state = 'finished') = (result IS NOT NULL)),
            CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
            CHECK (state = 'finished' OR (state = 'running') = (startedAt IS NOT NULL)),
            CHECK (cancelledBy IS NULL OR result IS NULL OR result = 'cancelled')
        ) STRICT;

        INSERT INTO newBuild
        SELECT id, repository, number, pipeline, event, ref, sha, message, author, reason, problems,
            state, result, createdAt, startedAt, finishedAt, cancelledBy, retryOf, settings,
            versionTag, versionDistance
        FROM build;

        DELETE FROM sqlite_sequence WHERE name = 'newBuild';
        UPDATE sqlite_sequence SET name = 'newBuild' WHERE name = 'build';
        DROP TABLE build;
        ALTER TABLE newBuild RENAME TO build;

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

        CREATE TRIGGER buildEndsLast BEFORE UPDATE OF state ON build
        WHEN NEW.state = 'finished'
            AND EXISTS (SELECT 1 FROM job WHERE build = NEW.id AND state <> 'finished')
        BEGIN SELECT RAISE(ABORT, 'a build ends after its jobs'); END;

        """

    // `news` is set where a delivery says more than that a fetch is due.
    static let deliveries = """
        CREATE TABLE hook (
            repository INTEGER PRIMARY KEY REFERENCES repository ON DELETE CASCADE,
            salt TEXT NOT NULL,
            createdAt INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            key TEXT NOT NULL,
            forge TEXT NOT NULL CHECK (forge IN ('github', 'gitlab', 'gitea', 'forgejo',
                                                 'bitbucket', 'git')),
            summary TEXT NOT NULL,
            news TEXT,
            receivedAt INTEGER NOT NULL,
            outcome TEXT,
            UNIQUE (repository, key)
        ) STRICT;

        CREATE INDEX deliveryWaiting ON delivery (repository, id) WHERE outcome IS NULL;
        CREATE INDEX deliverySettled ON delivery (id) WHERE outcome IS NOT NULL;

        CREATE TRIGGER deliveryIsFrozen
        BEFORE UPDATE OF id, repository, key, forge, summary, news, receivedAt ON delivery
        BEGIN SELECT RAISE(ABORT, 'what was delivered does not change'); END;

        CREATE TRIGGER deliveryEndAbsorbs BEFORE UPDATE OF outcome ON delivery
        WHEN OLD.outcome IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a settled delivery does not change'); END;

        CREATE TABLE pullRequest (
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            head TEXT NOT NULL,
            target TEXT NOT NULL,
            PRIMARY KEY (repository, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE contributor (
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            forge TEXT NOT NULL,
            name TEXT NOT NULL,
            approvedBy TEXT NOT NULL,
            approvedAt INTEGER NOT NULL,
            PRIMARY KEY (repository, forge, name)
        ) STRICT, WITHOUT ROWID;

        """
}
