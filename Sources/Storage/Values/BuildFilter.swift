package import Core

/// Which builds a list wants; nil matches all.
package struct BuildFilter: Sendable {
    package var repository: String?
    package var ref: String?
    package var pipeline: String?
    package var state: Progress?
    package var result: BuildResult?

    package init(
        repository: String? = nil,
        ref: String? = nil,
        pipeline: String? = nil,
        state: Progress? = nil,
        result: BuildResult? = nil
    ) {
        self.repository = repository
        self.ref = ref
        self.pipeline = pipeline
        self.state = state
        self.result = result
    }
}
