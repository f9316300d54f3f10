import Core

import struct Foundation.Date

extension Gate {
    /// What the page of its build shows of it.
    func fields(now: Date) -> Fields {
        let limit: Markup = deadline.map { " It waits until \(.time($0, .when, now: now))." } ?? ""
        return [
            "job": job.description,
            "step": position,
            "name": name,
            "standing": standingWords,
            "tone": state == .open ? "success" : state == .waiting ? "warnings" : "failure",
            "lamp": lamp,
            "says": state == .waiting
                ? "\(jobName): \(sentence)\(limit)" as Markup
                : "\(jobName): \(reason ?? "")" as Markup,
            "words": words.map { word in
                let why: Markup = word.reason.map { ": \($0)" } ?? ""
                let when: Markup = .time(word.saidAt, .when, now: now)
                let said: Markup = "\(name: word.actor) \(word.verdict.rawValue) it \(when)\(why)"
                return ["word": said] as Fields
            },
            "isWaiting": state == .waiting,
            "openPath": Link.openGate(job, name).path,
            "rejectPath": Link.rejectGate(job, name).path,
        ]
    }

    private var standingWords: String {
        switch state {
        case .waiting: "waits for people"
        case .open: "is open"
        case .rejected: "is rejected"
        case .expired: "was not opened in time"
        case .cancelled: "is no longer asked"
        }
    }

    private var lamp: Markup {
        switch state {
        case .waiting: .lamp("waiting", label: "waits")
        case .open: .lamp("success", label: "open")
        case .rejected, .expired: .lamp("failure", label: "shut")
        case .cancelled: .lamp("cancelled", label: "cancelled")
        }
    }
}
