package import Core

/// What became of a gate, and of the job that waited at it.
package struct GateMove: Sendable {
    package var gate: Gate
    /// Set when the gate is decided.
    package var end: JobEnd?

    package init(gate: Gate, end: JobEnd? = nil) {
        self.gate = gate
        self.end = end
    }
}
