import CLibgit2
import Glibc

/// The C library, prepared once for the whole process.
enum Libgit2 {
    /// What the installed build of libgit2 can do.
    static let features: git_feature_t = {
        start()
        return git_feature_t(rawValue: numericCast(git_libgit2_features()))
    }()

    /// Whether `ssh://` works with the installed build.
    static var speaksSSH: Bool { features.rawValue & GIT_FEATURE_SSH.rawValue != 0 }

    /// Prepares the library; every handle is made after this.
    static func start() { _ = started }

    private static let objectCacheBytesMax = 64 << 20

    private static let started: Void = {
        precondition(git_libgit2_init() > 0, "libgit2 could not be initialised")
        // Nobody's personal configuration may change what we do: `url.*.insteadOf` would
        // undo the checks of a URL, `core.autocrlf` the bytes of a checkout.
        for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL] {
            _ = slipway_git_set_search_path(level.rawValue, "")
        }
        // The check protects people whose tools run commands that a stranger's configuration
        // names. We run none, and a service reads repositories that other users own.
        _ = slipway_git_set_owner_validation(0)
        _ = slipway_git_set_cache_bytes_max(objectCacheBytesMax)
        // A pack that a power failure leaves half written would be taken for whole for ever.
        _ = slipway_git_set_fsync(1)
        trustAuthorities()
        GuardedSocket.register()
    }()

    /// Trusts, instead of the system's authorities, those of the file or folder that Git itself
    /// would: a company's own authority needs no change of the machine.
    private static func trustAuthorities() {
        let file = getenv("GIT_SSL_CAINFO")
        let folder = getenv("GIT_SSL_CAPATH")
        if file != nil || folder != nil { _ = slipway_git_set_authorities(file, folder) }
    }
}
