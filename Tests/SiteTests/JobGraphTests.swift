import Core
import Testing

@testable import Site

@Suite struct JobGraphTests {
    @Test func `a job stands one column after the last that it needs`() throws {
        let layout = try #require(JobGraphLayout(needs: [[], [0], [1], [0, 2]]))
        #expect(layout.cells.map(\.column) == [0, 1, 2, 3])
        #expect(layout.columns == 4)
    }

    @Test func `a line that passes a column has a row of its own there`() throws {
        let layout = try #require(JobGraphLayout(needs: [[], [0], [0, 1]]))
        let long = try #require(layout.edges.first { $0.from == 0 && $0.to == 2 })
        #expect(long.cells.count == 3)
        #expect(long.cells[1].column == 1)
        #expect(long.cells[1].row != layout.cells[1].row)
    }

    @Test func `no two jobs and no job and line share a place`() throws {
        let needs = [[], [], [0], [0, 1], [1, 2], [0, 3, 4], [5, 1]]
        let layout = try #require(JobGraphLayout(needs: needs))
        let passes = layout.edges.flatMap { $0.cells.dropFirst().dropLast() }
        let places = (layout.cells + passes).map { "\($0.column),\($0.row)" }
        #expect(Set(places).count == places.count)
    }

    @Test func `what cannot be drawn is not tried`() {
        #expect(JobGraphLayout(needs: [[1], [0]]) == nil)
        #expect(JobGraphLayout(needs: Array(repeating: [], count: 500)) == nil)
        #expect(JobGraphLayout(needs: [])?.columns == 0)
    }

    @Test func `the chain that ended last is the one drawn thick`() throws {
        let jobs = [
            Samples.job(1, "short", [], .finished(.success), from: 100, took: 5),
            Samples.job(2, "long", [], .finished(.success), from: 100, took: 50),
            Samples.job(3, "end", ["short", "long"], .finished(.success), from: 50, took: 10),
        ]
        let drawing = try #require(JobGraphDrawing(jobs, now: Samples.now))
        let thick = drawing.markup.html.matches(of: /href="#job-(\d)" class="[^"]*crit/).map {
            String($0.1)
        }
        #expect(thick == ["2", "3"])
    }
}
