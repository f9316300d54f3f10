/// What runs inside a container: a loop that waits for step numbers in a FIFO.
enum StepLoop {
    /// Where the spool folder is inside a container.
    static let spool = "/run/ci"
    /// How the names of secrets that are files begin, in every container's own memory.
    static let secretFiles = "/dev/shm/slipway"

    /// The main process, for any POSIX shell; its argument is the container's number.
    ///
    /// It holds the FIFO open for reading and writing, so that writers never block and a reader is
    /// there exactly as long as the loop lives. A claim is made once and for all: a number that is
    /// sent again, after our process was killed, starts nothing. Only builtins but for the step
    /// itself, because each program started costs more than all the rest. The newline says that the
    /// exit file is complete. TERM must not end the loop before it has written the code. Beside the
    /// code stands how many processes the kernel killed for want of memory meanwhile, by the count
    /// of cgroup v2 or v1: the engine says it only of a container's first process, if at all.
    static let text = """
        exec 3<>"\(spool)/$1.in"
        : >"\(spool)/$1.ready"
        trap : TERM
        set -C
        count_kills() {
            for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
                [ -r "$file" ] || continue
                while read -r key count; do
                    [ "$key" != oom_kill ] || kills=$count
                done <"$file"
            done
        }
        while read -r step <&3; do
            case $step in '' | *[!0-9]*) continue ;; esac
            command : 2>/dev/null >"\(spool)/$step.claim" || continue
            kills=0
            count_kills
            before=$kills
            (. "\(spool)/$step.sh") </dev/null >>"\(spool)/$step.out" 2>&1 3>&-
            code=$?
            for file in \(secretFiles)-"$step"-*; do
                [ ! -f "$file" ] || : >|"$file"
            done
            count_kills
            until echo "$code $((kills - before))" >|"\(spool)/$step.exit"; do sleep 1; done
        done
        """

    /// The text of `N.sh`: the variables, the secrets, which come through a FIFO, then the user's
    /// own text in a shell of its own.
    static func prelude(
        _ step: Int,
        environment: [String: String],
        shell: String? = nil,
        hasSecrets: Bool = false
    ) throws(JobRunnerError) -> String {
        var lines: [String] = []
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard isName(name) else {
                throw JobRunnerError(
                    code: .unsafe,
                    message: "\(printable(name)) cannot name a variable; use letters, digits, '_'"
                )
            }
            guard !value.utf8.contains(0) else {
                throw JobRunnerError(
                    code: .unsafe,
                    message: "the variable \(name) holds a NUL byte, which no program can receive"
                )
            }
            lines.append("export \(name)=\(quoted(value))")
        }
        if hasSecrets { lines.append(". \(spool)/\(step).secrets") }
        lines.append("exec \(words(ofShell: shell)) \(spool)/\(step).run")
        return lines.joined(separator: "\n") + "\n"
    }

    /// How a shell is started so that the first failing command ends it, where it can do that.
    private static func words(ofShell shell: String?) -> String {
        switch shell {
        case nil, "sh", "/bin/sh": "/bin/sh -e"
        case "bash", "/bin/bash": "bash -eo pipefail"
        case let shell?:
            shell.utf8.split(separator: UInt8(ascii: " "))
                .map { quoted(String(decoding: $0, as: UTF8.self)) }.joined(separator: " ")
        }
    }

    /// One word for the shell, whatever the bytes.
    static func quoted(_ text: String) -> String {
        let quote = UInt8(ascii: "'")
        let escaped = text.utf8.flatMap { $0 == quote ? Array("'\\''".utf8) : [$0] }
        return "'\(String(decoding: escaped, as: UTF8.self))'"
    }

    private static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 256, !isDigit(first) else { return false }
        return bytes.allSatisfy {
            isDigit($0) || $0 == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
