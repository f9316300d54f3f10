extension Migrations {
    static let trials = """
        CREATE TABLE trial (
            repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
            sha TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            releasedAt INTEGER,
            PRIMARY KEY (repository, sha)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX trialByAge ON trial (createdAt) WHERE releasedAt IS NULL;
        CREATE INDEX deliveryByRepository ON delivery (repository, id);

        """
}
