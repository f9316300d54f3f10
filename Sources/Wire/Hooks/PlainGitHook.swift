import Core
import Foundation

/// Reads what a `post-receive` is told and passes on.
///
/// These are `OLD NEW REF` lines, and a line `push-option: WORD` for each option of the push. No
/// line at all asks for a fetch.
func readPlainGit(_ body: Data) throws(HookProblem) -> HookReading {
    var moves: [SkippedMove] = []
    var isSkipped = false
    for line in body.split(separator: UInt8(ascii: "\n")) {
        let text = String(decoding: line, as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        if words.first == "push-option:" {
            isSkipped = isSkipped || words.dropFirst() == [skipPushOption]
        } else if words.count == 3, Ref.isSHA(words[0]), Ref.isSHA(words[1]) {
            moves.append(SkippedMove(ref: words[2], sha: words[1]))
        } else {
            throw HookProblem(
                "A line is neither `OLD NEW REF` nor `push-option: WORD`: `\(text.prefix(80))`. "
                    + "Send what `post-receive` reads from its standard input."
            )
        }
    }
    return .news(
        moves.isEmpty
            ? HookNews(summary: "a fetch was asked for")
            : HookNews(moves: moves, isSkipped: isSkipped)
    )
}
