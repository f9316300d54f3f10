import Core
import Docker
import Git

extension Verdict {
    /// Whose fault an error is: the job's own is a failure, our machinery's an exception.
    init(_ error: any Error) {
        switch error {
        case let error as DockerError:
            self.init(Self.result(of: error.code), "\(error)")
        case let error as JobRunnerError:
            self.init(Self.result(of: error.code), error.message)
        case let error as SubmoduleError:
            self.init(Self.result(of: error.code), error.message)
        case let error as ExpressionError:
            self.init(.failure, error.message)
        case _:
            self.init(.exception, "\(error)")
        }
    }

    private static func result(of code: DockerError.Code) -> BuildResult {
        switch code {
        case .imageNotFound, .refused: .failure
        case .engineUnavailable, .registryUnavailable, .notFound, .notShared, .timedOut,
            .outputTooLong, .other:
            .exception
        }
    }

    private static func result(of code: JobRunnerError.Code) -> BuildResult {
        switch code {
        case .unsafe, .missing, .tooMuch, .image, .noShell: .failure
        case .file, .damaged, .rootInUse: .exception
        }
    }

    private static func result(of code: SubmoduleError.Code) -> BuildResult {
        switch code {
        case .refused, .missing: .failure
        case .unavailable: .exception
        }
    }
}
