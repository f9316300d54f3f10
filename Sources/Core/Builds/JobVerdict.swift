/// Decides the result of a job whose attempt ended.
///
/// A success that arrives after the cancellation is none: whoever cancelled was told that
/// nothing would come of the build.
package func verdict(
    onEndWith result: BuildResult,
    allowsFailure: Bool,
    isCancelled: Bool
) -> BuildResult {
    if isCancelled { return .cancelled }
    return result == .failure && allowsFailure ? .warnings : result
}
