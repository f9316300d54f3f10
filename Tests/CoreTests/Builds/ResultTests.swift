import Core
import Testing

@Suite struct ResultTests {
    /// From best to worst.
    private static let order: [BuildResult] = [
        .skipped, .success, .warnings, .failure, .exception, .retry, .cancelled,
    ]

    @Test func `the seven results stand in Buildbot's order`() {
        #expect(BuildResult.allCases == Self.order)
        #expect(Self.order.sorted() == Self.order)
    }

    @Test func `of any two the worse one decides, in either order, and alone it stays`() {
        for (index, left) in Self.order.enumerated() {
            #expect(overall([left]) == left)
            for (other, right) in Self.order.enumerated() {
                #expect(overall([left, right]) == Self.order[max(index, other)])
            }
        }
        #expect(overall([]) == .skipped)
    }

    @Test func `putting results together in groups changes nothing`() {
        for left in Self.order {
            for middle in Self.order {
                for right in Self.order {
                    let grouped = overall([overall([left, middle]), right])
                    #expect(grouped == overall([left, overall([middle, right])]))
                }
            }
        }
    }

    @Test func `only skipped, success and warnings are green`() {
        #expect(Self.order.filter(\.isGreen) == [.skipped, .success, .warnings])
    }

    @Test func `the words are the contract's`() {
        #expect(
            Self.order.map(\.rawValue) == [
                "skipped", "success", "warnings", "failure", "exception", "retry", "cancelled",
            ]
        )
    }

    @Test func `a failure that is allowed is a warning, and nothing else is softened`() {
        for result in Self.order {
            for allowsFailure in [false, true] {
                let expected: BuildResult =
                    result == .failure && allowsFailure ? .warnings : result
                #expect(
                    verdict(onEndWith: result, allowsFailure: allowsFailure, isCancelled: false)
                        == expected
                )
                #expect(
                    verdict(onEndWith: result, allowsFailure: allowsFailure, isCancelled: true)
                        == .cancelled
                )
            }
        }
    }
}
