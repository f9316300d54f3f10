/// `runs-on`, `container` and `services`: where a job runs.
extension GitHubFile {
    /// Chooses labels and an image.
    ///
    /// - Returns: False where only a machine that is no Linux container could run the job.
    mutating func readMachine(
        _ node: YAMLNode?,
        _ pair: YAMLPair,
        _ job: inout GitHubJob
    ) -> Bool {
        let labels = (node?["labels"] ?? node)?.texts ?? ["ubuntu-latest"]
        var kept: [String] = []
        for label in labels {
            let text = template(label)
            switch Machine(text.text) {
            case .image(let image): job.draft.image = image
            case .foreign where text.isPlain:
                leaveOut(
                    job,
                    "runs-on: \(shown(text.text))",
                    "steps run in Linux containers",
                    node?.mark ?? pair.mark
                )
                return false
            case .foreign, .label: kept.append(text.isPlain ? text.text : "")
            case .nothing: break
            }
            if !text.isPlain, !label.hasPart("ubuntu") {
                let advice = "'labels' says which workers may take the job"
                let comment = remarks.add(
                    .lost,
                    "runs-on: \(shown(label))",
                    advice,
                    at: node?.mark ?? pair.mark
                )
                job.draft.notes.append(comment)
            }
        }
        job.draft.labels = kept.filter { !$0.isEmpty && !$0.hasPart("${{") }
        if job.draft.image == nil { job.draft.image = Machine.usualImage }
        return true
    }

    mutating func readContainer(_ node: YAMLNode?, _ job: inout GitHubJob) {
        guard let node, let image = (node["image"] ?? node).text else { return }
        let text = template(image.without(start: "docker://") ?? image)
        if text.isPlain {
            job.draft.image = text.text
            job.hasOwnImage = true
        } else {
            let advice = "write the image out"
            let comment = remarks.add(.lost, "container: \(shown(image))", advice, at: node.mark)
            job.draft.notes.append(comment)
        }
        for pair in node.pairs {
            switch pair.key {
            case "image": continue
            case "env":
                for variable in environment(pair.value, isShared: false).variables {
                    job.draft.environment.set(variable.name, variable.value)
                }
            case _: note(.lost, pair, "a container of a step has no such setting", &job)
            }
        }
    }

    mutating func readServices(_ node: YAMLNode, _ job: inout GitHubJob) {
        for pair in node.pairs {
            guard let image = (pair.value["image"] ?? pair.value).text else { continue }
            var service = ServiceDraft(name: FileName.safe(pair.key), image: template(image).text)
            service.comments = source.comments(above: pair.mark)
            for key in pair.value.pairs {
                switch key.key {
                case "image", "ports": continue
                case "env":
                    let count = secrets.count
                    service.environment = environment(key.value, isShared: false)
                    for secret in secrets[count...] {
                        let subject = "\(secret.variable): secrets.\(secret.from)"
                        let advice = "a service is given no secrets: write a password for the test"
                        service.comments.append(remarks.add(.lost, subject, advice, at: key.mark))
                    }
                    secrets.removeSubrange(count...)
                case "options":
                    service.health = ServiceOptions.health(key.value.text ?? "")
                    if service.health == nil {
                        service.comments.append(lostVariable(key, "a service has no such setting"))
                    }
                case _:
                    service.comments.append(lostVariable(key, "a service has no such setting"))
                }
            }
            job.draft.services.append(service)
        }
    }
}

/// What stands behind a label of `runs-on`.
enum Machine: Equatable {
    case image(String)
    /// Another operating system.
    case foreign
    case label(String)
    case nothing

    static let usualImage = "ubuntu:24.04"

    init(_ label: String) {
        let name = label.lowercased()
        if let version = name.without(start: "ubuntu-") {
            let number = version.without(end: "-arm") ?? version
            let isNumber = number.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
            self = .image(isNumber && !number.isEmpty ? "ubuntu:\(number)" : Self.usualImage)
        } else if name.hasStart("macos") || name.hasStart("windows") {
            self = .foreign
        } else if name == "self-hosted" || name == "linux" || name.isEmpty || name.hasPart("${{") {
            self = .nothing
        } else if name == "docker" {
            self = .label("docker")
        } else {
            self = .label(label)
        }
    }
}

/// Options of `docker create`, of which those about health have an equal.
enum ServiceOptions {
    /// The words of a command line, quotes taken away.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        for byte in line.utf8.prefix(4_096) {
            switch byte {
            case quote: quote = nil
            case _ where quote != nil: word = (word ?? []) + [byte]
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                quote = byte
                word = word ?? []
            case _ where byte.isBlank || byte.isNewline:
                if let word { words.append(String(decoding: word, as: UTF8.self)) }
                word = nil
            case _: word = (word ?? []) + [byte]
            }
        }
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    static func health(_ line: String) -> Mapping? {
        var values: [String: String] = [:]
        var words = words(line)[...]
        while let word = words.popFirst() {
            guard let option = word.without(start: "--health-") else { return nil }
            let parts = option.pieces(at: "=")
            let name = parts.first ?? ""
            values[name] =
                parts.count > 1
                ? parts.dropFirst().joined(separator: "=") : words.popFirst() ?? ""
        }
        guard let command = values["cmd"] else { return nil }
        let interval = seconds(values["interval"]) ?? 30
        let tries = values["retries"].flatMap { Int($0) } ?? 3
        let wait = max(1, min(interval, 3_600)) * max(1, min(tries, 1_000))
        var health = Mapping(["run": .text(command)])
        if let text = values["interval"], let count = seconds(text), count > 0 {
            health.set("interval", .word("\(count)s"))
        }
        health.set("timeout", .word("\(min(wait, 86_400))s"))
        return health
    }

    private static func seconds(_ text: String?) -> Int? {
        guard let text else { return nil }
        if let number = text.without(end: "ms").flatMap({ Int($0) }) {
            return max(1, number / 1_000)
        }
        if let number = text.without(end: "s").flatMap({ Int($0) }) { return number }
        if let number = text.without(end: "m").flatMap({ Int($0) }) { return number &* 60 }
        return nil
    }
}
