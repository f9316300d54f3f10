import Foundation

/// Where Slipway keeps things on this machine, by the rules of XDG.
struct Folders {
    var environment: [String: String]

    static let standard = Folders(environment: ProcessInfo.processInfo.environment)

    /// `$SLIPWAY_DATA`, `$XDG_STATE_HOME/slipway` or `~/.local/state/slipway`.
    var data: URL {
        if let folder = environment["SLIPWAY_DATA"], !folder.isEmpty {
            return URL(filePath: folder, directoryHint: .isDirectory)
        }
        return base("XDG_STATE_HOME", else: ".local/state").appending(path: "slipway")
    }

    /// What `slipway up` wrote on its first start.
    var adminToken: URL { data.appending(path: "admin-token") }

    /// `$XDG_CONFIG_HOME/slipway/credentials`, or below `~/.config`.
    var credentials: URL {
        base("XDG_CONFIG_HOME", else: ".config").appending(path: "slipway/credentials")
    }

    /// XDG says that a path that is not absolute is as good as none.
    private func base(_ variable: String, else standard: String) -> URL {
        if let folder = environment[variable], folder.utf8.first == UInt8(ascii: "/") {
            return URL(filePath: folder, directoryHint: .isDirectory)
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return URL(filePath: home, directoryHint: .isDirectory).appending(path: standard)
    }
}
