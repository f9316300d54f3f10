import Core
import Glibc

/// What the secrets of one job are; only ever in memory.
struct SecretValues: Sendable {
    private let values: [String: String]
    let masks: Masks

    static let none = SecretValues([:], masks: .none)
    /// What the steps of a job get at once must fit into a pipe.
    static let scriptBytesMax = 60_000

    init(_ values: [String: String]) throws(JobRunnerError) {
        guard values.values.reduce(0, { $0 + $1.utf8.count }) <= Masks.bytesMax else {
            throw JobRunnerError(
                code: .tooMuch,
                message: "the secrets of the job are longer than \(Masks.bytesMax) bytes together, "
                    + "which is more than its logs can be searched for"
            )
        }
        self.init(values, masks: Masks(values.values))
    }

    private init(_ values: [String: String], masks: Masks) {
        self.values = values
        self.masks = masks
    }

    /// The names whose values no log can hide, because they are too short.
    var unhidden: [String] {
        values.filter { !SecretSpellings.isHideable($0.value) }.map(\.key).sorted()
    }

    /// What a step's shell reads before the step begins: each secret as a variable, or as a file
    /// in the container's memory whose path is in the variable.
    func script(for step: StepSpec, _ index: Int) throws(JobRunnerError) -> [UInt8] {
        var lines = ""
        for request in step.secrets {
            let value = try value(of: request.from)
            let name = request.variable
            switch request.form {
            case .env:
                lines += "export \(name)=\(StepLoop.quoted(value))\n"
            case .file:
                lines += """
                    \(name)=\(StepLoop.secretFiles)-\(index)-\(name)
                    (umask 077; printf %s \(StepLoop.quoted(value)) >|"$\(name)")
                    export \(name)

                    """
            }
        }
        guard lines.utf8.count <= Self.scriptBytesMax else {
            throw JobRunnerError(
                code: .tooMuch,
                message: "the secrets of the step \(step.name) are longer than "
                    + "\(Self.scriptBytesMax) bytes together"
            )
        }
        return Array(lines.utf8)
    }

    /// The contents of the files that a step without a shell gets, by their variables.
    func files(for step: StepSpec) throws(JobRunnerError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for request in step.secrets {
            files[request.variable] = Array(try value(of: request.from).utf8)
        }
        return files
    }

    private func value(of name: String) throws(JobRunnerError) -> String {
        guard let value = values[name] else {
            throw JobRunnerError(code: .missing, message: "the secret \(name) is not known")
        }
        guard !value.utf8.contains(0) else {
            throw JobRunnerError(
                code: .unsafe,
                message: "the secret \(name) holds a NUL byte, which no program can receive"
            )
        }
        return value
    }
}

extension SecretValues: CustomStringConvertible, CustomReflectable {
    var description: String { "(\(values.count) secrets)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
