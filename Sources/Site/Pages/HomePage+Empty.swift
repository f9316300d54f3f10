extension HomePage {
    /// For a server that has no repository yet.
    var emptyFields: Fields {
        [
            "says": says,
            "lamp": Markup.silentLamp(.waiting),
            "address": address,
        ]
    }

    private var says: Markup {
        guard let worker = workers.first else {
            return """
                Four steps, about a minute. No worker is connected yet: \
                <a href="\(Link.workers)#connect">connect one</a> meanwhile.
                """
        }
        if workers.count > 1 {
            let slots = workers.reduce(0) { $0 + $1.slots }
            return """
                Four steps, about a minute. \(workers.count) workers with \(count(slots, "slot")) \
                are connected.
                """
        }
        return """
            Four steps, about a minute. Nothing else to install: worker \(code: worker.name) is \
            connected, with \(count(worker.slots, "slot")).
            """
    }
}
