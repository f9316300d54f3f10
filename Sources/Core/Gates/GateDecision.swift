/// Somebody who wants to open or reject a gate.
package struct GateCaller: Equatable, Sendable {
    package var name: String
    package var teams: [String]

    package init(name: String, teams: [String] = []) {
        self.name = name
        self.teams = teams
    }
}

/// Whose build it is that waits: they may not open its gates, unless the server allows it.
package struct GateOwners: Equatable, Sendable {
    /// Names and addresses: of the commit's author, and of who started the build.
    package var names: [String]
    package var mayOpen: Bool

    package init(names: [String], mayOpen: Bool = false) {
        self.names = names
        self.mayOpen = mayOpen
    }
}

/// What follows when somebody speaks about a gate.
package enum GateStep: Equatable, Sendable {
    /// It does not count, for this reason.
    case refused(String)
    /// It was said before, or does not suffice yet.
    case noted
    case opens
    case rejects
}

/// Decides what somebody's word about a gate does.
///
/// Approvals come from different people: who says it twice has said it once. Whoever may open a
/// gate may reject it, and so may the owners of the build.
package func decide(
    _ verdict: GateWord.Verdict,
    on gate: Gate,
    by caller: GateCaller,
    owners: GateOwners
) -> GateStep {
    switch gate.state {
    case .waiting: break
    case .open, .rejected, .expired, .cancelled:
        return .refused(
            "The gate \(gate.name) is decided: it is \(gate.state.rawValue)."
        )
    }
    let isOwner = owners.names.contains { isSamePerson($0, caller.name) }
    switch verdict {
    case .rejected:
        return isApprover(caller, of: gate) || isOwner ? .rejects : notAsked(caller, gate)
    case .approved:
        guard isApprover(caller, of: gate) else { return notAsked(caller, gate) }
        if isOwner && !owners.mayOpen {
            return .refused(
                "\(caller.name) wrote this commit or started this build: somebody else has to "
                    + "open the gate \(gate.name)."
            )
        }
        let others = gate.approvals.filter { !isSamePerson($0, caller.name) }
        return others.count + 1 >= gate.needed ? .opens : .noted
    }
}

private func notAsked(_ caller: GateCaller, _ gate: Gate) -> GateStep {
    .refused("\(caller.name) is not asked here. \(gate.sentence)")
}

private func isApprover(_ caller: GateCaller, of gate: Gate) -> Bool {
    if gate.approvers.isEmpty { return true }
    return gate.approvers.contains { approver in
        if let team = Gate.team(in: approver) { return caller.teams.contains(team) }
        return isSamePerson(approver, caller.name)
    }
}

/// Whether two names are one person's: the same but for the case of their letters, or the one is
/// the part before the `@` of the other.
private func isSamePerson(_ one: String, _ other: String) -> Bool {
    let (left, right) = (folded(one), folded(other))
    return left == right || local(left) == right || left == local(right)
}

private func folded(_ name: String) -> [UInt8] {
    name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
}

private func local(_ name: [UInt8]) -> [UInt8] {
    Array(name.prefix { $0 != UInt8(ascii: "@") })
}
