extension Migrations {
    /// What nodes said last; the truth is in the nodes, so rows come and go.
    static let nodes = """
        CREATE TABLE node(
            id TEXT NOT NULL CHECK(length(id) BETWEEN 1 AND 128),
            unit TEXT NOT NULL,
            channel TEXT NOT NULL,
            seenRev INTEGER,
            prepared BLOB CHECK(length(prepared) = 32),
            active BLOB CHECK(length(active) = 32),
            errors TEXT NOT NULL CHECK(errors GLOB '[[]*]'),
            host TEXT CHECK(length(host) <= 256),
            pid INTEGER,
            seenAt INTEGER NOT NULL,
            PRIMARY KEY(id, unit, channel)
        ) STRICT, WITHOUT ROWID;
        """
}
