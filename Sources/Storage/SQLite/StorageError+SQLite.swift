import GRDB

extension StorageError {
    /// The same failure in this room's words; anything that is not SQLite's stays as it is.
    static func translating(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return StorageError(code(of: error), sentence(for: error))
    }

    private static func code(of error: DatabaseError) -> Code {
        switch error.resultCode {
        case .SQLITE_FULL: .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_CONSTRAINT:
            error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY ? .notFound : .conflict
        case _: .other
        }
    }

    private static func sentence(for error: DatabaseError) -> String {
        let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        return switch code(of: error) {
        case .full:
            "The disk of the control database is full: nothing was written. Free some space."
        case .corrupt:
            "The control database is damaged (\(detail)): stop Slipway and restore a backup."
        case .busy:
            "Another process holds the control database: is a second Slipway using it?"
        case .notFound: "What this belongs to does not exist (\(detail))."
        case .conflict: "The control database refused a change that breaks its rules: \(detail)."
        case .other, .nameTaken, .staleFence, .refused: "The control database failed: \(detail)."
        }
    }
}
