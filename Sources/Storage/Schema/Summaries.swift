extension Migrations {
    // Apart from the job, whose row is read wherever jobs are listed.
    static let summaries = """
        CREATE TABLE jobSummary (
            job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
            text TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) <= 65536)
        ) STRICT;

        CREATE TRIGGER jobSummaryStays BEFORE UPDATE ON jobSummary
        BEGIN SELECT RAISE(ABORT, 'what a job has said does not change'); END;

        """
}
