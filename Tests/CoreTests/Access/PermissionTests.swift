import Core
import Testing

@Suite struct PermissionTests {
    /// Who may do what: `+` yes, `-` no, `o` only where reading is open to everyone.
    private static let table = """
                    nobody viewer developer release admin worker
        open        +      +      +         +       +     +
        read        o      +      +         +       +     o
        build       -      -      +         +       +     -
        try         -      -      +         +       +     -
        approve     -      -      +         +       +     -
        promote     -      -      -         +       +     -
        administer  -      -      -         -       +     -
        work        -      -      -         -       -     +
        publish     -      -      -         +       +     +
        report      o      +      +         +       +     +
        """

    @Test func `the table names every permission and every role`() {
        let lines = Self.table.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.dropFirst().map { String($0[0]) } == Permission.allCases.map { "\($0)" })
        #expect(
            Set(lines[0].map(String.init)) == Set(["nobody"] + Role.allCases.map(\.rawValue))
        )
    }

    @Test func `every permission is given exactly to those in the table`() {
        let lines = Self.table.split(separator: "\n").map { $0.split(separator: " ") }
        let roles = lines[0].map { Role(rawValue: String($0)) }
        for (permission, line) in zip(Permission.allCases, lines.dropFirst()) {
            for (role, mark) in zip(roles, line.dropFirst()) {
                for isReadingOpen in [false, true] {
                    let expected = mark == "+" || mark == "o" && isReadingOpen
                    #expect(
                        allows(permission, to: role, isReadingOpen: isReadingOpen) == expected,
                        "\(permission) to \(role?.rawValue ?? "nobody"), open: \(isReadingOpen)"
                    )
                }
            }
        }
    }
}
