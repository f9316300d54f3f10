extension Migrations {
    // `nextAt` moves on in the transaction that starts the build: each time starts one, whenever
    // the process dies.
    static let schedules = """
        ALTER TABLE repository ADD COLUMN scheduledFrom TEXT;

        CREATE TABLE schedule (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            pipeline TEXT NOT NULL,
            cron TEXT NOT NULL,
            timezone TEXT NOT NULL,
            onlyIfChanged INTEGER NOT NULL CHECK (onlyIfChanged IN (0, 1)),
            forceEvery INTEGER CHECK (forceEvery > 0),
            missed TEXT NOT NULL CHECK (missed IN ('once', 'skip')),
            nextAt INTEGER NOT NULL,
            lastSHA TEXT,
            lastAt INTEGER,
            UNIQUE (repository, pipeline, cron, timezone),
            CHECK ((lastSHA IS NULL) = (lastAt IS NULL))
        ) STRICT;

        CREATE INDEX scheduleByTime ON schedule (nextAt, id);

        CREATE TRIGGER scheduleGoesForward BEFORE UPDATE OF nextAt ON schedule
        WHEN NEW.nextAt <= OLD.nextAt
        BEGIN SELECT RAISE(ABORT, 'a schedule only goes forward'); END;

        """

    // A commit without a build of its own: that of a build which merged into a newer one, or of
    // a push that only unimportant files were in.
    static let covers = """
        CREATE TABLE cover (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
            origin INTEGER UNIQUE REFERENCES build ON DELETE SET NULL,
            sha TEXT NOT NULL,
            subject TEXT NOT NULL,
            author TEXT NOT NULL,
            CHECK (origin IS NULL OR origin < build)
        ) STRICT;

        CREATE INDEX coverByBuild ON cover (build, id);

        CREATE TABLE passedPush (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            ref TEXT NOT NULL,
            pipeline TEXT NOT NULL,
            sha TEXT NOT NULL,
            subject TEXT NOT NULL,
            author TEXT NOT NULL
        ) STRICT;

        CREATE INDEX passedPushByRef ON passedPush (repository, ref, pipeline, id);
        CREATE INDEX buildQueued ON build (repository, ref, pipeline, id) WHERE state = 'waiting';

        """

    static let groups = """
        CREATE TABLE place (
            build INTEGER NOT NULL PRIMARY KEY REFERENCES build ON DELETE CASCADE,
            subject TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX placeBySubject ON place (subject, build);

        CREATE TRIGGER placeIsNotHeld BEFORE INSERT ON place
        WHEN EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
        BEGIN SELECT RAISE(ABORT, 'a held build has no place in its group'); END;

        """

    // The row stays until the builds that follow have been started, with them.
    static let followUps = """
        ALTER TABLE build ADD COLUMN isAwaited INTEGER NOT NULL DEFAULT 0
            CHECK (isAwaited IN (0, 1));
        ALTER TABLE build ADD COLUMN upstream INTEGER REFERENCES build ON DELETE SET NULL;

        CREATE INDEX buildByUpstream ON build (upstream) WHERE upstream IS NOT NULL;

        CREATE TABLE followUp (
            build INTEGER NOT NULL PRIMARY KEY REFERENCES build ON DELETE CASCADE
        ) STRICT;

        CREATE TRIGGER awaitedEndIsNoted AFTER UPDATE OF state ON build
        WHEN NEW.state = 'finished' AND NEW.isAwaited
        BEGIN INSERT INTO followUp (build) VALUES (NEW.id); END;

        CREATE TRIGGER awaitedStillbirthIsNoted AFTER INSERT ON build
        WHEN NEW.state = 'finished' AND NEW.isAwaited
        BEGIN INSERT INTO followUp (build) VALUES (NEW.id); END;

        """
}
