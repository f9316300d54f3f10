/// `strategy`: one job for each combination of values.
extension GitHubFile {
    mutating func readMatrix(_ strategy: YAMLNode?, _ job: inout GitHubJob) {
        guard let strategy else { return }
        var matrix = Mapping()
        var include: [Mapping] = []
        var exclude: [Mapping] = []
        if let node = strategy["matrix"], !node.isMapping {
            names.hasForeignMatrix = true
            let subject = "matrix: \(shown(node.flow))"
            let advice = "write the values out, or let a step write jobs to $CI_JOBS"
            job.draft.notes.append(remarks.add(.lost, subject, advice, at: node.mark))
        }
        for pair in strategy["matrix"]?.pairs ?? [] {
            switch pair.key {
            case "include": include += rows(pair, &job)
            case "exclude": exclude += rows(pair, &job)
            case _: readAxis(pair, into: &matrix, include: &include, &job)
            }
        }
        if !include.isEmpty { matrix.set("include", .list(include.map { .mapping($0) })) }
        if !exclude.isEmpty { matrix.set("exclude", .list(exclude.map { .mapping($0) })) }
        for pair in strategy.pairs {
            switch pair.key {
            case "matrix": continue
            case "fail-fast":
                // It is the rule there too, so only the other is worth a word.
                if let flag = pair.value.flag, !flag { matrix.set("fail_fast", .flag(false)) }
            case _: note(.lost, pair, "as many run at once as workers take them", &job)
            }
        }
        // The machines may stand in rows that are all gone.
        if include.isEmpty, let row = strategy["matrix"]?["include"]?.items.first {
            for cell in row.pairs { names.constants[GitHubNames.axis(cell.key)] = cell.value.text }
        }
        let hasRows = matrix.entries.contains { $0.key != "fail_fast" }
        job.draft.matrix = hasRows ? matrix : nil
        for row in [matrix] + include {
            for entry in row.entries where !["include", "exclude", "fail_fast"].contains(entry.key)
            {
                names.axes.insert(entry.key)
            }
        }
    }

    private mutating func readAxis(
        _ pair: YAMLPair,
        into matrix: inout Mapping,
        include: inout [Mapping],
        _ job: inout GitHubJob
    ) {
        guard pair.value.isList else {
            names.hasForeignMatrix = true
            note(.lost, pair, "write the values out", &job)
            return
        }
        if pair.value.items.contains(where: \.isMapping) {
            // A combination of its own: each value is called by the axis and its key.
            for item in pair.value.items {
                var row = Mapping()
                for cell in item.pairs {
                    let name = GitHubNames.axis("\(pair.key)_\(cell.key)")
                    guard keeps(cell, named: name, &job) else { continue }
                    row.set(name, .text(template(cell.value.text ?? "").text))
                }
                let isOther = item.pairs.contains { Machine($0.value.text ?? "") == .foreign }
                if !isOther, !row.isEmpty { include.append(row) }
            }
            return
        }
        var values: [String] = []
        for item in pair.value.items {
            let text = item.text ?? ""
            if Machine(text) == .foreign {
                let advice = "steps run in Linux containers"
                let comment = remarks.add(
                    .lost,
                    "\(pair.key): \(shown(text))",
                    advice,
                    at: item.mark
                )
                job.draft.notes.append(comment)
            } else {
                let template = template(text)
                values.append(template.text)
            }
        }
        let machines = values.filter { $0.hasStart("ubuntu-") }
        if machines.count == 1, values.count == 1 {
            // One machine for all: nothing to vary.
            names.constants[GitHubNames.axis(pair.key)] = machines[0]
            return
        }
        if values.isEmpty {
            // The job runs on none of our machines, and says so where it is left out.
            names.constants[GitHubNames.axis(pair.key)] = pair.value.items.first?.text
        } else {
            matrix.set(GitHubNames.axis(pair.key), .texts(values))
        }
    }

    private mutating func rows(_ pair: YAMLPair, _ job: inout GitHubJob) -> [Mapping] {
        var rows: [Mapping] = []
        for item in pair.value.items {
            guard item.isMapping else {
                note(.lost, pair, "write the combinations out", &job)
                return rows
            }
            let foreign = item.pairs.first { Machine($0.value.text ?? "") == .foreign }
            if let foreign {
                if pair.key == "include" {
                    let subject = "\(shown(item.flow))"
                    let advice = "steps run in Linux containers"
                    job.draft.notes.append(remarks.add(.lost, subject, advice, at: foreign.mark))
                }
                continue
            }
            var row = Mapping()
            for cell in item.pairs where keeps(cell, named: GitHubNames.axis(cell.key), &job) {
                let name = GitHubNames.axis(cell.key)
                row.set(name, .text(template(cell.value.text ?? "").text))
            }
            if !row.isEmpty { rows.append(row) }
        }
        return rows
    }

    /// Whether a value of a combination is a text; lists and mappings are none.
    private mutating func keeps(
        _ cell: YAMLPair,
        named name: String,
        _ job: inout GitHubJob
    ) -> Bool {
        if names.constants[name] != nil { return false }
        if cell.value.isNull || cell.value.isMapping || cell.value.isList {
            if !cell.value.isNull { note(.lost, cell, "values of a matrix are texts", &job) }
            return false
        }
        return true
    }

    /// `continue-on-error: ${{ matrix.experimental }}` becomes a word of the rows that have it.
    mutating func readRiskyRows(_ text: String, _ job: inout GitHubJob) -> Bool {
        guard let inner = text.trimmed.without(start: "${{")?.without(end: "}}"),
            case .name(let words) = ForeignExpressionParser.parse(inner, .github),
            words.count == 2, words[0] == "matrix",
            var matrix = job.draft.matrix,
            let place = matrix.entries.firstIndex(where: { $0.key == "include" }),
            case .list(let rows) = matrix.entries[place].value
        else { return false }
        let axis = GitHubNames.axis(words[1])
        matrix.entries[place].value = .list(
            rows.map { row in
                guard case .mapping(var cells) = row else { return row }
                let isRisky = cells.entries.contains {
                    $0.key == axis && $0.value == .text("true")
                }
                cells.entries.removeAll { $0.key == axis }
                if isRisky { cells.set("allow_failure", .flag(true)) }
                return .mapping(cells)
            }
        )
        matrix.entries.removeAll { $0.key == axis }
        job.draft.matrix = matrix
        return true
    }

    /// `18.x` is a version to GitHub, and `18` the tag of an image.
    func trimVersions(_ job: inout GitHubJob) {
        guard var matrix = job.draft.matrix, !job.versionAxes.isEmpty else { return }
        for index in matrix.entries.indices {
            let entry = matrix.entries[index]
            if job.versionAxes.contains(entry.key), case .list(let values) = entry.value {
                matrix.entries[index].value = .list(values.map(Self.tag))
            } else if case .list(let rows) = entry.value {
                matrix.entries[index].value = .list(
                    rows.map { row in
                        guard case .mapping(var cells) = row else { return row }
                        for cell in cells.entries.indices
                        where job.versionAxes.contains(cells.entries[cell].key) {
                            cells.entries[cell].value = Self.tag(cells.entries[cell].value)
                        }
                        return .mapping(cells)
                    }
                )
            }
        }
        job.draft.matrix = matrix
    }

    private static func tag(_ value: Tree) -> Tree {
        guard case .text(let text) = value else { return value }
        return .text(Tool.tag(text))
    }
}
