/// Words that are foreign wherever they stand; words with a place of their own come first.
let foreignWordsAnywhere: [ForeignGroup] = [
    .init("commands command script scripts cmd sh bash exec shell_command", "use 'run'"),
    .init(
        "before_script after_script",
        "make it a step; 'if: always()' for what must run at the end"
    ),
    .init("depends_on depends dependencies requires upstream", "use 'needs' in a job"),
    .init(
        "when only except rules filter filters conditions",
        "'on' says what starts the pipeline, 'if' whether a job or step runs"
    ),
    .init("stage stages", "there are no stages: 'needs' says which jobs a job waits for"),
    .init(
        "runs-on runs_on runner agent agents node pool queue platform machine resource_class",
        "use 'labels' in a job: its worker must have all of them"
    ),
    .init("os arch", "use 'labels' in a job: its worker must have all of them"),
    .init("plugin plugins", "a plug-in is an 'image' with its settings in 'with'"),
    .init("settings params parameters", "the settings of a plug-in image stand in 'with'"),
    .init("variables environment vars", "use 'env'"),
    .init("container docker executor", "use 'image'"),
    .init(
        "continue-on-error continue_on_error ignore_failure soft_fail failure",
        "use 'allow_failure: true'"
    ),
    .init(
        "timeout-minutes timeout_minutes timeout_in_minutes",
        "use 'timeout' with a unit, such as 'timeout: 30m'"
    ),
    .init("no_output_timeout", "use 'idle_timeout'"),
    .init("trigger triggers event events", "use 'on'"),
    .init("workflow_dispatch web api", "use 'manual' in 'on'"),
    .init("workflow_call", "declare 'inputs', and take the file with 'uses' in a job"),
    .init("workflow_run", "use 'pipeline' in 'on'"),
    .init("pull_request_target merge_request merge_requests external_pull_requests", pullRequest),
    .init("strategy parallel parallelism", "use 'matrix' in a job"),
    .init("max-parallel", "the workers' labels and slots say how much runs at once"),
    .init("fail-fast", "use 'fail_fast' in 'matrix'"),
    .init("clone skip_clone git_strategy", "use 'checkout' in a job"),
    .init("working-directory working_directory directory dir workdir cwd", "begin 'run' with 'cd'"),
    .init("workspace", "it is always /workspace"),
    .init("workflow workflows pipelines", "use 'jobs'"),
    .init("tasks task", "use 'steps'"),
    .init("id title label display_name displayName run-name run_name", "use 'name'"),
    .init("permissions privileged", "what a build may do is a setting of the server"),
    .init("token id_tokens", "what a build may do is a setting of the server"),
    .init("upload upload_artifact store_artifacts archive", "use 'artifacts' in a job"),
    .init(
        "persist_to_workspace attach_workspace",
        "use 'artifacts' in a job, 'download' in a step"
    ),
    .init("restore_cache save_cache caches", "use 'cache' in a job"),
    .init("store_test_results test_reports junit_files", "use 'reports' in a job"),
    .init("deploy release environment_url", "use 'publish' and 'promote'"),
    .init("approval approve wait manual_approval", "use 'gate' in a step"),
    .init("volumes mounts", "steps share /workspace, and 'cache' keeps folders between builds"),
    .init("service sidecar sidecars detach", "use 'services' in a job"),
    .init("extends include import template templates", "use 'uses' in a job, or a YAML anchor"),
    .init("orbs commands_from", "use 'uses' in a job"),
    .init("resource_group", "use 'locks' in a step, or 'concurrency' for the pipeline"),
    .init(
        "interruptible auto_cancel cancel-in-progress",
        "use 'concurrency' with 'on_new: cancel'"
    ),
    .init("attempts retries", "use 'retry' in a step"),
    .init("notify notifications notification hooks", "use 'on_result'"),
    .init("outputs", "write 'key=value' lines to the file \"$CI_OUTPUT\""),
    .init("pull pull_policy", "images are pulled when they are not there"),
    .init("entrypoint args", "say the whole command in 'run'"),
    .init("user network network_mode options", "how containers run is a setting of the server"),
    .init("branches-ignore", "use 'branches', with '!' before a pattern that takes away"),
    .init("paths-ignore", "use 'paths', with '!' before a pattern that takes away"),
    .init("secret", "use 'secrets' in a step"),
    .init("<<", "merge keys are not YAML 1.2: write the keys out"),
]

private let pullRequest = "use 'pull_request' in 'on'"
