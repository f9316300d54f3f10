import Core
import Foundation
import Hummingbird
import Site
import Wire

/// The forms that start a pipeline with inputs; what does not fit is said beside its field.
struct ManualFormRoutes: Sendable {
    let builds: BuildActions
    let views: Views
    let pages: PageMaker

    func add(to routes: Routes) {
        routes.form("/repositories/:name/manual-builds", needs: .build) {
            sent,
            request,
            context,
            actor in
            let name = try context.name("name")
            guard
                let form = try await views.manualForms(of: name).first(where: {
                    $0.pipeline == sent["pipeline"]
                })
            else {
                throw RequestProblem.notFound("pipeline with inputs on the default branch")
            }
            let filled = form.filled(with: sent)
            if filled.hasComplaints { return .page(try await page(name, filled, request, context)) }
            let message = StartBuildMessage(
                ref: sent["ref"],
                pipeline: form.pipeline,
                inputs: filled.values,
                priority: try sent.priority
            )
            let started = try await builds.start(message, in: name, by: actor, idempotencyKey: nil)
            let outcome =
                started.first.map { FormOutcome(.build($0.id), "Build \($0.number) started.") }
                ?? FormOutcome(.repository(name), "Nothing was started.")
            return .outcome(outcome)
        }
    }

    /// The page again, with what was sent and what is wrong with it.
    private func page(
        _ name: String,
        _ form: ManualForm,
        _ request: Request,
        _ context: MasterContext
    ) async throws -> Response {
        var page = try await views.repository(named: name, ref: nil, cursor: nil)
        page.manualForms = page.manualForms.map { $0.pipeline == form.pipeline ? form : $0 }
        return try await pages.answer(
            .repository(page),
            status: .unprocessableContent,
            to: request,
            context
        )
    }
}

extension ManualForm {
    /// With what a person sent: an unticked box is not sent at all, and means false.
    fileprivate func filled(with sent: Form) -> ManualForm {
        var form = self
        form.ref = sent["ref"] ?? ref
        form.fields = fields.map { field in
            let given = sent["input.\(field.name)"]
            return field.checked(field.type == .flag ? given ?? "false" : given)
        }
        return form
    }

    /// What nobody filled in is left to its default.
    fileprivate var values: [String: String] {
        fields.reduce(into: [:]) { values, field in
            if !field.value.isEmpty { values[field.name] = field.value }
        }
    }
}
