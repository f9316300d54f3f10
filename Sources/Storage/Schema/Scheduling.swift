extension Migrations {
    // The dispatcher walks `jobReady` by its lanes: jobs of one repository with the same labels
    // and locks are alike to it but for their place in line, which is their `rank`. So a dispatch
    // costs what it gives out and not what waits. Why the jobs of a lane wait is one row for all
    // of them. Who holds a lock is no row at all: it is the running jobs that took it.
    static let scheduling = """
        ALTER TABLE job ADD COLUMN repository INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN locks TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE job ADD COLUMN image TEXT NOT NULL DEFAULT '';

        UPDATE job SET repository = (SELECT repository FROM build WHERE id = job.build),
            rank = since;

        DROP INDEX jobReady;
        CREATE INDEX jobReady ON job (repository, labels, locks, rank, id, image)
        WHERE state = 'ready';
        CREATE INDEX jobRunning ON job (repository) WHERE state = 'running';
        CREATE INDEX jobLocked ON job (id) WHERE state = 'running' AND locks <> '[]';

        CREATE TRIGGER jobKeepsItsPlace
        BEFORE UPDATE OF repository, priority, locks, image ON job
        BEGIN SELECT RAISE(ABORT, 'what a job asks of the queue does not change'); END;

        CREATE TABLE lane (
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            labels TEXT NOT NULL,
            locks TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (repository, labels, locks)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE lockCapacity (
            name TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('master', 'worker')),
            worker TEXT NOT NULL,
            capacity INTEGER NOT NULL CHECK (capacity >= 0),
            PRIMARY KEY (name, scope, worker),
            CHECK (worker = '' OR scope = 'worker')
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE queuePause (
            labels TEXT NOT NULL PRIMARY KEY,
            actor TEXT NOT NULL,
            reason TEXT,
            pausedAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE worker ADD COLUMN failures INTEGER NOT NULL DEFAULT 0
            CHECK (failures >= 0);
        ALTER TABLE worker ADD COLUMN failure TEXT;
        ALTER TABLE worker ADD COLUMN quarantinedUntil INTEGER;

        """

    // A job that waits at a gate is blocked, at the step `gate`; what its steps before that did is
    // done for good, up to `passed`, and the attempts that follow show it as theirs: the log of
    // such a step is that of the attempt `source`. The audit names no row of another table: it
    // outlives what it is about.
    static let gates = """
        ALTER TABLE build ADD COLUMN starter TEXT;
        ALTER TABLE build ADD COLUMN authorEmail TEXT;
        ALTER TABLE token ADD COLUMN teams TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE session ADD COLUMN teams TEXT NOT NULL DEFAULT '[]';

        ALTER TABLE step ADD COLUMN source INTEGER;

        ALTER TABLE job ADD COLUMN beginsAtGate INTEGER NOT NULL DEFAULT 0
            CHECK (beginsAtGate IN (0, 1));
        ALTER TABLE job ADD COLUMN passed INTEGER NOT NULL DEFAULT 0 CHECK (passed >= 0);
        ALTER TABLE job ADD COLUMN gate INTEGER
            CHECK (gate IS NULL OR (gate > passed AND state = 'blocked'));
        ALTER TABLE job ADD COLUMN carried TEXT;

        CREATE TRIGGER jobPassesForGood BEFORE UPDATE OF passed ON job
        WHEN NEW.passed < OLD.passed
        BEGIN SELECT RAISE(ABORT, 'what a job has passed is done for good'); END;

        CREATE TABLE gate (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position > 0),
            name TEXT NOT NULL,
            approvers TEXT NOT NULL,
            needed INTEGER NOT NULL CHECK (needed > 0),
            state TEXT NOT NULL
                CHECK (state IN ('waiting', 'open', 'rejected', 'expired', 'cancelled')),
            reason TEXT,
            reachedAt INTEGER NOT NULL,
            deadline INTEGER,
            endedAt INTEGER,
            PRIMARY KEY (job, position),
            CHECK ((state = 'waiting') = (endedAt IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX gateWaiting ON gate (reachedAt, job) WHERE state = 'waiting';
        CREATE INDEX gateDue ON gate (deadline) WHERE state = 'waiting';

        CREATE TRIGGER gateEndAbsorbs BEFORE UPDATE ON gate
        WHEN OLD.state <> 'waiting'
        BEGIN SELECT RAISE(ABORT, 'a gate that is decided does not change'); END;

        CREATE TABLE gateWord (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL,
            position INTEGER NOT NULL,
            build TEXT NOT NULL,
            jobName TEXT NOT NULL,
            gate TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'rejected')),
            actor TEXT NOT NULL,
            reason TEXT,
            saidAt INTEGER NOT NULL,
            UNIQUE (job, position, actor, verdict)
        ) STRICT;

        CREATE TRIGGER gateWordIsFrozen BEFORE UPDATE ON gateWord
        BEGIN SELECT RAISE(ABORT, 'what was said about a gate does not change'); END;

        CREATE TRIGGER gateWordStays BEFORE DELETE ON gateWord
        BEGIN SELECT RAISE(ABORT, 'what was said about a gate is kept'); END;

        """
}
