/// What people write who come from another system, and what it is called here.
///
/// A word that is also ours somewhere is only looked up where it is not.
let foreignWords: [String: String] = {
    var hints: [String: String] = [:]
    for (words, hint) in foreignGroups {
        for word in words.split(separator: " ") { hints[String(word)] = hint }
    }
    return hints
}()

private let foreignGroups: [(words: String, hint: String)] = [
    ("commands command script scripts cmd sh bash exec shell_command", "use 'run'"),
    ("before_script after_script", "make it a step; 'if: always()' for what must run at the end"),
    ("depends_on depends dependencies requires upstream", "use 'needs'"),
    (
        "when only except rules filter filters conditions",
        "'on' says what starts the pipeline, 'if' whether a job or step runs"
    ),
    ("stage stages", "there are no stages: 'needs' says which jobs a job waits for"),
    ("runs-on runs_on runner agent agents node pool queue platform", "use 'labels'"),
    ("uses", "there are no actions to use: 'run' commands in an 'image'"),
    ("plugin plugins settings", "'run' commands in an 'image'"),
    ("variables environment vars", "use 'env'"),
    ("container docker", "use 'image'"),
    (
        "continue-on-error continue_on_error ignore_failure soft_fail failure",
        "use 'allow_failure: true'"
    ),
    (
        "timeout-minutes timeout_minutes timeout_in_minutes",
        "use 'timeout' with a unit, such as 'timeout: 30m'"
    ),
    ("trigger triggers event events", "use 'on'"),
    ("workflow_dispatch workflow_call web", "use 'manual'"),
    ("pull_request_target merge_request", "'pull_request' is the word, but not supported yet"),
    ("cron", "'schedule' is the word, but not supported yet"),
    ("branches-ignore", "use 'branches', with '!' before a pattern that takes away"),
    ("paths-ignore", "use 'paths', with '!' before a pattern that takes away"),
    ("files", "use 'paths'"),
    ("tags", "use 'tag' in 'on'; for workers, 'labels'"),
    ("strategy parallel parallelism", "'matrix' is the word, but not supported yet"),
    ("clone", "the source is checked out before the first step; 'checkout' is not supported yet"),
    ("working-directory working_directory directory dir workdir cwd", "begin 'run' with 'cd'"),
    ("workflow workflows pipelines", "use 'jobs'"),
    ("tasks task", "use 'steps'"),
    ("id title label display_name displayName", "use 'name'"),
    ("permissions", "what a build may do is a setting of the server"),
    ("upload store_artifacts archive", "use 'artifacts'"),
    ("deploy release environment_url", "use 'publish' and 'promote'"),
    ("extends include import", "reuse between files is not supported yet"),
    ("<<", "merge keys are not YAML 1.2: write the keys out"),
]
