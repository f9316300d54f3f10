import CodeStore
import Core
import HTTPTypes
import Hummingbird
import Logging
import Storage

/// Turns errors into answers, at this one place.
///
/// What nobody foresaw gets a number that the log also has; its text stays in the log.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = MasterContext

    /// Draws a problem for a browser; nil answers with JSON.
    let page: @Sendable (RequestProblem, Request, MasterContext) async -> Response?

    func handle(
        _ request: Request,
        context: MasterContext,
        next: (Request, MasterContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let redirection as Redirection {
            return redirection.response(from: request, context: context)
        } catch {
            let problem = problem(for: error, request, context)
            if request.wantsPage, let page = await page(problem, request, context) { return page }
            return try problem.response(from: request, context: context)
        }
    }

    private func problem(
        for error: any Error,
        _ request: Request,
        _ context: MasterContext
    ) -> RequestProblem {
        switch error {
        case let problem as RequestProblem: return problem
        case let error as StorageError where error.code != .other: return RequestProblem(error)
        case let error as LogError: return RequestProblem(error)
        case let error as CodeStoreError: return RequestProblem(error)
        case let error as ReleaseProblem: return RequestProblem(.badRequest, "\(error)")
        case let error as HTTPError where error.status == .notFound:
            return .notFound("page or call at \(request.uri.path)")
        case let error as HTTPError:
            return RequestProblem(error.status, error.body ?? error.status.reasonPhrase)
        case _:
            context.logger.error(
                "Request failed",
                metadata: ["error": "\(error)", "path": "\(request.uri.path)"]
            )
            return RequestProblem(
                .internalServerError,
                "Something of ours broke; the server's log has it as request \(context.id)."
            )
        }
    }
}
