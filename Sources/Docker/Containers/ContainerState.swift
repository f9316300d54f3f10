/// What the engine says about one container.
package struct ContainerState: Equatable, Sendable {
    package enum Status: String, Sendable {
        case created
        case running
        case paused
        case restarting
        case removing
        case exited
        case dead
    }

    package var id: String
    package var status: Status
    /// Of the main process; 0 while it runs.
    package var exitCode: Int
    /// Whether the kernel killed any of its processes for want of memory, ever.
    package var hasRunOutOfMemory: Bool
    /// Why it could not be started; empty otherwise.
    package var error: String
    /// RFC 3339; the year 1 before its first start.
    package var startedAt: String

    package var isRunning: Bool { status == .running }

    /// Whether nothing more is to be expected of it: a killed one may be about to be removed.
    package var isSettled: Bool {
        switch status {
        case .created, .running, .paused, .restarting, .removing: false
        case .exited, .dead: exitCode != 128 + 9 || hasRunOutOfMemory
        }
    }
}

extension ContainerState: Decodable {
    private enum Key: String, CodingKey {
        case id = "Id"
        case state = "State"
    }

    private enum StateKey: String, CodingKey {
        case status = "Status"
        case exitCode = "ExitCode"
        case hasRunOutOfMemory = "OOMKilled"
        case error = "Error"
        case startedAt = "StartedAt"
    }

    /// Reads the engine's own JSON, in which everything but the id lies one level deeper.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let state = try container.nestedContainer(keyedBy: StateKey.self, forKey: .state)
        id = try container.decode(String.self, forKey: .id)
        // A word of a newer engine is no reason to fail: dead is what nobody waits for.
        status = Status(rawValue: try state.decode(String.self, forKey: .status)) ?? .dead
        exitCode = try state.decode(Int.self, forKey: .exitCode)
        hasRunOutOfMemory = try state.decode(Bool.self, forKey: .hasRunOutOfMemory)
        error = try state.decode(String.self, forKey: .error)
        startedAt = try state.decode(String.self, forKey: .startedAt)
    }
}
