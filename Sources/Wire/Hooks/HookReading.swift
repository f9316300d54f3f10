package import Core
package import Foundation

/// What a delivery of a forge comes down to.
package enum HookReading: Equatable, Sendable {
    /// Something may have moved.
    case news(HookNews)
    /// Nothing that a build could come of; why, in words.
    case ignored(String)
}

/// A delivery that is not what its forge would send.
package struct HookProblem: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// Reads what a forge sent.
///
/// - Parameters:
///   - body: As it came; its signature has been checked.
///   - event: The forge's own word for what happened, from the header.
///   - forge: Whose shape it has.
/// - Returns: What it tells, or why nothing comes of it.
/// - Throws: ``HookProblem`` when it is not of that shape.
package func readHook(
    _ body: Data,
    event: String,
    of forge: Forge
) throws(HookProblem) -> HookReading {
    switch forge {
    case .github, .gitea, .forgejo: try readGitHub(body, event: event, of: forge)
    case .gitlab: try readGitLab(body)
    case .bitbucket: try readBitbucket(body, event: event)
    case .git: try readPlainGit(body)
    }
}

/// Reads JSON, or says that it is none.
func payload<Payload: Decodable>(
    _ type: Payload.Type = Payload.self,
    in body: Data,
    of forge: Forge
) throws(HookProblem) -> Payload {
    do {
        return try JSONDecoder().decode(type, from: body)
    } catch let error as DecodingError {
        throw HookProblem("This is not what \(forge.title) sends: \(error.place).")
    } catch {
        throw HookProblem("This is not what \(forge.title) sends: it is not JSON.")
    }
}

/// What a forge writes for the commit of a ref that is gone, or was not there before.
let noCommit = String(repeating: "0", count: 40)

extension DecodingError {
    fileprivate var place: String {
        switch self {
        case .keyNotFound(let key, let context):
            "`\(context.path(to: key.stringValue))` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "`\(context.path(to: nil))` is of another kind"
        case .dataCorrupted: "it is not JSON"
        @unknown default: "it cannot be read"
        }
    }
}

extension DecodingError.Context {
    fileprivate func path(to key: String?) -> String {
        (codingPath.map(\.stringValue) + (key.map { [$0] } ?? [])).joined(separator: ".")
    }
}
