/// From jobs as they are written to the jobs of the build: matrices, and used files.
extension Planner {
    /// Adds the jobs of one use of a file, and answers with their places.
    @discardableResult
    mutating func expand(_ file: FileUse, for caller: Caller? = nil) -> [Int] {
        let scope = scopes.count
        scopes.append([:])
        var all: [Int] = []
        for job in file.pipeline.jobs {
            var places: [Int] = []
            for combination in combinations(of: job, in: file) {
                let draft = draft(job, combination, in: file, scope: scope, for: caller)
                guard drafts.count < JobSpec.jobsMax else {
                    problems.add(
                        "more than \(JobSpec.jobsMax) jobs, with their matrices and used files",
                        at: job.name.mark,
                        of: file.path
                    )
                    return all
                }
                if let uses = job.uses {
                    places += expand(uses, of: draft)
                } else {
                    places.append(drafts.count)
                    drafts.append(draft)
                }
            }
            scopes[scope][job.name.value] = places
            all += places
        }
        return all
    }

    private mutating func expand(_ uses: UseDefinition, of draft: JobDraft) -> [Int] {
        // The check before has seen that the file is there, and that this comes to an end.
        // After a problem, more use of files would only make more of the same.
        guard problems.isEmpty, let used = library[uses.file] else { return [] }
        let names = draft.names.with(draft.file.constants)
        var given: [String: String] = [:]
        for argument in uses.arguments {
            given[argument.name.value] = text(argument.value, with: names, of: draft.file.path)
        }
        var inner = draft.file.names
        inner.caller = draft.key
        switch readInputs(given, for: used.declaredInputs, isAsked: false) {
        case .values(let values):
            inner.inputs = values
        case .complaints(let complaints):
            for complaint in complaints {
                problems.add(complaint, at: uses.path.mark, of: draft.file.path)
            }
            return []
        }
        return expand(
            FileUse(used, names: inner),
            for: Caller(
                name: draft.name,
                key: draft.key,
                allowFailure: draft.allowFailure,
                failFast: draft.failFast,
                needs: draft.needs,
                filter: draft.filter ?? filter(of: draft, names)
            )
        )
    }

    /// The `if` of a job that uses a file is decided at once, for all the jobs in it.
    private mutating func filter(of draft: JobDraft, _ names: Names) -> String? {
        guard let written = draft.definition.condition else { return nil }
        let condition = folded(
            Condition(planned: written),
            written,
            with: names,
            of: draft.file.path
        )
        guard condition.expression.value == .flag(false) else { return nil }
        return "the 'if' of \(draft.name) does not hold: \(shortened(written.source))"
    }

    private func draft(
        _ job: JobDefinition,
        _ combination: Combination?,
        in file: FileUse,
        scope: Int,
        for caller: Caller?
    ) -> JobDraft {
        let title = combination.map { "\(job.name.value) (\($0.title))" } ?? job.name.value
        let matrix = Dictionary(
            (combination?.cells ?? []).map { ($0.axis, $0.value) },
            uniquingKeysWith: { $1 }
        )
        var names = file.names
        names.matrix = Dictionary(
            (job.matrix?.axisNames ?? []).map { ($0, matrix[$0] ?? "") },
            uniquingKeysWith: { $1 }
        )
        let needs = job.needs.map {
            JobDraft.Need(scope: scope, name: $0.job.value, isOptional: $0.isOptional)
        }
        return JobDraft(
            definition: job,
            file: file,
            scope: scope,
            name: JobKey.joined(caller?.name, title),
            key: JobKey.joined(caller?.key, job.name.value),
            names: names,
            matrix: matrix,
            allowFailure: job.allowFailure || combination?.allowFailure == true
                || caller?.allowFailure == true,
            failFast: job.matrix?.failFast == true
                ? JobKey.joined(caller?.name, job.name.value) : caller?.failFast,
            needs: needs.isEmpty ? caller?.needs ?? [] : needs,
            filter: caller?.filter
        )
    }

    /// One nil for a job without a matrix.
    private mutating func combinations(
        of job: JobDefinition,
        in file: FileUse
    ) -> [Combination?] {
        guard let matrix = job.matrix else { return [nil] }
        let values = values(of: matrix, in: file)
        guard let combinations = values.combinations(),
            combinations.count <= MatrixValues.combinationsMax
        else {
            problems.add(
                "a matrix makes at most \(MatrixValues.combinationsMax) jobs",
                at: matrix.mark,
                of: file.path
            )
            return []
        }
        if combinations.isEmpty {
            problems.add("this matrix makes no job", at: matrix.mark, of: file.path)
        }
        var seen: Set<[UInt8]> = []
        for combination in combinations {
            let title = combination.title
            if let complaint = Label.complaint(title) {
                problems.add(
                    "the name of the combination \(quoted(title)) \(complaint)",
                    at: matrix.mark,
                    of: file.path
                )
            }
            if !seen.insert(Array(title.utf8)).inserted {
                problems.add(
                    "the combination \(quoted(title)) stands twice in the matrix",
                    at: matrix.mark,
                    of: file.path
                )
            }
        }
        return combinations
    }

    private mutating func values(of matrix: MatrixDefinition, in file: FileUse) -> MatrixValues {
        let names = file.names.with(file.constants)
        var values = MatrixValues(axes: [], include: [], exclude: [])
        for axis in matrix.axes {
            var texts: [String] = []
            for value in axis.values { texts.append(text(value, with: names, of: file.path)) }
            values.axes.append((axis.name.value, texts))
        }
        for row in matrix.include { values.include.append(self.row(row, names, file.path)) }
        for row in matrix.exclude { values.exclude.append(self.row(row, names, file.path)) }
        return values
    }

    private mutating func row(
        _ row: MatrixDefinition.Row,
        _ names: Names,
        _ path: String
    ) -> MatrixValues.Row {
        var cells: [(axis: String, value: String)] = []
        for cell in row.cells {
            cells.append((cell.axis.value, text(cell.value, with: names, of: path)))
        }
        return MatrixValues.Row(cells: cells, allowFailure: row.allowFailure)
    }
}
