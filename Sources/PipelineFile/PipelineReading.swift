package import Core

/// What a pipeline file turned out to be.
package enum PipelineReading: Equatable, Sendable {
    case pipeline(Pipeline)
    /// Everything that is wrong with it, in the order of the file; never empty.
    case problems([Problem])
}

/// A longer file is not a pipeline.
package let pipelineBytesMax = 256 * 1_024

/// Reads the bytes of a pipeline file, and checks all that one file says by itself.
///
/// Files that its jobs use are not looked at: planning does that, with all files of the commit.
///
/// Whatever the bytes are, it ends soon and holds little: they are limited in length, and what
/// they can grow to is limited before it grows.
/// - Parameters:
///   - bytes: The file's content.
///   - path: Where the file lies in the commit; its name is the pipeline's when none is given.
/// - Returns: The pipeline, or all problems of the file.
package func readPipeline(_ bytes: some Collection<UInt8>, path: String) -> PipelineReading {
    read(bytes, path: path, isFragment: false)
}

/// Reads what a step wrote to `$CI_JOBS`: jobs for the running build, with `env` and `defaults`.
///
/// What ties the jobs to each other and to those of the build is for planning to check
/// (``Core/plan(_:joining:askedForBy:for:)``).
package func readFragment(_ bytes: some Collection<UInt8>, path: String) -> PipelineReading {
    read(bytes, path: path, isFragment: true)
}

private func read(
    _ bytes: some Collection<UInt8>,
    path: String,
    isFragment: Bool
) -> PipelineReading {
    var problems = Problems(path: path)
    do {
        let text = try SourceText(bytes)
        var composer = try YAMLComposer(text)
        let root = try composer.document()
        for fault in composer.faults { problems.add(fault) }
        guard let root, !root.isNull else {
            problems.add(
                "the file is empty",
                at: .start,
                hint: "the smallest pipeline is an 'image' and 'steps'"
            )
            return .problems(problems.sorted)
        }
        var reader = PipelineReader(text: text, problems: problems)
        if isFragment { reader.requireFragment(root) }
        let pipeline = reader.pipeline(root)
        problems = reader.problems
        if !isFragment, let pipeline, !pipeline.jobs.isEmpty {
            let found = Core.problems(in: pipeline, library: pipeline.standIns)
            for problem in found { problems.add(problem) }
        }
        guard let pipeline, problems.isEmpty else { return .problems(problems.sorted) }
        return .pipeline(pipeline)
    } catch {
        problems.add(error)
        return .problems(problems.sorted)
    }
}

extension Pipeline {
    /// Something in the place of each file that a job uses: it takes whatever it is given.
    fileprivate var standIns: [String: Pipeline] {
        var inputs: [String: [String: InputDefinition]] = [:]
        for uses in jobs.compactMap(\.uses) {
            var known = inputs[uses.file] ?? [:]
            for argument in uses.arguments {
                known[argument.name.value] = InputDefinition(name: argument.name)
            }
            inputs[uses.file] = known
        }
        return Dictionary(
            uniqueKeysWithValues: inputs.map { file, inputs in
                let inputs = Array(inputs.values)
                return (
                    file,
                    Pipeline(name: file, path: file, inputs: inputs, jobs: [.unread])
                )
            }
        )
    }
}
