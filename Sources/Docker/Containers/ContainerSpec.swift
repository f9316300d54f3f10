/// A container to be made, in typed fields: there is no way to pass a free option.
///
/// There is no environment but a file's: everybody on the machine may read a command line. What
/// the file holds, `docker inspect` shows.
package struct ContainerSpec: Sendable {
    package var name: String
    package var image: ImageReference
    /// Replaces the image's own; nil keeps it.
    package var entrypoint: String?
    package var command: [String]
    package var labels: [String: String]
    package var mounts: [Mount]
    package var workdir: String?
    /// The absolute path of a file of lines `NAME=value`.
    package var environmentFile: String?
    package var hostname: String
    package var network: NetworkMode
    /// Its name for the others of a named network.
    package var networkAlias: String?
    package var limits: ResourceLimits
    package var profile: CapabilityProfile
    package var log: LogKeeping
    /// Seconds between TERM and KILL when the engine stops it.
    package var stopTimeout: Int

    package init(
        name: String,
        image: ImageReference,
        entrypoint: String? = nil,
        command: [String] = [],
        labels: [String: String] = [:],
        mounts: [Mount] = [],
        workdir: String? = nil,
        environmentFile: String? = nil,
        hostname: String = "build",
        network: NetworkMode = .bridge,
        networkAlias: String? = nil,
        limits: ResourceLimits = ResourceLimits(),
        profile: CapabilityProfile = .compat,
        log: LogKeeping = .none,
        stopTimeout: Int = 10
    ) {
        self.name = name
        self.image = image
        self.entrypoint = entrypoint
        self.command = command
        self.labels = labels
        self.mounts = mounts
        self.workdir = workdir
        self.environmentFile = environmentFile
        self.hostname = hostname
        self.network = network
        self.networkAlias = networkAlias
        self.limits = limits
        self.profile = profile
        self.log = log
        self.stopTimeout = stopTimeout
    }
}

/// What a container may reach.
package enum NetworkMode: Hashable, Sendable {
    /// The engine's default bridge.
    case bridge
    case none
    /// A network made before.
    case named(String)

    func argument() throws(DockerError) -> String {
        switch self {
        case .bridge: "--network=bridge"
        case .none: "--network=none"
        case .named(let name): "--network=\(try Argument.name(name))"
        }
    }
}

/// What the engine keeps of the main process's output.
package enum LogKeeping: Hashable, Sendable {
    case none
    /// The bytes as they were written, in files of at most so many bytes; the oldest of five goes.
    case bytes(fileMax: Int)

    var arguments: [String] {
        switch self {
        case .none: ["--log-driver=none"]
        case .bytes(let fileMax):
            ["--log-driver=local", "--log-opt=max-size=\(fileMax)", "--log-opt=max-file=5"]
        }
    }
}

/// What the processes of a container may do.
package enum CapabilityProfile: String, Sendable, CaseIterable {
    /// Root inside, with the five capabilities package managers need.
    case compat
    /// User 1000, nothing added, and a root file system that cannot be written.
    case strict

    var arguments: [String] {
        switch self {
        case .compat:
            ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"].map { "--cap-add=\($0)" }
                // An image's own user could not write the workspace.
                + ["--user=0:0"]
        case .strict:
            [
                "--user=1000:1000", "--read-only",
                "--tmpfs=/tmp:rw,nosuid,nodev,size=256m,mode=1777",
            ]
        }
    }
}

/// How much of the machine a container may take.
package struct ResourceLimits: Hashable, Sendable {
    package var processes: Int
    /// Bytes, swap included.
    package var memory: Int
    /// Bytes of `/dev/shm`.
    package var sharedMemory: Int
    /// Nil: all of them.
    package var processors: Double?
    /// Per process; more than the engine itself may open makes it start nothing.
    package var openFiles: Int

    package init(
        processes: Int = 512,
        memory: Int = 2 << 30,
        sharedMemory: Int = 64 << 20,
        processors: Double? = nil,
        openFiles: Int = 4_096
    ) {
        self.processes = processes
        self.memory = memory
        self.sharedMemory = sharedMemory
        self.processors = processors
        self.openFiles = openFiles
    }

    var arguments: [String] {
        [
            "--pids-limit=\(processes)", "--memory=\(memory)", "--memory-swap=\(memory)",
            "--shm-size=\(sharedMemory)", "--ulimit=core=0",
            "--ulimit=nofile=\(openFiles):\(openFiles)",
            "--oom-score-adj=500",
        ] + (processors.map { ["--cpus=\($0)"] } ?? [])
    }
}

extension ContainerSpec {
    /// The arguments behind `docker create` or `docker run`.
    func arguments() throws(DockerError) -> [String] {
        var arguments = ["--name=\(try Argument.name(name))"]
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let value = try Argument.text(value, "label value")
            arguments.append("--label=\(try Argument.labelKey(key))=\(value)")
        }
        // Whether the image is here was decided before; a hidden pull would break the deadline.
        // A health check of the image's would run beside the steps and count against the limits.
        arguments += [
            "--pull=never", "--init", "--restart=no", "--no-healthcheck",
            "--cap-drop=ALL", "--security-opt=no-new-privileges:true", "--ipc=private",
            "--cgroupns=private", "--hostname=\(try Argument.name(hostname))",
            "--stop-timeout=\(stopTimeout)",
        ]
        arguments += log.arguments + profile.arguments + limits.arguments
        arguments.append(try network.argument())
        if let networkAlias {
            arguments.append("--network-alias=\(try Argument.name(networkAlias))")
        }
        if let environmentFile {
            arguments.append("--env-file=\(try Argument.path(environmentFile, "file"))")
        }
        for mount in mounts { arguments.append(try mount.argument()) }
        if let workdir { arguments.append("--workdir=\(try Argument.path(workdir, "folder"))") }
        if let entrypoint {
            arguments.append("--entrypoint=\(try Argument.text(entrypoint, "entrypoint"))")
        }
        for word in command where word.utf8.contains(0) {
            throw DockerError(code: .refused, message: "\(quoted(word)) holds a NUL byte")
        }
        return arguments + ["--", image.text] + command
    }
}
