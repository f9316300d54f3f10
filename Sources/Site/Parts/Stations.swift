/// Where the hull of a build lies on its way, and what is behind and ahead of it.
struct Stations: Equatable {
    enum Place: String {
        case passed
        case at
        case ahead
    }

    var build: Place
    var release: Place
    /// One for each channel of the way.
    var channels: [Place]

    /// The hull passes the build when it has published, and a channel when that runs its release.
    ///
    /// Channels are passed in order: a release that skipped one lies before the gap.
    init(_ standing: Standing, on way: Way?) {
        channels = (way?.channels ?? []).map { _ in .ahead }
        guard standing.isGreen, let way, let release = way.release else {
            (build, self.release) = (.at, .ahead)
            return
        }
        build = .passed
        let reached = way.channels.prefix { $0.version == release.version }.count
        self.release = reached == 0 ? .at : .passed
        for index in channels.indices.prefix(reached) {
            channels[index] = index == reached - 1 ? .at : .passed
        }
    }
}
