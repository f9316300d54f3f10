import Foundation
import Glibc
import NIOCore
import Wire

/// Something that was looked at on this machine.
struct Finding: Equatable, Encodable, Sendable {
    var subject: String
    var isProblem: Bool
    var observation: String
    /// What to do where it is a problem.
    var remedy: String?
}

/// The checks of `slipway doctor`.
struct Examination {
    var connection: Connection
    var folders: Folders

    func findings() async -> [Finding] {
        async let engine = engine()
        async let git = git()
        async let server = server()
        return await [engine, git, data(), disk(), server, token()]
    }

    private func git() async -> Finding {
        switch await Program("git", "--version").outcome() {
        case .success(let version):
            return Finding(subject: "git", isProblem: false, observation: version)
        case .failure(let error):
            return Finding(
                subject: "git",
                isProblem: true,
                observation: error.message,
                remedy: "install git: people push with it, and steps may call it"
            )
        }
    }

    /// Whether the data folder can be written, or made.
    private func data() -> Finding {
        let folder = folders.data.path
        let existing = Self.existing(folders.data)
        let isThere = existing == folder
        guard access(existing, W_OK) == 0, access(existing, X_OK) == 0 else {
            return Finding(
                subject: "data",
                isProblem: true,
                observation: "\(existing) cannot be written",
                remedy: "make it this user's, or name another folder with --data or SLIPWAY_DATA"
            )
        }
        return Finding(
            subject: "data",
            isProblem: false,
            observation: isThere ? folder : "\(folder), which will be made"
        )
    }

    private func disk() -> Finding {
        let existing = Self.existing(folders.data)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing)
        guard let free = attributes?[.systemFreeSize] as? NSNumber else {
            return Finding(
                subject: "disk",
                isProblem: true,
                observation: "the free space of \(existing) is not known"
            )
        }
        let bytesWanted = 2 * 1_024 * 1_024 * 1_024
        return Finding(
            subject: "disk",
            isProblem: free.intValue < bytesWanted,
            observation: "\(Spoken.size(free.intValue)) free for \(folders.data.path)",
            remedy: "make room: logs, mirrors and releases want at least 2 GiB"
        )
    }

    private func server() async -> Finding {
        var connection = connection
        connection.timeout = .seconds(5)
        do throws(CommandError) {
            let there: VersionMessage = try await connection.get(try APIPath("version"))
            return Finding(
                subject: "server",
                isProblem: there.version != slipwayVersion,
                observation: "\(connection.server) has version \(there.version)",
                remedy: "this program is \(slipwayVersion): bring both to one version"
            )
        } catch {
            return Finding(
                subject: "server",
                isProblem: true,
                observation: error.message,
                remedy: error.hint
            )
        }
    }

    private func token() -> Finding {
        let observation =
            switch connection.credentials?.source {
            case .flag: "from --token"
            case .variable: "from SLIPWAY_TOKEN"
            case .file(let path): "from \(path)"
            case .adminToken(let path): "the admin's, from \(path)"
            case nil: "none found for \(connection.server)"
            }
        return Finding(
            subject: "token",
            isProblem: connection.credentials == nil,
            observation: observation,
            remedy: "writing needs one: --token, SLIPWAY_TOKEN or \(folders.credentials.path)"
        )
    }

    /// The folder itself or the nearest one above it that is there.
    static func existing(_ folder: URL) -> String {
        var folder = folder.standardizedFileURL
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder.path
    }
}
