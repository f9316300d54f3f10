import CLibgit2

extension Mirror {
    /// Sees to it that one commit of a repository is here, and holds it.
    ///
    /// Nothing is asked of the remote when it is here already. A commit that no branch or tag
    /// leads to is asked for by its name, which not every remote grants.
    /// - Throws: A ``GitError``; of code `notFound` where the remote has no such commit.
    package func obtain(
        _ sha: String,
        from url: RemoteURL,
        credentials: FetchCredentials = .automatic,
        limits: FetchLimits = FetchLimits()
    ) async throws {
        if try await hold(sha) { return }
        _ = try await fetch(url, credentials: credentials, limits: limits)
        if try await hold(sha) { return }
        do {
            _ = try await bring([sha], from: url, credentials: credentials, limits: limits)
        } catch let error as GitError where error.isRefusal {
            // Said below: to whoever waits, it is the commit that is not to be had.
        }
        guard try await hold(sha) else {
            throw GitError(
                .notFound,
                "the commit \(sha) is not there, or no branch and no tag leads to it",
                advice: "push it there, or name one that was pushed"
            )
        }
    }

    /// Holds a commit if it is here.
    private func hold(_ sha: String) async throws -> Bool {
        guard try await read({ !$0.known(among: [sha]).isEmpty }) else { return false }
        try await keep(sha)
        return true
    }
}

extension GitError {
    /// Whether the remote answered, and would not give what was asked for.
    fileprivate var isRefusal: Bool {
        switch code {
        case .notFound, .other: true
        case .unreachable, .timedOut, .tooLarge, .refusedURL, .corrupt, .authentication, .busy:
            false
        }
    }
}
