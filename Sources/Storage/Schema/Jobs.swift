extension Migrations {
    // The dispatcher walks `jobReady` by its groups: jobs with the same labels and reason are
    // alike to it, so that a dispatch costs what it assigns and not what waits.
    static let jobs = """
        CREATE TABLE job (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
            name TEXT NOT NULL,
            needs TEXT NOT NULL,
            condition TEXT NOT NULL CHECK (condition IN ('success', 'failure', 'always')),
            labels TEXT NOT NULL,
            allowFailure INTEGER NOT NULL CHECK (allowFailure IN (0, 1)),
            stepCount INTEGER NOT NULL CHECK (stepCount >= 0),
            spec TEXT NOT NULL,
            sourceJob INTEGER REFERENCES job ON DELETE SET NULL,
            state TEXT NOT NULL CHECK (state IN ('blocked', 'ready', 'running', 'finished')),
            result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                          'exception', 'retry', 'cancelled')),
            waitingReason TEXT,
            reason TEXT,
            fence INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            since INTEGER NOT NULL,
            startedAt INTEGER,
            finishedAt INTEGER,
            UNIQUE (build, name),
            CHECK ((state = 'finished') = (result IS NOT NULL)),
            CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
            CHECK (state NOT IN ('blocked', 'ready') OR waitingReason IS NOT NULL),
            CHECK (state <> 'finished' OR waitingReason IS NULL)
        ) STRICT;

        CREATE INDEX jobReady ON job (labels, waitingReason, since, id) WHERE state = 'ready';
        CREATE INDEX jobWaiting ON job (since, id) WHERE state IN ('blocked', 'ready');
        CREATE INDEX jobBySource ON job (sourceJob) WHERE sourceJob IS NOT NULL;

        CREATE TRIGGER jobEndAbsorbs
        BEFORE UPDATE OF state, result, reason, fence, attempts, startedAt, finishedAt ON job
        WHEN OLD.state = 'finished'
        BEGIN SELECT RAISE(ABORT, 'a finished job does not change'); END;

        CREATE TRIGGER jobFenceGrows BEFORE UPDATE OF fence, attempts ON job
        WHEN NEW.fence < OLD.fence OR NEW.attempts < OLD.attempts
        BEGIN SELECT RAISE(ABORT, 'the fence of a job only grows'); END;

        CREATE TRIGGER jobIsFrozen
        BEFORE UPDATE OF id, build, name, needs, condition, labels, allowFailure, stepCount, spec
        ON job
        BEGIN SELECT RAISE(ABORT, 'what a job was planned to do does not change'); END;

        CREATE TRIGGER buildEndsLast BEFORE UPDATE OF state ON build
        WHEN NEW.state = 'finished'
            AND EXISTS (SELECT 1 FROM job WHERE build = NEW.id AND state <> 'finished')
        BEGIN SELECT RAISE(ABORT, 'a build ends after its jobs'); END;

        """
}
