package import Core

/// Every address of the pages, as a path of this server.
package enum Link: Equatable, Sendable {
    case home
    case repository(String)
    /// A page of a repository's builds.
    case builds(repository: String, ref: String?, cursor: String?)
    case build(BuildID)
    case job(JobID)
    /// One step of a job; nil lets the page choose.
    case step(JobID, Int)
    /// One line of a step's log, read from a few lines before it.
    case line(JobID, step: Int, line: Int)
    /// The lines of a step's log from this one on.
    case lines(JobID, step: Int, from: Int)
    /// A step's log as bytes.
    case rawLog(JobID, step: Int)
    case queue
    case workers
    case unit(String)
    /// A page of a unit's promotion log, from this revision down.
    case promotions(unit: String, before: Int)
    case login
    case logout
    case artifact(Int64)
    case asset(String)
    case startBuild(repository: String)
    case startManualBuild(repository: String)
    case cancel(BuildID)
    case approve(BuildID)
    case begin(BuildID)
    case retry(BuildID)
    case promote(unit: String, channel: String)
    case rollBack(unit: String, channel: String)
    case pause(worker: String)
    case resume(worker: String)
    case drain(worker: String)
    case resumeQueue
    /// A gate's note on the page of its build.
    case gate(BuildID, JobID, step: Int)
    case openGate(JobID, String)
    case rejectGate(JobID, String)

    /// The path, with its query where it has one.
    package var path: String {
        switch self {
        case .home: "/"
        case .repository(let name): "/repositories/\(encoded(name))"
        case .builds(let name, let ref, let cursor):
            "/repositories/\(encoded(name))" + query([("ref", ref), ("cursor", cursor)]) + "#builds"
        case .build(let id): "/builds/\(id)"
        case .job(let id): "/jobs/\(id)"
        case .step(let id, let step): "/jobs/\(id)?step=\(step)"
        case .line(let id, let step, let line):
            "/jobs/\(id)?step=\(step)&from=\(max(1, line - Self.linesBefore))#\(Self.anchor(step: step, line: line))"
        case .lines(let id, let step, let from):
            "/jobs/\(id)?step=\(step)&from=\(from)#\(Self.anchor(step: step, line: from))"
        case .rawLog(let id, let step): "/api/v1/jobs/\(id)/steps/\(step)/log"
        case .queue: "/queue"
        case .workers: "/workers"
        case .unit(let name): "/units/\(encoded(name))"
        case .promotions(let unit, let before):
            "/units/\(encoded(unit))?before=\(before)#log"
        case .login: "/login"
        case .logout: "/logout"
        case .artifact(let id): "/api/v1/artifacts/\(id)"
        case .asset(let name): "/assets/\(encoded(name))"
        case .startBuild(let name): "/repositories/\(encoded(name))/builds"
        case .startManualBuild(let name): "/repositories/\(encoded(name))/manual-builds"
        case .cancel(let id): "/builds/\(id)/cancellation"
        case .approve(let id): "/builds/\(id)/approval"
        case .begin(let id): "/builds/\(id)/beginning"
        case .retry(let id): "/builds/\(id)/retries"
        case .promote(let unit, let channel):
            "/units/\(encoded(unit))/channels/\(encoded(channel))/promotions"
        case .rollBack(let unit, let channel):
            "/units/\(encoded(unit))/channels/\(encoded(channel))/rollbacks"
        case .pause(let worker): "/workers/\(encoded(worker))/pause"
        case .resume(let worker): "/workers/\(encoded(worker))/resume"
        case .drain(let worker): "/workers/\(encoded(worker))/drain"
        case .resumeQueue: "/queue/resume"
        case .gate(let build, let job, let step): "/builds/\(build)#gate-\(job)-\(step)"
        case .openGate(let job, let name): "/jobs/\(job)/gates/\(encoded(name))/approvals"
        case .rejectGate(let job, let name): "/jobs/\(job)/gates/\(encoded(name))/rejections"
        }
    }

    /// Lines shown before the one a link points at, so that it does not stand alone.
    private static let linesBefore = 20

    /// The name of a log line inside its page.
    static func anchor(step: Int, line: Int) -> String { "s\(step)-l\(line)" }
}

private func query(_ items: [(name: String, value: String?)]) -> String {
    let given = items.compactMap { item in item.value.map { "\(item.name)=\(encoded($0))" } }
    return given.isEmpty ? "" : "?" + given.joined(separator: "&")
}

/// One path segment or query value, percent-encoded byte by byte.
func encoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            encoded.append(byte)
        case _:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(contentsOf: [hexadecimal(byte >> 4), hexadecimal(byte & 15)])
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

private func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
}
