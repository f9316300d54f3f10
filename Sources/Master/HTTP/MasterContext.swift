import Core
import Hummingbird
import Logging
import NIOCore

/// What travels with one request: who asks, and from where.
struct MasterContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    var principal: Principal
    /// Of the session, as the browser sent it; nil for tokens and strangers.
    var cookie: String?
    /// Of the peer, as text; nil where it is not an IP address.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        principal = .nobody
        cookie = nil
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// Bodies of JSON calls; routes that take more say so.
    var maxUploadSize: Int { 2 << 20 }
}

/// Who asks.
enum Principal: Sendable, Equatable {
    case nobody
    case token(id: String, name: String, role: Role)
    case person(name: String, role: Role, csrf: String)

    /// What decides about permissions; nil for one who showed nothing.
    var role: Role? {
        switch self {
        case .nobody: nil
        case .token(_, _, let role), .person(_, let role, _): role
        }
    }

    /// The name that goes into records.
    var name: String {
        switch self {
        case .nobody: "nobody"
        case .token(_, let name, _), .person(let name, _, _): name
        }
    }
}
