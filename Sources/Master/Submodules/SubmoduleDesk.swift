import Core
import Foundation
import Git
import Storage

/// A submodule whose commit is here.
struct HeldSubmodule: Sendable {
    var submodule: Submodule
    var mirror: Mirror
    /// What a worker keeps its commits under.
    var store: String
}

/// Finds out what submodules a commit has, and brings their commits.
struct SubmoduleDesk: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let shelf: SubmoduleMirrors

    /// For so long a fetch that others have begun is waited for.
    private static let patience = Duration.seconds(120)

    /// The submodules of a build's commit, each after the one it is in.
    ///
    /// Throws ``SubmoduleError`` for whatever is wrong with one of them.
    func submodules(of build: Build, in repository: Repository) async throws -> [HeldSubmodule] {
        let known = try await database.read { try $0.repositories() }.compactMap { known in
            (try? RemoteURL(known.url)).map { (name: known.name, url: $0) }
        }
        var sources = SubmoduleSources(known: known)
        if build.isFromOutside {
            let allowed = try await urls(ofTargetOf: build, in: repository, sources)
            sources = SubmoduleSources(known: known, allowed: allowed)
        }
        return try await walk(build.sha, of: repository, sources, skipsTrouble: false).map(\.held)
    }

    /// Where the submodules come from of the branch that a pull request is for.
    ///
    /// The commit that is built merges into that branch: its first parent.
    private func urls(
        ofTargetOf build: Build,
        in repository: Repository,
        _ sources: SubmoduleSources
    ) async throws -> Set<[UInt8]> {
        let sha = build.sha
        let parents = try await mirrors.mirror(of: repository).read { try $0.commit(sha).parents }
        guard parents.count > 1 else { return [] }
        let found = try await walk(parents[0], of: repository, sources, skipsTrouble: true)
        return Set(found.map(\.url.canonical))
    }

    /// A commit whose submodules are still to be looked for.
    private struct Place {
        var mirror: Mirror
        var url: RemoteURL
        var sha: String
        /// Its own place in the list; nil: it is the commit that is built.
        var index: Int?
        var path: String
        var depth: Int
    }

    private func walk(
        _ sha: String,
        of repository: Repository,
        _ sources: SubmoduleSources,
        skipsTrouble: Bool
    ) async throws -> [(held: HeldSubmodule, url: RemoteURL)] {
        var found: [(held: HeldSubmodule, url: RemoteURL)] = []
        var places = [
            Place(
                mirror: try mirrors.mirror(of: repository),
                url: try RemoteURL(repository.url),
                sha: sha,
                path: "",
                depth: 0
            )
        ]
        while let place = places.first {
            places.removeFirst()
            for link in try await links(of: place, skipsTrouble: skipsTrouble) {
                guard place.depth < SubmoduleTree.depthMax else { throw SubmoduleTree.tooDeep }
                guard found.count < SubmoduleTree.countMax else { throw SubmoduleTree.tooMany }
                do {
                    let (held, url) = try await held(link, in: place, sources)
                    places.append(
                        Place(
                            mirror: held.mirror,
                            url: url,
                            sha: link.sha,
                            index: found.count,
                            path: held.submodule.path + "/",
                            depth: place.depth + 1
                        )
                    )
                    found.append((held, url))
                } catch is SubmoduleError where skipsTrouble {}
            }
        }
        return found
    }

    private func links(of place: Place, skipsTrouble: Bool) async throws -> [SubmoduleLink] {
        let sha = place.sha
        do {
            return try await place.mirror.read { try $0.submodules(of: sha) }
        } catch let error as SubmoduleError {
            if skipsTrouble { return [] }
            guard place.index != nil else { throw error }
            throw SubmoduleError(error.code, "in submodule '\(place.path)': \(error.message)")
        } catch let error as GitError {
            if skipsTrouble { return [] }
            let commit = place.index == nil ? "the commit" : "submodule '\(place.path)'"
            throw SubmoduleError(.refused, "the files of \(commit) cannot be listed: \(error)")
        }
    }

    private func held(
        _ link: SubmoduleLink,
        in place: Place,
        _ sources: SubmoduleSources
    ) async throws -> (HeldSubmodule, RemoteURL) {
        var whole = link
        whole.path = place.path + link.path
        let source = try sources.source(of: whole, in: place.url)
        let (mirror, store) = try await mirror(of: source)
        do {
            try await obtain(link.sha, from: source.url, into: mirror)
        } catch let error as GitError {
            throw SubmoduleError(error, of: whole, at: source.url)
        }
        let submodule = Submodule(
            path: whole.path,
            name: link.name,
            url: source.url.shown,
            sha: link.sha,
            parent: place.index
        )
        return (HeldSubmodule(submodule: submodule, mirror: mirror, store: store), source.url)
    }

    private func mirror(of source: SubmoduleSource) async throws -> (Mirror, store: String) {
        switch source {
        case .other(let url):
            return (try shelf.mirror(of: url), SubmoduleMirrors.store(of: url))
        case .repository(let name, _):
            guard let repository = try await database.read({ try $0.repository(named: name) })
            else {
                throw SubmoduleError(.missing, "the repository \(name) was removed; try again")
            }
            return (try mirrors.mirror(of: repository), name)
        }
    }

    /// Jobs of one build ask at once, and the first brings what all need.
    private func obtain(_ sha: String, from url: RemoteURL, into mirror: Mirror) async throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            do {
                return try await mirror.obtain(sha, from: url)
            } catch let error as GitError where error.code == .busy && ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}

extension SubmoduleError {
    fileprivate init(_ error: GitError, of link: SubmoduleLink, at url: RemoteURL) {
        let place = "submodule '\(link.path)' at \(url.shown)"
        switch error.code {
        case .notFound, .authentication, .tooLarge, .refusedURL:
            self.init(.missing, "\(place), commit \(link.sha.prefix(8)): \(error)")
        case .unreachable, .timedOut, .busy, .corrupt, .other:
            self.init(.unavailable, "\(place) cannot be fetched: \(error)")
        }
    }
}

extension Build {
    /// Whether its commit comes from another repository, or may: whoever wrote it need not be able
    /// to push to this one.
    fileprivate var isFromOutside: Bool {
        guard let request = settings.pullRequest else {
            return ref.utf8.starts(with: "refs/pull/".utf8)
        }
        return request.isFork != false
    }
}
