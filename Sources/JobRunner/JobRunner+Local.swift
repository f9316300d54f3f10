import Docker
package import Logging

extension JobRunner {
    /// A runner on this machine's own Docker, as the `docker` command finds it.
    ///
    /// - Parameters:
    ///   - root: The folder of berths; made when it does not exist.
    ///   - logger: Gets what nobody is told otherwise.
    /// - Throws: ``JobRunnerError``.
    package convenience init(root: String, logger: Logger) throws {
        try self.init(root: root, engine: DockerEngine(), logger: logger)
    }

    /// The same for one run by hand: no container waits for a job that may never come.
    package convenience init(keepingNothingWarmIn root: String, logger: Logger) throws {
        let settings = JobRunnerSettings(warmImagesMax: 0)
        try self.init(root: root, engine: DockerEngine(), settings: settings, logger: logger)
    }
}
