extension Migrations {
    static let access = """
        CREATE TABLE worker (
            name TEXT NOT NULL PRIMARY KEY,
            labels TEXT NOT NULL,
            slots INTEGER NOT NULL CHECK (slots >= 0),
            version TEXT NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('taking', 'paused', 'draining')),
            lastSeenAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE token (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            digest TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            lastUsedAt INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE session (
            digest TEXT NOT NULL PRIMARY KEY,
            person TEXT NOT NULL,
            kind TEXT NOT NULL,
            csrf TEXT NOT NULL,
            expiresAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX sessionByEnd ON session (expiresAt);

        """
}
