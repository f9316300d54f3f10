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

    /// The hull lies at the furthest channel that points at the release.
    ///
    /// It has passed those before, even one that was moved back since.
    init(_ standing: Standing, on way: Way?) {
        channels = (way?.channels ?? []).map { _ in .ahead }
        guard standing.isGreen, let way, let release = way.release else {
            (build, self.release) = (.at, .ahead)
            return
        }
        build = .passed
        let reached = way.reached(by: release.version)
        self.release = reached == 0 ? .at : .passed
        for index in channels.indices.prefix(reached) {
            channels[index] = index == reached - 1 ? .at : .passed
        }
    }
}

extension Way {
    /// How many channels a release has come through, the furthest that points at it included.
    func reached(by version: String) -> Int {
        (channels.lastIndex { $0.version == version } ?? -1) + 1
    }
}
