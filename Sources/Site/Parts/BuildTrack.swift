import struct Foundation.Date

/// What the track of a build needs to know.
struct BuildTrack {
    var link: BuildLink
    var sha: String
    var standing: Standing
    var way: Way?
    /// Below the push station.
    var push: Markup
    /// Below the build station.
    var build: Markup
    var now: Date

    /// Push, build, release, and a station for each channel.
    func stations(linksBuild: Bool) -> [Station] {
        let places = Stations(standing, on: way)
        let words = "\(link.number) \(standing.briefVerb)"
        var stations = [
            Station(plate: "Push", place: .passed, head: "<code>\(short(sha))</code>", foot: push),
            Station(
                plate: "Build",
                place: places.build,
                state: standing.word,
                isStopped: standing.isRed,
                head: linksBuild
                    ? "<a href=\"\(Link.build(link.id))\">\(words)</a>" : Markup(text: words),
                foot: build
            ),
            release(places.release),
        ]
        guard let way else { return stations }
        for (channel, place) in zip(way.channels, places.channels) {
            stations.append(self.channel(channel, place, of: way))
        }
        return stations
    }

    private func release(_ place: Stations.Place) -> Station {
        guard let way, let release = way.release else {
            let foot =
                way == nil
                ? "publishes nothing" : standing.isFinished ? "not published" : "if green"
            return Station(
                plate: "Release",
                place: place,
                head: "<span class=\"dim\">none</span>",
                foot: "\(foot)"
            )
        }
        return Station(
            plate: "Release",
            place: place,
            state: "success",
            head: "<a href=\"\(Link.unit(way.unit))\"><bdi>\(release.version)</bdi></a>",
            foot: "published \(.time(release.publishedAt, .age, now: now)) ago"
        )
    }

    private func channel(_ channel: ChannelGlance, _ place: Stations.Place, of way: Way) -> Station
    {
        let isLast = channel.name == way.channels.last?.name
        return Station(
            plate: channel.name,
            place: place,
            state: channel.isHeld ? "held" : isLast ? "success" : nil,
            head: channel.version.map {
                "<a href=\"\(Link.unit(way.unit))\"><bdi>\($0)</bdi></a>"
            } ?? "<span class=\"dim\">none</span>",
            foot: channel.nodes == 0
                ? "no node" : "\(channel.nodesRunning) of \(count(channel.nodes, "node"))"
        )
    }
}
