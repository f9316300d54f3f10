import CodeStore
import Core
import Foundation
import Site
import Storage

extension Views {
    /// A node is present while its last report is younger than this; it reports every 10 s.
    private static let nodePresence: TimeInterval = 35
    private static let logPage = 50

    func unit(_ name: String, before: Int?) async throws -> UnitPage {
        let channels = try await store.channels(of: name)
        let releases = try await store.releases(of: name, limit: 50)
        let nodes = try await store.nodes(of: name)
        let log = try await store.promotions(
            LogQuery(
                unit: name,
                order: .before(before.map { Int64($0) }),
                limit: Self.logPage + 1
            )
        )
        let repository = releases.first?.provenance.repository
        let (newest, builds) = try await database.read { tx in
            let newest = try repository.flatMap { repository in
                try tx.builds(BuildFilter(repository: repository), limit: 1, before: nil).first
            }
            return (try newest.map { try glance($0, tx) }, try links(of: releases, tx))
        }
        var columns: [ChannelColumn] = []
        for channel in channels {
            columns.append(
                try await column(channel, releases: releases, nodes: nodes, among: channels)
            )
        }
        return UnitPage(
            unit: name,
            repository: repository,
            newest: newest,
            channels: columns,
            releases: releases.map { row($0, builds) },
            releaseCount: try await store.units().first { $0.name == name }?.releases ?? 0,
            storeBytes: releases.reduce(0) { $0 + $1.bytes },
            log: log.prefix(Self.logPage).map(PromotionLine.init),
            olderLog: log.count > Self.logPage ? Int(log[Self.logPage - 1].rev) : nil
        )
    }

    private func links(
        of releases: [Release],
        _ tx: any ControlTransaction
    ) throws -> [BuildID: BuildLink] {
        var links: [BuildID: BuildLink] = [:]
        for id in Set(releases.compactMap(\.provenance.build)) {
            links[id] = try tx.build(id).map { BuildLink($0) }
        }
        return links
    }

    private func row(_ release: Release, _ builds: [BuildID: BuildLink]) -> ReleaseRow {
        ReleaseRow(
            version: release.version,
            digest: release.digest.description,
            publishedAt: release.createdAt,
            build: release.provenance.build.flatMap { builds[$0] },
            sha: release.provenance.commit,
            files: release.files,
            bytes: release.bytes,
            rejection: release.rejection?.reason,
            channels: release.channels
        )
    }

    private func column(
        _ channel: Channel,
        releases: [Release],
        nodes: [Node],
        among channels: [Channel]
    ) async throws -> ChannelColumn {
        let from = channel.policy.from
        let source = channels.first { $0.name == from }?.release
        let candidates = releases.filter { release in
            release.rejection == nil && release.version != channel.release?.version
                && (from == nil || release.version == source?.version)
        }
        let key = ChannelKey(unit: channel.unit, channel: channel.name)
        return ChannelColumn(
            name: channel.name,
            revision: Int(channel.rev),
            version: channel.release?.version,
            since: channel.move?.at,
            by: channel.move?.actor.name,
            why: channel.move?.reason,
            isHeld: channel.hold != nil,
            nodes: nodes.filter { $0.report.channel == channel.name }.map(cell),
            from: from,
            candidates: candidates.prefix(20).map(\.version),
            earlier: try await store.rollbackTargets(of: key).map(\.version)
        )
    }

    private func cell(_ node: Node) -> NodeCell {
        NodeCell(
            name: node.report.id,
            running: node.activeVersion,
            prepared: node.preparedVersion,
            error: node.report.errors.first,
            seenAt: node.seenAt,
            isPresent: Date().timeIntervalSince(node.seenAt) < Self.nodePresence
        )
    }
}
