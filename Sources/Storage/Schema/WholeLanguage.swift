extension Migrations {
    // A condition is any expression now, which the check of the first shape refused; SQLite
    // changes a check only with its table. Triggers of other tables that name it go first and
    // come back as they were.
    static let wholeLanguage = """
        ALTER TABLE build ADD COLUMN settings TEXT;
        ALTER TABLE build ADD COLUMN versionTag TEXT;
        ALTER TABLE build ADD COLUMN versionDistance INTEGER NOT NULL DEFAULT 0
            CHECK (versionDistance >= 0);

        DROP TRIGGER buildEndsLast;
        DROP TRIGGER attemptHoldsTheFence;

        CREATE TABLE newJob (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            needs TEXT NOT NULL,
            optionalNeeds TEXT NOT NULL,
            condition TEXT NOT NULL,
            failFast TEXT,
            labels TEXT NOT NULL,
            allowFailure INTEGER NOT NULL CHECK (allowFailure IN (0, 1)),
            stepCount INTEGER NOT NULL CHECK (stepCount >= 0),
            spec TEXT NOT NULL,
            sourceJob INTEGER REFERENCES newJob ON DELETE SET NULL,
            state TEXT NOT NULL CHECK (state IN ('blocked', 'ready', 'running', 'finished')),
            result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                          'exception', 'retry', 'cancelled')),
            waitingReason TEXT,
            reason TEXT,
            stopReason TEXT,
            outputs TEXT,
            fence INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            since INTEGER NOT NULL,
            startedAt INTEGER,
            finishedAt INTEGER,
            UNIQUE (build, name),
            CHECK ((state = 'finished') = (result IS NOT NULL)),
            CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
            CHECK (state NOT IN ('blocked', 'ready') OR waitingReason IS NOT NULL),
            CHECK (state <> 'finished' OR waitingReason IS NULL),
            CHECK (outputs IS NULL OR state = 'finished')
        ) STRICT;

        INSERT INTO newJob
        SELECT id, build, name, name, needs, '[]', condition, NULL, labels, allowFailure, stepCount,
            spec, sourceJob, state, result, waitingReason, reason, NULL, NULL, fence, attempts,
            since, startedAt, finishedAt
        FROM job;

        DELETE FROM sqlite_sequence WHERE name = 'newJob';
        UPDATE sqlite_sequence SET name = 'newJob' WHERE name = 'job';
        DROP TABLE job;
        ALTER TABLE newJob RENAME TO job;

        CREATE INDEX jobReady ON job (labels, waitingReason, since, id) WHERE state = 'ready';
        CREATE INDEX jobWaiting ON job (since, id) WHERE state IN ('blocked', 'ready');
        CREATE INDEX jobBySource ON job (sourceJob) WHERE sourceJob IS NOT NULL;

        CREATE TRIGGER jobEndAbsorbs
        BEFORE UPDATE OF state, result, reason, outputs, fence, attempts, startedAt, finishedAt
        ON job
        WHEN OLD.state = 'finished'
        BEGIN SELECT RAISE(ABORT, 'a finished job does not change'); END;

        CREATE TRIGGER jobFenceGrows BEFORE UPDATE OF fence, attempts ON job
        WHEN NEW.fence < OLD.fence OR NEW.attempts < OLD.attempts
        BEGIN SELECT RAISE(ABORT, 'the fence of a job only grows'); END;

        CREATE TRIGGER jobIsFrozen
        BEFORE UPDATE OF id, build, name, key, needs, optionalNeeds, condition, failFast, labels,
            allowFailure, stepCount, spec
        ON job
        BEGIN SELECT RAISE(ABORT, 'what a job was planned to do does not change'); END;

        CREATE TRIGGER jobStopsForGood BEFORE UPDATE OF stopReason ON job
        WHEN OLD.stopReason IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a stopped job is not wanted again'); END;

        CREATE TRIGGER jobEndsAfterItsAttempt BEFORE UPDATE OF state ON job
        WHEN NEW.state <> 'running' AND EXISTS (
            SELECT 1 FROM attempt WHERE job = NEW.id AND state IN ('offered', 'running'))
        BEGIN SELECT RAISE(ABORT, 'a job with a live attempt is running'); END;

        CREATE TRIGGER buildEndsLast BEFORE UPDATE OF state ON build
        WHEN NEW.state = 'finished'
            AND EXISTS (SELECT 1 FROM job WHERE build = NEW.id AND state <> 'finished')
        BEGIN SELECT RAISE(ABORT, 'a build ends after its jobs'); END;

        CREATE TRIGGER attemptHoldsTheFence BEFORE INSERT ON attempt
        WHEN NEW.fence <> (SELECT fence FROM job WHERE id = NEW.job)
        BEGIN SELECT RAISE(ABORT, 'an attempt begins with the fence of its job'); END;

        """
}
