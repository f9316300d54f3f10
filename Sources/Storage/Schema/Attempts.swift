extension Migrations {
    static let attempts = """
        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            worker TEXT NOT NULL,
            fence INTEGER NOT NULL CHECK (fence > 0),
            state TEXT NOT NULL CHECK (state IN ('offered', 'running', 'finished', 'lost')),
            result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                          'exception', 'retry', 'cancelled')),
            reason TEXT,
            offeredAt INTEGER NOT NULL,
            acceptedAt INTEGER,
            endedAt INTEGER,
            UNIQUE (job, number),
            CHECK ((state = 'finished') = (result IS NOT NULL)),
            CHECK ((state IN ('finished', 'lost')) = (endedAt IS NOT NULL)),
            CHECK (state NOT IN ('running', 'finished') OR acceptedAt IS NOT NULL)
        ) STRICT;

        CREATE UNIQUE INDEX attemptLive ON attempt (job) WHERE state IN ('offered', 'running');

        CREATE TRIGGER attemptHoldsTheFence BEFORE INSERT ON attempt
        WHEN NEW.fence <> (SELECT fence FROM job WHERE id = NEW.job)
        BEGIN SELECT RAISE(ABORT, 'an attempt begins with the fence of its job'); END;

        CREATE TRIGGER attemptEndAbsorbs BEFORE UPDATE ON attempt
        WHEN OLD.state IN ('finished', 'lost')
        BEGIN SELECT RAISE(ABORT, 'an ended attempt does not change'); END;

        CREATE TRIGGER attemptGoesForward BEFORE UPDATE OF state ON attempt
        WHEN OLD.state = 'running' AND NEW.state = 'offered'
        BEGIN SELECT RAISE(ABORT, 'an accepted attempt is not offered again'); END;

        CREATE TRIGGER attemptIsFrozen BEFORE UPDATE OF id, job, number, worker, fence ON attempt
        BEGIN SELECT RAISE(ABORT, 'whose an attempt is does not change'); END;

        CREATE TRIGGER jobEndsAfterItsAttempt BEFORE UPDATE OF state ON job
        WHEN NEW.state <> 'running' AND EXISTS (
            SELECT 1 FROM attempt WHERE job = NEW.id AND state IN ('offered', 'running'))
        BEGIN SELECT RAISE(ABORT, 'a job with a live attempt is running'); END;

        CREATE TABLE step (
            attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished')),
            result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                          'exception', 'retry', 'cancelled')),
            exitCode INTEGER,
            reason TEXT,
            startedAt INTEGER,
            finishedAt INTEGER,
            logLength INTEGER NOT NULL CHECK (logLength >= 0),
            logGap TEXT,
            logDigest TEXT,
            PRIMARY KEY (attempt, position),
            CHECK ((state = 'finished') = (result IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER stepEndAbsorbs BEFORE UPDATE ON step
        WHEN OLD.state = 'finished'
        BEGIN SELECT RAISE(ABORT, 'a finished step does not change'); END;

        CREATE TRIGGER stepGoesForward BEFORE UPDATE OF state, logLength ON step
        WHEN NEW.logLength < OLD.logLength
            OR (OLD.state = 'running' AND NEW.state = 'waiting')
        BEGIN SELECT RAISE(ABORT, 'a step only goes forward'); END;

        """

    static let artifacts = """
        CREATE TABLE artifact (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            files INTEGER NOT NULL CHECK (files >= 0),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            createdAt INTEGER NOT NULL,
            UNIQUE (job, name)
        ) STRICT;

        CREATE TRIGGER artifactIsFrozen BEFORE UPDATE ON artifact
        BEGIN SELECT RAISE(ABORT, 'an artifact does not change'); END;

        """
}
