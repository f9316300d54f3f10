import CodeStore
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// A refusal with everything its reader needs: what is wrong, where, and what to do next.
struct RequestProblem: Error, HTTPResponseError {
    var status: HTTPResponse.Status
    var detail: String
    var reasons: [String]
    var headers: HTTPFields

    init(
        _ status: HTTPResponse.Status,
        _ detail: String,
        reasons: [String] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.detail = detail
        self.reasons = reasons
        self.headers = headers
    }

    static func notFound(_ what: String) -> RequestProblem {
        RequestProblem(.notFound, "There is no \(what).")
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let details = ProblemDetails(
            title: status.reasonPhrase,
            status: status.code,
            detail: detail,
            reasons: reasons.isEmpty ? nil : reasons
        )
        let body = try WireCoding.encoder().encode(details)
        var fields = headers
        fields[.contentType] = "application/problem+json"
        return Response(
            status: status,
            headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

extension RequestProblem {
    /// The refusal that an error of a room below means.
    init(_ error: StorageError) {
        switch error.code {
        case .nameTaken, .conflict, .busy, .staleFence: self.init(.conflict, error.message)
        case .notFound: self.init(.notFound, error.message)
        case .refused: self.init(.forbidden, error.message)
        case .full: self.init(.init(code: 507, reasonPhrase: "Insufficient Storage"), error.message)
        case .corrupt, .other: self.init(.internalServerError, error.message)
        }
    }

    /// The refusal that a log's error means; a gap names where to go on.
    init(_ error: LogError) {
        switch error {
        case .gap(let expected):
            self.init(
                .rangeNotSatisfiable,
                error.description,
                headers: [HTTPField.Name.expectedOffset: String(expected)]
            )
        case .tooLong: self.init(.contentTooLarge, error.description)
        case .noSuchLog: self.init(.notFound, error.description)
        case .system(ENOSPC, _):
            self.init(.init(code: 507, reasonPhrase: "Insufficient Storage"), error.description)
        case .system: self.init(.internalServerError, error.description)
        }
    }
}

extension HTTPField.Name {
    /// Where a log's upload must go on.
    static let expectedOffset = HTTPField.Name("Expected-Offset") ?? .contentRange
}
