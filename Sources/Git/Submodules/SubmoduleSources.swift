/// Where a submodule comes from.
package enum SubmoduleSource: Equatable, Sendable {
    /// A repository that somebody added, by its name.
    case repository(String, RemoteURL)
    /// Any other that may be fetched.
    case other(RemoteURL)

    /// Where it is fetched from.
    package var url: RemoteURL {
        switch self {
        case .repository(_, let url), .other(let url): url
        }
    }
}

/// The rules where submodules may come from: whoever can push writes `.gitmodules`.
///
/// They must not have the master read any folder of its disk, ask services that listen only on
/// this machine, or show a token to another host than its own.
package struct SubmoduleSources: Sendable {
    private let known: [(name: String, url: RemoteURL)]
    private let allowed: Set<[UInt8]>?

    /// Makes the rules.
    ///
    /// `known` are the repositories that were added. With a set of `allowed` URLs, in their
    /// ``RemoteURL/canonical`` form, everything is refused that is neither in it nor known.
    package init(known: [(name: String, url: RemoteURL)], allowed: Set<[UInt8]>? = nil) {
        self.known = known
        self.allowed = allowed
    }

    /// Decides where a submodule of the repository at `parent` comes from.
    package func source(
        of link: SubmoduleLink,
        in parent: RemoteURL
    ) throws(SubmoduleError) -> SubmoduleSource {
        let url: RemoteURL
        do {
            url =
                RemoteURL.isRelative(link.url)
                ? try parent.resolving(relative: link.url) : try RemoteURL(link.url)
        } catch {
            throw refusal(of: link, "cannot be used: \(error)")
        }
        let canonical = url.canonical
        if let repository = known.first(where: { $0.url.canonical == canonical }) {
            return .repository(repository.name, repository.url)
        }
        if let allowed, !allowed.contains(canonical) {
            throw refusal(
                of: link,
                "comes with a pull request from outside, and the branch it is for has no such "
                    + "submodule: let somebody who may push add it there first"
            )
        }
        return .other(try permitted(url, of: link, in: parent))
    }

    private func permitted(
        _ url: RemoteURL,
        of link: SubmoduleLink,
        in parent: RemoteURL
    ) throws(SubmoduleError) -> RemoteURL {
        switch url.transport {
        case .local:
            guard RemoteURL.isRelative(link.url), url.lies(beside: parent) else {
                throw refusal(
                    of: link,
                    "is a path on the server that does not lie beside its repository: write it "
                        + "as ../NAME, or add that repository to Slipway with 'slipway repo add'"
                )
            }
            return url
        case .http:
            guard url.sharesHost(with: parent) else {
                throw refusal(of: link, "is on the server itself: add that repository to Slipway")
            }
            return url
        case .https:
            do {
                return try url.signingIn(as: parent)
            } catch {
                throw refusal(of: link, "cannot be used: \(error)")
            }
        case .ssh:
            return url
        }
    }

    private func refusal(of link: SubmoduleLink, _ why: String) -> SubmoduleError {
        let url = SubmoduleNaming.shown(RemoteURL.withoutSecrets(link.url))
        return SubmoduleError(
            .refused,
            "submodule '\(SubmoduleNaming.shown(link.path))': its URL \(url) in .gitmodules \(why)"
        )
    }
}
