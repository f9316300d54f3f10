/// A length in a drawing.
///
/// Tenths are enough for the eye, and short numbers keep pages small and golden files stable.
struct Length: Equatable, Sendable {
    /// In tenths of a pixel.
    private var tenths: Int

    init(_ pixels: Double) {
        tenths = Int((pixels.isFinite ? min(max(pixels, -1e6), 1e6) : 0) * 10 + 0.5)
    }

    /// Without a trailing `.0`.
    var text: String {
        let sign = tenths < 0 ? "-" : ""
        let whole = tenths.magnitude / 10
        let rest = tenths.magnitude % 10
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
