/// One station of the track.
struct Station: Equatable {
    var plate: String
    var place: Stations.Place
    /// The state class, where the hull lies here.
    var state: String?
    /// A closed place: the hull cannot go on.
    var isStopped = false
    var head: Markup
    var foot: Markup
}

extension Markup {
    /// The slipway of one commit, from push to production; the last station is where the water is.
    ///
    /// A slim one lacks the second line of each station.
    static func track(_ stations: [Station], of sha: String, isSlim: Bool = false) -> Markup {
        let drawn = stations.enumerated().map { index, station in
            item(station, isLast: index == stations.count - 1 && stations.count > 3)
        }
        return """
            <ol class="track\(isSlim ? " slim" : "")" aria-label="Path of commit \(short(sha)), \
            from push to production">\(drawn.joined())</ol>
            """
    }

    private static func item(_ station: Station, isLast: Bool) -> Markup {
        var classes = station.place.rawValue
        if station.isStopped { classes += " stopped" }
        if let state = station.state, station.place == .at { classes += " is-\(state)" }
        if isLast { classes += " water" }
        let hull: Markup =
            station.place == .at
            ? """
            <svg class="hull" aria-hidden="true"><use href="#hull"/></svg>
            """ : ""
        return """
            <li class="\(classes)"\(station.place == .at ? " aria-current=\"step\"" as Markup : "")>\
            <span class="plate"><bdi>\(station.plate)</bdi></span>\(hull)<b>\(station.head)</b>\
            <small>\(station.foot)</small></li>
            """
    }
}
