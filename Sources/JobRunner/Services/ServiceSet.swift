import Core
import Docker
import Glibc

/// The containers that run beside the steps of one job, in a network of their own.
struct ServiceSet: Sendable {
    let folder: BerthFolder
    let engine: DockerEngine
    let instance: String
    let limits: ResourceLimits

    /// The network that services and steps share; steps of a job without services need none.
    static func network(of folder: BerthFolder, _ spec: JobSpec?) -> NetworkMode {
        guard let spec, !spec.services.isEmpty else { return .bridge }
        return .named(networkName(of: folder))
    }

    private static func networkName(of folder: BerthFolder) -> String { "slipway-\(folder.id)" }

    static func containerName(of service: Int, in folder: BerthFolder) -> String {
        "slipway-\(folder.id)-service-\(service)"
    }

    private var labels: [String: String] {
        [JobRunnerLabel.instance: instance, JobRunnerLabel.berth: folder.id]
    }

    /// Makes the network and starts all services; what a setup before this one left is replaced.
    ///
    /// `images` are in the order of the services.
    func start(_ services: [ServiceSpec], images: [ReadyImage], log: StepLog) async throws {
        await removeAll(count: services.count)
        try await engine.createNetwork(Self.networkName(of: folder), labels: labels)
        for (index, service) in services.enumerated() {
            _ = try await engine.launch(try spec(of: service, index, images[index]))
            log.line("Service \(service.name) runs \(images[index].reference).")
        }
    }

    private func spec(
        of service: ServiceSpec,
        _ index: Int,
        _ image: ReadyImage
    ) throws -> ContainerSpec {
        let name = Self.containerName(of: index, in: folder)
        var labels = labels
        labels[JobRunnerLabel.container] = name
        return ContainerSpec(
            name: name,
            image: try ImageReference(image.reference),
            labels: labels,
            mounts: [
                try Ferry(folder: folder, engine: engine, instance: instance).workspaceMount
            ],
            environmentFile: try environmentFile(of: service, index),
            hostname: service.name,
            network: Self.network(of: folder, JobSpec(name: "", services: [service], steps: [])),
            networkAlias: service.name,
            limits: limits
        )
    }

    /// A file, because a command line is there for everybody to read.
    private func environmentFile(of service: ServiceSpec, _ index: Int) throws -> String? {
        guard !service.environment.isEmpty else { return nil }
        var text = ""
        for (name, template) in service.environment.sorted(by: { $0.key < $1.key }) {
            let value: String
            do throws(ExpressionError) {
                value = try template.text(with: Names(variables: [:]))
            } catch {
                throw JobRunnerError(
                    code: .unsafe,
                    message: "the variable \(name) of service \(service.name): \(error.message)"
                )
            }
            guard !value.utf8.contains(0x0A), !value.utf8.contains(0) else {
                throw JobRunnerError(
                    code: .unsafe,
                    message: "the variable \(name) of service \(service.name) has several lines, "
                        + "which Docker cannot give to a container"
                )
            }
            text += "\(name)=\(value)\n"
        }
        return try folder.keepEnvironment(text, of: "service-\(index)")
    }

    /// Waits until every service says that it is ready.
    func waitUntilHealthy(_ services: [ServiceSpec], log: StepLog) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for (index, service) in services.enumerated() {
                group.addTask { try await waitUntilHealthy(service, index, log) }
            }
        }
    }

    private func waitUntilHealthy(
        _ service: ServiceSpec,
        _ index: Int,
        _ log: StepLog
    ) async throws {
        let name = Self.containerName(of: index, in: folder)
        guard let health = service.health else { return try await requireAlive(service, name) }
        let begun = Moment.now
        let end = begun.after(seconds: health.timeout.seconds)
        while true {
            do {
                let command = ["/bin/sh", "-c", health.run]
                _ = try await engine.execute(
                    command,
                    in: name,
                    within: .seconds(health.timeout.seconds)
                )
                return log.line("Service \(service.name) is ready after \(begun.age) ms.")
            } catch let error as DockerError {
                try Task.checkCancellation()
                try await requireAlive(service, name)
                guard Moment.now < end else {
                    throw JobRunnerError(
                        code: .image,
                        message: "service \(service.name) was not ready after \(health.timeout): "
                            + "\(error.excerpt.isEmpty ? error.message : error.excerpt)"
                    )
                }
            }
            try await Task.sleep(for: .seconds(health.interval.seconds))
        }
    }

    private func requireAlive(_ service: ServiceSpec, _ name: String) async throws {
        let state = try await engine.inspect(name)
        guard let state, state.status == .running else {
            let code = state.map { " with exit code \($0.exitCode)" } ?? ""
            throw JobRunnerError(
                code: .image,
                message: "service \(service.name) ended\(code) before the first step"
            )
        }
    }

    /// Removes all containers and the network; what the engine refuses is reconciled later.
    func removeAll(count: Int) async {
        guard count > 0 else { return }
        await withDiscardingTaskGroup { group in
            for index in 0..<count {
                group.addTask {
                    try? await engine.remove(Self.containerName(of: index, in: folder))
                }
            }
        }
        try? await engine.removeNetwork(Self.networkName(of: folder))
    }
}
