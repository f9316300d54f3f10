package import Core

package import struct Foundation.Data

/// A job given to this machine: all that is needed to run it, kept in the berth's `job.json`.
package struct JobAssignment: Equatable, Sendable, Codable {
    package var attempt: Int64
    package var fence: Int
    package var spec: JobSpec
    /// What every step gets, below its own.
    package var environment: [String: String]
    /// What steps read from `$CI_CONTEXT`; nil: nothing is known.
    package var about: JobContext?
    /// Whose caches it takes and makes; nil: it has none.
    package var cacheScope: CacheScope?
    /// The caller's own, given back when the job is found again after a crash.
    package var context: Data

    package init(
        attempt: Int64,
        fence: Int,
        spec: JobSpec,
        environment: [String: String] = [:],
        about: JobContext? = nil,
        cacheScope: CacheScope? = nil,
        context: Data = Data()
    ) {
        self.attempt = attempt
        self.fence = fence
        self.spec = spec
        self.environment = environment
        self.about = about
        self.cacheScope = cacheScope
        self.context = context
    }
}

/// Whose caches a job takes and makes.
///
/// A job writes only for its own ref, and reads beside that only what the default branch has
/// written: what a pull request made never reaches a branch that did not ask for it.
package struct CacheScope: Equatable, Sendable, Codable {
    package var repository: String
    /// The full name of what is built; empty for a bare commit.
    package var ref: String
    /// The full name of the repository's default branch.
    package var mainRef: String

    package init(repository: String, ref: String, defaultBranch: String) {
        self.repository = repository
        self.ref = ref
        mainRef = Ref.branchPrefix + defaultBranch
    }

    /// The refs whose caches it may read, its own first.
    var readable: [String] { ref == mainRef ? [ref] : [ref, mainRef] }
}
