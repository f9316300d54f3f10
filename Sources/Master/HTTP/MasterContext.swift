import Core
import Hummingbird
import Logging
import NIOCore

/// What travels with one request: who asks, and from where.
package struct MasterContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var principal: Principal
    /// Of the peer, as text; nil where it is not an IP address.
    package let peer: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        principal = .nobody
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// Bodies of JSON calls; routes that take more say so.
    package var maxUploadSize: Int { 2 << 20 }
}

/// Who asks.
package enum Principal: Sendable, Equatable {
    case nobody
    case token(id: String, name: String, role: Role)
    case person(name: String, role: Role, csrf: String)

    /// What decides about permissions; nil for one who showed nothing.
    package var role: Role? {
        switch self {
        case .nobody: nil
        case .token(_, _, let role), .person(_, let role, _): role
        }
    }

    /// The name that goes into records.
    package var name: String {
        switch self {
        case .nobody: "nobody"
        case .token(_, let name, _), .person(let name, _, _): name
        }
    }
}
