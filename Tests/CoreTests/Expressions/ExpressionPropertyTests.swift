import Core
import Testing

@Suite struct ExpressionPropertyTests {
    /// A hundred thousand in all, in slices that run side by side.
    @Test(arguments: 0..<20)
    func `reading noise ends in a tree or an error, and a tree reads back from its text`(
        slice: UInt64
    ) throws {
        var generator = ExpressionGenerator(seed: slice)
        var readable = 0
        for _ in 0..<5_000 {
            let noise = generator.noise()
            do throws(ExpressionError) {
                let read = try Expression(noise)
                readable += 1
                let again = try Expression(read.root.description)
                guard again.root != read.root else { continue }
                Issue.record("\(noise) became \(read.root.description)")
            } catch {
                let isInside = error.range.upperBound <= noise.utf8.count
                if !isInside { Issue.record("\(noise): \(error)") }
            }
        }
        #expect(readable > 100, "the noise is too loud to test anything")
    }

    @Test(arguments: 0..<10)
    func `any tree reads back from its text, and so does any template`(slice: UInt64) throws {
        var generator = ExpressionGenerator(seed: 1_000 + slice)
        for _ in 0..<300 {
            let tree = generator.tree()
            let read = try Expression(planned: tree.description)
            if read.root != tree { Issue.record("\(tree.description)") }
            let template = try Template("a ${{ \(tree.description) }}${{\(tree.description)}} b")
            let values = template.pieces.compactMap(\.node)
            if values != [tree, tree] { Issue.record("template of \(tree.description)") }
        }
    }

    @Test(arguments: 0..<10)
    func `deciding in two goes is deciding at once`(slice: UInt64) throws {
        var generator = ExpressionGenerator(seed: 2_000 + slice)
        let early = Names(context: [.event: .text("push")], matrix: ["6": "a", "in": ""])
        var late = early
        late.needs = ["result": NeedOutcome(result: .failure, outputs: ["6": "a"])]
        late.status = Status(isSuccess: true, isFailure: false, isCancelled: false, isChanged: true)
        for _ in 0..<300 {
            let expression = try Expression(planned: generator.tree().description)
            do throws(ExpressionError) {
                let once = try expression.folded(with: late)
                let first = try expression.folded(with: early)
                let stored = try Expression(planned: first.source)
                let twice = try stored.folded(with: late)
                if once.root != twice.root { Issue.record("\(expression.source)") }
            } catch {
                // Two things that cannot be compared: types are another test's matter.
                continue
            }
        }
    }

    @Test(arguments: 0..<20)
    func `conditions are worth what their truth table says`(slice: UInt64) throws {
        var random = SeededRandom(seed: 3_000 + slice)
        for _ in 0..<500 {
            let (source, expected) = Self.formula(&random, depth: 4)
            let value = try Expression(source).folded(with: Self.names).value
            if value != .flag(expected) { Issue.record("\(source) is not \(expected)") }
        }
    }

    private static let names = Names(
        context: [.event: .text("push"), .build: .number(7), .changedFiles: .texts(["a/b.c"])],
        matrix: ["swift": "6.10"]
    )

    private static let table: [(String, Bool)] = [
        ("event == 'push'", true), ("event != 'push'", false), ("build < 8", true),
        ("build <= 7", true), ("build > 7", false), ("build >= 8", false), ("build == 7.0", true),
        ("matrix.swift == '6.10'", true), ("matrix.swift == '6.1'", false),
        ("'a/b.c' in changed_files", true), ("event in ['tag', 'pull_request']", false),
        ("changed_files =~ 'a/**'", true), ("changed_files =~ '*.c'", false),
        ("startsWith(event, 'pu')", true), ("endsWith(event, 'pu')", false),
        ("contains(event, 'us')", true), ("contains(changed_files, 'a')", false),
        ("true", true), ("false", false),
    ]

    /// A formula beside its value, put together from the table.
    private static func formula(_ random: inout SeededRandom, depth: Int) -> (String, Bool) {
        guard depth > 0, Int.random(in: 0..<4, using: &random) > 0 else {
            return table[Int.random(in: 0..<table.count, using: &random)]
        }
        let (one, isOne) = formula(&random, depth: depth - 1)
        let (other, isOther) = formula(&random, depth: depth - 1)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return ("!(\(one))", !isOne)
        case 1: return ("(\(one)) && (\(other))", isOne && isOther)
        case _: return ("(\(one)) || (\(other))", isOne || isOther)
        }
    }
}

extension Template.Piece {
    fileprivate var node: ExpressionNode? {
        switch self {
        case .text: nil
        case .value(let node): node
        }
    }
}
