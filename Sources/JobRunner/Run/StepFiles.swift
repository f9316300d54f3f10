import Glibc

/// The files through which a step tells something: outputs, variables, a summary, more jobs.
enum StepFile: String, CaseIterable, Sendable {
    case output
    case environment = "env"
    case summary
    case jobs

    /// The variables that hold its path; GitHub's names lead to the same files.
    var variables: [String] {
        switch self {
        case .output: ["CI_OUTPUT", "GITHUB_OUTPUT"]
        case .environment: ["CI_ENV", "GITHUB_ENV"]
        case .summary: ["CI_SUMMARY", "GITHUB_STEP_SUMMARY"]
        case .jobs: ["CI_JOBS"]
        }
    }

    /// A longer file fails its step.
    static let bytesMax = 1 << 20

    /// Of the jobs that all steps of a job ask for together.
    static let jobsBytesMax = 1 << 20
}

/// What a step told through its files.
struct StepTold: Equatable, Sendable, Codable {
    var outputs: [String: String]?
    /// For the steps after it.
    var environment: [String: String]?
    /// Markdown for people.
    var summary: String?
    /// A pipeline fragment whose jobs are to join the build.
    var jobs: String?

    /// Takes in the text of one file.
    mutating func take(_ text: String, of file: StepFile) throws(JobRunnerError) {
        if text.isEmpty { return }
        switch file {
        case .output: outputs = try Assignments(text, in: "$CI_OUTPUT").values
        case .environment: environment = try Assignments(text, in: "$CI_ENV").values
        case .summary: summary = text
        case .jobs: jobs = text
        }
    }
}

/// Lines `key=value`, or `key<<END`, lines, and `END`: GitHub's form of these files.
struct Assignments: Equatable {
    private(set) var values: [String: String] = [:]

    private static let keyBytesMax = 256
    private static let valueBytesMax = 1 << 16

    /// Reads the text of a file; `place` is what people call it.
    init(_ text: String, in place: String) throws(JobRunnerError) {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { $0.last == 0x0D ? $0.dropLast() : $0 }
        var index = lines.startIndex
        while index < lines.endIndex {
            let number = index + 1
            let line = lines[index]
            index += 1
            if line.isEmpty { continue }
            guard let sign = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == 0x3C })
            else { throw Self.problem(place, number, "is no 'key=value'") }
            let key = String(Substring(line[..<sign]))
            var value: String
            if line[sign] == UInt8(ascii: "=") {
                value = String(Substring(line[line.index(after: sign)...]))
            } else {
                guard line[sign...].starts(with: "<<".utf8) else {
                    throw Self.problem(place, number, "is no 'key=value'")
                }
                let end = line[sign...].dropFirst(2)
                guard let last = lines[index...].firstIndex(where: { $0.elementsEqual(end) }),
                    !end.isEmpty
                else { throw Self.problem(place, number, "begins a text that does not end") }
                let parts = lines[index..<last].map { String(Substring($0)) }
                value = parts.joined(separator: "\n")
                index = last + 1
            }
            guard Self.isKey(key) else {
                throw Self.problem(place, number, "has a key that is no name")
            }
            guard value.utf8.count <= Self.valueBytesMax else {
                throw Self.problem(place, number, "holds more than \(Self.valueBytesMax) bytes")
            }
            values[key] = value
        }
    }

    private static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard let first = bytes.first, bytes.count <= keyBytesMax,
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            case _: false
            }
        }
    }

    private static func problem(_ place: String, _ line: Int, _ what: String) -> JobRunnerError {
        JobRunnerError(
            code: .unsafe,
            message: "line \(line) of \(place) \(what); write 'key=value', "
                + "or 'key<<END', the lines and 'END'"
        )
    }
}
