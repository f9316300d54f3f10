/// The expressions of a job, each in the scope of its place.
extension FileCheck {
    mutating func check(_ job: JobDefinition, of pipeline: Pipeline, _ file: FileScope) {
        let scope = file.scope(of: job)
        if let complaint = Label.complaint(job.name.value) {
            say("the name of this job \(complaint)", at: job.name.mark)
        }
        if JobKey.groups(of: job.name.value).count > 1 {
            say(
                "the name of a job does not hold '\(JobKey.separator)'",
                at: job.name.mark,
                hint: "it stands between a job and the jobs of the file it uses"
            )
        }
        check(matrixOf: job, scope, file)
        if let uses = job.uses {
            check(job.condition, in: scope)
            for argument in uses.arguments { check(argument.value, in: scope) }
            return
        }
        check(job.condition, in: scope.at(.ready, isCondition: true))
        for label in job.labels { check(label, in: scope) }
        var withoutChannel = scope
        withoutChannel.hasChannel = false
        check(job.channel, in: withoutChannel)
        for template in job.environment.values { check(template, in: scope.forVariables) }
        for service in job.services {
            check(service.image, in: scope.at(.ready))
            for template in service.environment.values { check(template, in: scope.at(.ready)) }
        }
        for cache in job.caches {
            for template in [cache.key] + cache.restore { check(template, in: scope.at(.running)) }
        }
        for artifact in job.artifacts { check(artifact.name, in: scope) }
        check(stepsOf: job, of: pipeline, scope)
    }

    private mutating func check(matrixOf job: JobDefinition, _ scope: Scope, _ file: FileScope) {
        guard let matrix = job.matrix else { return }
        var scope = scope
        scope.matrix = []
        scope.variables = file.whole.variables
        for axis in matrix.axes {
            if !ExpressionName.isPlain(axis.name.value) {
                say(
                    "\(quoted(axis.name.value)) is not the name of an axis",
                    at: axis.name.mark,
                    hint: "letters, digits, '_' and '-'"
                )
            }
            if axis.values.isEmpty {
                say("the axis \(quoted(axis.name.value)) has no values", at: axis.name.mark)
            }
            for value in axis.values { check(value, in: scope) }
        }
        for cell in matrix.include.flatMap(\.cells) { check(cell.value, in: scope) }
        let axes = matrix.axes.map(\.name.value)
        for cell in matrix.exclude.flatMap(\.cells) {
            check(cell.value, in: scope)
            if axes.contains(cell.axis.value) { continue }
            say(
                "the matrix has no axis \(quoted(cell.axis.value))",
                at: cell.axis.mark,
                hint: nearest(to: cell.axis.value, among: axes).map { "did you mean '\($0)'?" }
            )
        }
    }

    private mutating func check(
        stepsOf job: JobDefinition,
        of pipeline: Pipeline,
        _ scope: Scope
    ) {
        if job.steps.isEmpty { say("this job has no steps", at: job.name.mark) }
        if job.steps.count > JobSpec.stepsMax {
            say(
                "\(job.steps.count) steps; a job has at most \(JobSpec.stepsMax)",
                at: job.steps[JobSpec.stepsMax].mark
            )
        }
        for step in job.steps { check(step, of: job, of: pipeline, scope) }
    }

    private mutating func check(
        _ step: StepDefinition,
        of job: JobDefinition,
        of pipeline: Pipeline,
        _ scope: Scope
    ) {
        let running = scope.at(.running)
        check(step.name, in: scope)
        check(step.condition, in: scope.at(.running, isCondition: true))
        for template in step.environment.values { check(template, in: running) }
        for template in step.settings.values { check(template, in: running) }
        let image = step.image ?? job.image ?? pipeline.defaults.image
        switch step.action {
        case .run, .plugin:
            if image == nil {
                say(
                    "no image for this step",
                    at: step.mark,
                    hint: "give 'image' to the step, the job or 'defaults'"
                )
            }
            check(image, in: scope.at(.ready))
        case .download(let download):
            for template in [download.job, download.artifact] { check(template, in: scope) }
            check(download.to, in: scope)
        case .publish(let publish):
            for template in [publish.unit, publish.from, publish.version, publish.channel] {
                check(template, in: running)
            }
        case .promote(let promote):
            for template in [promote.unit, promote.to] { check(template, in: running) }
        case .gate(let gate):
            check(gate.name, in: scope)
        }
    }
}
