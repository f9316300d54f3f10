package import Core

/// What a master is told when it starts.
package struct MasterConfiguration: Sendable {
    /// Databases, logs and mirrors lie here.
    package var data: String
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// Everyone may look, also from elsewhere than this machine.
    package var isReadingPublic: Bool
    package var leases: LeaseTerms
    /// Of this server, as steps and links name it; nil: made of host and port.
    package var address: String?
    /// Which pull requests a person must let through before their first build.
    package var approval: ApprovalRule
    /// Whoever wrote a commit or started its build may open the build's gates.
    package var ownersMayOpenGates: Bool

    package init(
        data: String,
        host: String = "127.0.0.1",
        port: Int = 8_010,
        isReadingPublic: Bool = false,
        leases: LeaseTerms = .standard,
        address: String? = nil,
        approval: ApprovalRule = .outside,
        ownersMayOpenGates: Bool = false
    ) {
        self.data = data
        self.host = host
        self.port = port
        self.isReadingPublic = isReadingPublic
        self.leases = leases
        self.address = address
        self.approval = approval
        self.ownersMayOpenGates = ownersMayOpenGates
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.utf8.starts(with: "127.".utf8)
    }

    /// The address that links begin with, without a slash at the end.
    var url: String {
        if let address { return address }
        let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
        return "http://\(isIPv6 ? "[\(host)]" : host):\(port)"
    }
}
