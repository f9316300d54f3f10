extension Migrations {
    // Numbers are never used again after a deletion, here and below: the names of log folders
    // are made of them.
    static let repositories = """
        CREATE TABLE repository (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            url TEXT NOT NULL,
            defaultBranch TEXT NOT NULL,
            pollInterval INTEGER NOT NULL CHECK (pollInterval > 0),
            buildsMade INTEGER NOT NULL DEFAULT 0,
            isBaselined INTEGER NOT NULL DEFAULT 0 CHECK (isBaselined IN (0, 1)),
            createdAt INTEGER NOT NULL,
            fetchedAt INTEGER,
            fetchError TEXT
        ) STRICT;

        CREATE TRIGGER repositoryNumbersGrow BEFORE UPDATE OF buildsMade ON repository
        WHEN NEW.buildsMade < OLD.buildsMade
        BEGIN SELECT RAISE(ABORT, 'the numbers of builds only grow'); END;

        CREATE TABLE ref (
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            name TEXT NOT NULL,
            sha TEXT NOT NULL,
            PRIMARY KEY (repository, name)
        ) STRICT, WITHOUT ROWID;

        """

    // The refs of pull requests that were looked at lie beside those of branches and tags.
    static let pullRequestPolling = """
        ALTER TABLE repository ADD COLUMN pollsPullRequests INTEGER NOT NULL DEFAULT 0
            CHECK (pollsPullRequests IN (0, 1));

        """
}
