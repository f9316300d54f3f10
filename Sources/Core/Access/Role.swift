/// Who a caller is, as far as permissions go.
package enum Role: String, Codable, Sendable, CaseIterable {
    /// Everything a person may do.
    case admin
    /// Reads, and starts, cancels and retries builds.
    case developer
    /// As developer, and promotes.
    case release
    /// Reads.
    case viewer
    /// The worker protocol, and nothing a person may do.
    case worker
}

/// What a route asks of its caller.
///
/// Every route names one; there is no other way in.
package enum Permission: Sendable, CaseIterable {
    /// Asked of nobody: health, sign-in, assets.
    case open
    /// Looking at anything.
    case read
    /// Starting, cancelling and retrying builds.
    case build
    /// Having a working tree built that was not pushed: whoever may is trusted with the workers.
    case `try`
    /// Speaking about gates; whose word counts, each gate says.
    case approve
    /// Moving channels and rejecting releases.
    case promote
    /// Repositories, workers, tokens, secrets.
    case administer
    /// The worker protocol.
    case work
    /// Putting blobs and releases into the code store.
    case publish
    /// Telling what a node runs.
    case report
}

/// Decides whether a caller may use a route.
///
/// - Parameters:
///   - permission: What the route asks.
///   - role: The caller's; nil for one who showed nothing.
///   - isReadingOpen: Whether everyone may look, as on loopback and with `--public-read`.
/// - Returns: Whether the request goes on.
package func allows(_ permission: Permission, to role: Role?, isReadingOpen: Bool) -> Bool {
    switch permission {
    case .open: true
    case .read: isReadingOpen || role.map { $0 != .worker } ?? false
    case .report: isReadingOpen || role != nil
    case .build, .try, .approve: role == .admin || role == .developer || role == .release
    case .promote: role == .admin || role == .release
    case .administer: role == .admin
    case .work: role == .worker
    case .publish: role == .admin || role == .release || role == .worker
    }
}
