package import struct Foundation.Date

/// Why a build may not begin yet, for a reason outside its graph.
///
/// While a build has any, its jobs stay blocked; when the last one goes, they go on as if the
/// build had just been started. A build has at most one of each kind.
package struct BuildHold: Equatable, Sendable {
    /// What it waits for.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The ref has not been still for long enough.
        case quiet
        /// Somebody asked for a later time.
        case time
        /// Other builds of its group run.
        case concurrency
        /// A person must say that it may run at all; even a retry needs it.
        case approval
    }

    package var kind: Kind
    /// When it goes by itself: quiet and time know.
    package var until: Date?
    /// What kept it: the group of a concurrency hold.
    package var subject: String?
    /// The sentence people read.
    package var reason: String

    package init(kind: Kind, until: Date? = nil, subject: String? = nil, reason: String) {
        self.kind = kind
        self.until = until
        self.subject = subject
        self.reason = reason
    }
}

extension BuildHold {
    /// Not before a time that somebody named.
    package static func time(until: Date) -> BuildHold {
        BuildHold(
            kind: .time,
            until: until,
            reason: "It was asked for no sooner than \(CivilMoment(until)) UTC."
        )
    }

    /// Until a person has said yes; the sentence says who may, and why.
    package static func approval(_ reason: String) -> BuildHold {
        BuildHold(kind: .approval, reason: reason)
    }
}

extension BuildHold.Kind {
    /// What the build's reason says when a person has lifted it.
    package func lifted(by actor: String) -> String {
        switch self {
        case .quiet, .time, .concurrency: "begun early by \(actor)"
        case .approval: "approved by \(actor)"
        }
    }
}

extension [BuildHold] {
    /// What its jobs say while they wait.
    package var sentence: String { map(\.reason).joined(separator: " ") }
}
