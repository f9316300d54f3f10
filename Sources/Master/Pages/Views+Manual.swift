import Core
import Foundation
import PipelineFile
import Site
import Storage

extension Views {
    /// The forms of the default branch's pipelines that ask for inputs, as its files stand now.
    func manualForms(of name: String) async throws -> [ManualForm] {
        let found = try await database.read { tx -> (Repository, String?)? in
            guard let repository = try tx.repository(named: name) else { return nil }
            let ref = Ref.branchPrefix + repository.defaultBranch
            return (repository, try tx.refs(of: repository.id)[ref])
        }
        guard let (repository, tip) = found, let sha = tip,
            // What cannot be read now is told elsewhere on the page.
            let sources = try? await mirrors.pipelines(of: sha, in: repository)
        else { return [] }
        return sources.filter(\.startsBuilds).compactMap { source in
            guard case .pipeline(let pipeline) = source.reading,
                let inputs = pipeline.triggers.manual?.inputs, !inputs.isEmpty
            else { return nil }
            return ManualForm(
                pipeline: pipeline.name,
                ref: repository.defaultBranch,
                fields: inputs.map { ManualForm.Field($0) }
            )
        }
    }
}

extension ManualForm.Field {
    fileprivate init(_ input: InputDefinition) {
        self.init(
            name: input.name.value,
            type: input.type,
            options: input.options,
            isRequired: input.isRequired && input.defaultValue == nil,
            description: input.description,
            value: input.defaultValue?.value ?? ""
        )
    }

    /// What is wrong with the value that was sent.
    func checked(_ given: String?) -> ManualForm.Field {
        let input = InputDefinition(
            name: Located(name, at: .start),
            type: type,
            options: options,
            isRequired: isRequired
        )
        var field = self
        field.value = given ?? ""
        field.complaint = input.complaint(about: given)
        return field
    }
}

extension ScheduleLine {
    init(_ schedule: Schedule) {
        self.init(
            pipeline: schedule.pipeline,
            cron: schedule.cron,
            timezone: schedule.timezone,
            isOnlyIfChanged: schedule.onlyIfChanged,
            nextAt: schedule.nextAt
        )
    }
}
