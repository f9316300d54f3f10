import Docker
import Glibc

/// Secrets of one step as files in this machine's memory, for an image without a shell to read.
///
/// They outlive the process, because the step does, and are removed with the step's berth.
struct SecretFolder {
    private let path: String
    /// Which files it holds, by the variables that name them.
    private(set) var paths: [String: String] = [:]

    /// Where they are in a container.
    static let target = "/run/secrets"

    /// Where there is memory behind a path; looked for in this order.
    private static var memory: [String] {
        let own = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }
        return [own, "/dev/shm"].compactMap(\.self)
    }

    init(of berth: BerthFolder, instance: String, _ step: Int, names: [String]) throws {
        guard let root = Self.memory.first(where: Self.isMemory) else {
            throw JobRunnerError(
                code: .missing,
                message: "this machine has no folder in memory to put secrets into: neither "
                    + "$XDG_RUNTIME_DIR nor /dev/shm is a tmpfs"
            )
        }
        path = "\(Self.place(in: root, instance))/\(berth.id)/\(step)"
        for name in names { paths[name] = "\(Self.target)/\(name)" }
    }

    var mount: Mount { .bind(source: path, target: Self.target, isReadOnly: true) }

    /// Writes each file so that only its owner and a container's root can read it.
    func write(_ files: [String: [UInt8]]) throws {
        try Folder.createAll(path)
        for (name, bytes) in files {
            try Folder.write(bytes, to: "\(path)/\(try component(name))")
        }
    }

    /// Removes those of all berths but these.
    static func removeAll(of instance: String, but living: Set<String>) throws {
        for root in memory {
            let place = place(in: root, instance)
            guard access(place, F_OK) == 0 else { continue }
            let folder = try Descriptor.open(place, O_RDONLY | O_DIRECTORY)
            let names = try Folder.names(folder)
            for name in names where !living.contains(name) {
                try TreeRemoval.remove("\(place)/\(name)")
            }
            if names.allSatisfy({ !living.contains($0) }) { rmdir(place) }
        }
    }

    /// Removes those of one berth.
    static func remove(of berth: BerthFolder, instance: String) throws {
        for root in memory {
            let place = place(in: root, instance)
            try TreeRemoval.remove("\(place)/\(berth.id)")
            // With the last berth's the folder goes too.
            rmdir(place)
        }
    }

    private static func place(in root: String, _ instance: String) -> String {
        "\(root)/slipway-\(instance)"
    }

    /// Whether a file system that is on no disk begins at the path.
    private static func isMemory(_ path: String) -> Bool {
        guard access(path, W_OK) == 0,
            let mounts = try? Descriptor.open("/proc/self/mounts", O_RDONLY)
                .read(at: 0, count: 1 << 20)
        else { return false }
        return mounts.split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            return fields.count > 2 && fields[1].elementsEqual(path.utf8)
                && (fields[2].elementsEqual("tmpfs".utf8) || fields[2].elementsEqual("ramfs".utf8))
        }
    }
}
