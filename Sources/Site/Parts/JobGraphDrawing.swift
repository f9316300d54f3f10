import Core

import struct Foundation.Date

/// The graph of a build's jobs, drawn with a link on each.
struct JobGraphDrawing {
    private let jobs: [BuildJob]
    private let layout: JobGraphLayout
    private let critical: Set<Int>
    private let now: Date

    private static let box = (width: 148.0, height: 40.0)
    private static let gap = (column: 44.0, row: 12.0)

    /// Nil for a graph that is too large to be drawn.
    init?(_ jobs: [BuildJob], now: Date) {
        var indexOf: [String: Int] = [:]
        for (index, job) in jobs.enumerated() { indexOf[job.name] = index }
        let needs = jobs.map { job in job.needs.compactMap { indexOf[$0] } }
        guard let layout = JobGraphLayout(needs: needs) else { return nil }
        self.jobs = jobs
        self.layout = layout
        self.now = now
        critical = Self.criticalPath(jobs, needs: needs)
    }

    var markup: Markup {
        let width = Length(
            Double(layout.columns) * (Self.box.width + Self.gap.column) - Self.gap.column
        )
        let height = Length(Double(layout.rows) * (Self.box.height + Self.gap.row) - Self.gap.row)
        return """
            <svg class="graph" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="group" aria-label="\(sentence)">\
            \(layout.edges.map(line).joined())\(jobs.indices.map(node).joined())</svg>
            """
    }

    /// Whether a longest chain is drawn thick.
    var hasCriticalPath: Bool { critical.count > 1 }

    /// What leads to what, for who cannot see the drawing.
    private var sentence: String {
        let leads = jobs.compactMap { job in
            job.needs.isEmpty
                ? nil
                : "\(listed(job.needs)) \(job.needs.count == 1 ? "leads" : "lead") to \(job.name)"
        }
        return "Job graph: "
            + (leads.isEmpty ? "no job needs another" : leads.joined(separator: "; "))
    }

    /// The chain that decided when the build ended; empty while it runs.
    ///
    /// It goes back from the last job to end, each time to the need that ended last.
    private static func criticalPath(_ jobs: [BuildJob], needs: [[Int]]) -> Set<Int> {
        guard jobs.allSatisfy(\.standing.isFinished) else { return [] }
        func lastToEnd(_ indices: some Sequence<Int>) -> Int? {
            indices.compactMap { index in jobs[index].finishedAt.map { (index, $0) } }
                .max { $0.1 < $1.1 }?.0
        }
        let ran = jobs.indices.filter { jobs[$0].startedAt != nil }
        var path: Set<Int> = []
        var next = lastToEnd(ran)
        while let job = next, path.insert(job).inserted {
            next = lastToEnd(needs[job])
        }
        return path
    }

    private func origin(_ cell: JobGraphLayout.Cell) -> (x: Double, y: Double) {
        (
            Double(cell.column) * (Self.box.width + Self.gap.column),
            Double(cell.row) * (Self.box.height + Self.gap.row)
        )
    }

    private func line(_ edge: JobGraphLayout.Edge) -> Markup {
        let middle = Self.box.height / 2
        let start = origin(edge.cells[0])
        var path: Markup = "M\(Length(start.x + Self.box.width)) \(Length(start.y + middle))"
        for cell in edge.cells.dropFirst() {
            let end = origin(cell)
            path =
                path
                + "H\(Length(end.x - Self.gap.column / 2))V\(Length(end.y + middle))H\(Length(end.x))"
        }
        let isCritical = critical.contains(edge.from) && critical.contains(edge.to)
        let isAhead = jobs[edge.to].startedAt == nil
        let cut: Markup = isCut(edge) ? self.cut(before: edge) : ""
        return
            "<path class=\"e\(isCritical ? " crit" : isAhead ? " ahead" : "")\" d=\"\(path)\"/>\(cut)"
    }

    /// The way is cut where a red job kept the next one from running.
    private func isCut(_ edge: JobGraphLayout.Edge) -> Bool {
        jobs[edge.from].standing.isRed && jobs[edge.to].standing == .finished(.skipped)
    }

    private func cut(before edge: JobGraphLayout.Edge) -> Markup {
        let start = origin(edge.cells[0])
        let x = Length(start.x + Self.box.width + 7)
        let y = Length(start.y + Self.box.height / 2 - 8)
        return "<path class=\"cut\" d=\"M\(x) \(y)v16m5-16v16\"/>"
    }

    private func node(_ index: Int) -> Markup {
        let job = jobs[index]
        let (x, y) = origin(layout.cells[index])
        let word = job.standing.word
        let isCritical = critical.contains(index)
        return """
            <a href="#job-\(job.id.description)" \
            class="node is-\(word)\(isCritical && hasCriticalPath ? " crit" : "")">\
            <title>\(job.name): \(word). \(job.brief(now: now))</title>\
            <rect class="box" x="\(Length(x + 0.5))" y="\(Length(y + 0.5))" \
            width="\(Length(Self.box.width - 1))" height="\(Length(Self.box.height - 1))"/>\
            <rect class="edgebar" x="\(Length(x))" y="\(Length(y))" width="4" \
            height="\(Length(Self.box.height))"/>\
            <use href="#s-\(word)" x="\(Length(x + 12))" y="\(Length(y + 13))" width="14" \
            height="14"/>\
            <text class="nm" x="\(Length(x + 34))" y="\(Length(y + 17))">\(cut(job.name, to: 15))</text>\
            <text class="sb" x="\(Length(x + 34))" y="\(Length(y + 32))">\
            \(cut(job.brief(now: now), to: 19))</text></a>
            """
    }

    /// SVG text does not end by itself at a box's edge.
    private func cut(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
