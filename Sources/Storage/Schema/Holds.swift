extension Migrations {
    // A hold goes with the end of its build, but for the approval that was never given: whoever
    // retries the build still needs it.
    static let holds = """
        CREATE TABLE hold (
            build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('quiet', 'time', 'concurrency', 'approval')),
            until INTEGER,
            subject TEXT,
            reason TEXT NOT NULL,
            PRIMARY KEY (build, kind),
            CHECK ((kind IN ('quiet', 'time')) = (until IS NOT NULL)),
            CHECK ((kind = 'concurrency') = (subject IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX holdByEnd ON hold (until, build) WHERE until IS NOT NULL;
        CREATE INDEX holdBySubject ON hold (kind, subject, build) WHERE subject IS NOT NULL;

        CREATE TRIGGER holdComesFirst BEFORE INSERT ON hold
        WHEN EXISTS (SELECT 1 FROM job WHERE build = NEW.build AND state IN ('ready', 'running'))
        BEGIN SELECT RAISE(ABORT, 'a build that has begun is not held back'); END;

        CREATE TRIGGER heldJobIsNotBorn BEFORE INSERT ON job
        WHEN NEW.state IN ('ready', 'running')
            AND EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
        BEGIN SELECT RAISE(ABORT, 'no job of a held build begins'); END;

        CREATE TRIGGER heldJobStaysBlocked BEFORE UPDATE OF state ON job
        WHEN NEW.state IN ('ready', 'running')
            AND EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
        BEGIN SELECT RAISE(ABORT, 'no job of a held build begins'); END;

        CREATE TRIGGER holdEndsWithItsBuild AFTER UPDATE OF state ON build
        WHEN NEW.state = 'finished'
        BEGIN DELETE FROM hold WHERE build = NEW.id AND kind <> 'approval'; END;

        """

    // Builds that wait for a place or for people, to be shown among a million that wait for a time.
    static let untimedHolds = """
        CREATE INDEX holdWithoutEnd ON hold (build) WHERE until IS NULL;

        """
}
