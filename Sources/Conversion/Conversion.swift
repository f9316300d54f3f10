/// What a foreign file has become.
package struct Conversion: Equatable, Sendable, Encodable {
    /// How much of the file has an equal here.
    package enum Outcome: String, Equatable, Sendable, Encodable {
        case whole
        case part
        case none
    }

    /// How much came along.
    package let outcome: Outcome
    /// The new files; none where nothing came along.
    package let files: [ConvertedFile]
    /// In the order of the foreign file.
    package let remarks: [Remark]

    init(files: [ConvertedFile], remarks: Remarks) {
        self.files = files
        self.remarks = remarks.sorted
        outcome = files.isEmpty ? .none : remarks.hasLosses ? .part : .whole
    }
}

/// A pipeline file that was written.
package struct ConvertedFile: Equatable, Sendable, Encodable {
    /// Its path below `pipelines/`.
    package var name: String
    /// Its content.
    package var text: String
}

/// A place of the foreign file that a person should look at.
package struct Remark: Equatable, Sendable, Encodable, CustomStringConvertible {
    /// What became of what stood there.
    package enum Kind: String, Equatable, Sendable, Encodable {
        /// It has no equal, and stands in the new file as a comment.
        case lost = "not converted"
        /// It was converted, and may not mean quite the same.
        case changed = "look at this"
    }

    /// Whether it is gone.
    package var kind: Kind
    /// From 1, as editors count.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// What stood there, in short.
    package var subject: String
    /// What to do instead.
    package var advice: String

    /// The same words as in the comment of the new file.
    package var description: String { "\(kind.rawValue): \(subject); \(advice)" }
}

/// A longer file is not a pipeline.
package let foreignBytesMax = 256 * 1_024

/// Turns the pipeline of another system into pipelines of ours.
///
/// Whatever the bytes are, it ends soon and holds little.
/// - Parameters:
///   - text: The file's content.
///   - dialect: The system it was written for.
///   - path: Where the file lies in its repository; new files are named after it.
/// - Returns: The new files, and what a person has to look at.
package func convert(_ text: [UInt8], from dialect: Dialect, path: String) -> Conversion {
    do {
        let source = try ForeignText(text)
        switch dialect {
        case .github:
            var file = GitHubFile(source, path: path)
            return file.converted()
        case .gitlab:
            var file = GitLabFile(source, path: path)
            return file.converted()
        case .woodpecker: return WoodpeckerFile(source, path: path).converted()
        case .drone: return DroneFile(source, path: path).converted()
        }
    } catch {
        var remarks = Remarks()
        remarks.add(.lost, "the file", "\(error.message)", at: error.mark)
        return Conversion(files: [], remarks: remarks)
    }
}
