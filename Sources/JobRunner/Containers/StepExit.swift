/// What the loop of a container says about a step that has ended: the content of `N.exit`.
struct StepExit: Equatable {
    /// 0 to 255.
    var code: Int
    /// Processes of the container that the kernel killed meanwhile, because memory ran out.
    var memoryKills: Int

    init(code: Int) {
        self.code = code
        memoryKills = 0
    }

    /// A longer file was not written by the loop.
    static let lengthMax = 32

    /// Reads `CODE KILLS` and a newline; nil if it is anything else.
    init?(_ bytes: [UInt8]) {
        let words = bytes.dropLast().split(separator: UInt8(ascii: " "))
            .map { Int(String(decoding: $0, as: UTF8.self)) }
        guard words.count == 2, let code = words[0], let kills = words[1],
            (0...255).contains(code), kills >= 0
        else { return nil }
        self.code = code
        memoryKills = kills
    }

    /// Why it failed, where the code alone does not say; nil when it does.
    var reason: String? {
        if code == 0 { return nil }
        if memoryKills == 0 { return signalName.map { "ended by signal \($0)" } }
        if code == 128 + 9 {
            return "killed by the kernel, because the container ran out of memory"
        }
        return "exit code \(code), after the kernel had killed a process of it, "
            + "because the container ran out of memory"
    }

    /// The signal behind a shell's exit code; nil when there was none.
    private var signalName: String? {
        let names = [
            1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL",
            11: "SEGV", 13: "PIPE", 14: "ALRM", 15: "TERM", 24: "XCPU", 25: "XFSZ", 31: "SYS",
        ]
        return names[code - 128].map { "\(code - 128) (SIG\($0))" }
    }
}
