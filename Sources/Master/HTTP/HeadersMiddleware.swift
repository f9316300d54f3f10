import HTTPTypes
import Hummingbird

/// Puts the security headers on every answer, each exactly once.
struct HeadersMiddleware: RouterMiddleware {
    typealias Context = MasterContext

    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    private static let fields: [(HTTPField.Name?, String)] = [
        (.init("X-Frame-Options"), "DENY"),
        (.init("Referrer-Policy"), "no-referrer"),
        (
            .init("Permissions-Policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        ),
        (.init("Cross-Origin-Opener-Policy"), "same-origin"),
        (.init("Cross-Origin-Resource-Policy"), "same-origin"),
        (.xContentTypeOptions, "nosniff"),
    ]

    func handle(
        _ request: Request,
        context: MasterContext,
        next: (Request, MasterContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.fields {
            if let name { response.headers[name] = value }
        }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.policy
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
