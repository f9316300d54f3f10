package import Core

/// A build that something holds back, with all that does.
package struct HeldBuild: Sendable {
    package var build: Build
    package var holds: [BuildHold]

    package init(build: Build, holds: [BuildHold]) {
        self.build = build
        self.holds = holds
    }
}
