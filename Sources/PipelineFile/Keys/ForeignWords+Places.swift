/// Words whose meaning in other systems depends on where they stand.
let foreignWordsByPlace: [(places: [Place], groups: [ForeignGroup])] = [
    (
        [.pipeline],
        [
            .init("when rules", "use 'on': what starts the pipeline"),
            .init("schedules cron", "use 'schedule' in 'on'"),
            .init("default executors", "use 'defaults'"),
            .init(
                "kind type apiVersion version spec",
                "there is only one kind of file: leave it out"
            ),
            .init("script commands", "use 'steps' with 'run'"),
            .init("secrets", "use 'secrets' in the steps that need them"),
            .init("workflow", "use 'on' for what starts the pipeline"),
            .init("cache-from", "use 'cache'"),
            .init(
                "depends_on",
                "use 'needs' in a job, or 'pipeline' in 'on' to follow another file"
            ),
        ]
    ),
    (
        [.triggers],
        [
            .init("tags create", "use 'tag'"),
            .init("cron schedules timer", "use 'schedule', a list of '{ cron: \"30 2 * * *\" }'"),
            .init("release deployment promote promotion", "a release does not start a pipeline"),
            .init("branch branches", "use 'push' with 'branches'"),
            .init("path paths files changes", "use 'push' with 'paths'"),
            .init("merge_group", pullRequestWord),
            .init("inputs", "use 'manual' with 'inputs'"),
            .init("repository_dispatch", "use 'manual': a build can be started through the API"),
            .init("workflow_run", "use 'pipeline'"),
            .init("workflow_dispatch web api", "use 'manual'"),
            .init("pull_request_target merge_request merge_requests pr pulls", pullRequestWord),
        ]
    ),
    (
        [.push, .pullRequest],
        [
            .init("tags tags-ignore", "use 'tag' beside 'push'"),
            .init("branch refs", "use 'branches'"),
            .init("path files changes", "use 'paths'"),
            .init(
                "types activity draft",
                "every opening and every new commit counts: leave it out"
            ),
        ]
    ),
    ([.schedule], [.init("every interval at time", "use 'cron'"), .init("tz", "use 'timezone'")]),
    (
        [.afterPipeline],
        [
            .init("workflows pipeline", "use 'name'"),
            .init("status types conclusion", "use 'result'"),
        ]
    ),
    (
        [.input],
        [
            .init("choices enum values", "use 'options'"),
            .init("kind", "use 'type'"),
            .init("help label title", "use 'description'"),
        ]
    ),
    (
        [.concurrency],
        [
            .init("cancel-in-progress cancel_in_progress", "use 'on_new: cancel'"),
            .init("max", "use 'limit'"),
            .init("key name", "use 'group'"),
        ]
    ),
    (
        [.job],
        [
            .init("name", "the key of a job is its name"),
            .init(
                "runs-on runs_on runner agent agents node pool queue platform machine tags "
                    + "resource_class os arch",
                "use 'labels': its worker must have all of them"
            ),
            .init(
                "when rules on only except filter filters conditions",
                "use 'if': 'on' belongs to the pipeline"
            ),
            .init("depends_on depends dependencies requires upstream", "use 'needs'"),
            .init("strategy parallel parallelism", "use 'matrix'"),
            .init("clone skip_clone git_strategy", "use 'checkout'"),
            .init("extends include import template templates", "use 'uses', or a YAML anchor"),
            .init("upload upload_artifact store_artifacts archive", "use 'artifacts'"),
            .init("restore_cache save_cache caches", "use 'cache'"),
            .init("service sidecar sidecars", "use 'services'"),
            .init("environment", "use 'env' for variables, 'channel' for what is deployed to"),
            .init("concurrency", "it belongs to the pipeline; in a step, use 'locks'"),
            .init("retry locks secrets run exit_codes", "it belongs in a step"),
            .init("permissions", "what a build may do is a setting of the server"),
            .init("script commands", "use 'steps' with 'run'"),
            .init("pre post", "make it a step; 'if: always()' for what must run at the end"),
            .init("coverage", "use 'reports'"),
        ]
    ),
    (
        [.step],
        [
            .init("uses", "there are no actions to use: 'run' commands in an 'image'"),
            .init("when only except rules", "use 'if'"),
            .init("depends_on needs", "steps run in their order; 'needs' belongs in a job"),
            .init("services", "services belong in a job"),
            .init("secrets_from from_secret", "use 'secrets'"),
            .init("failure", "use 'allow_failure: true'"),
            .init("background", "use 'services' in a job"),
            .init("group", "steps run in their order; jobs run side by side"),
        ]
    ),
    (
        [.resources],
        [
            .init("cpus cores", "use 'cpu'"), .init("ram mem", "use 'memory'"),
            .init("requests limits", "write 'cpu' and 'memory' here"),
        ]
    ),
    (
        [.service],
        [
            .init("name alias", "the key of a service is its name"),
            .init("healthcheck ready", "use 'health'"),
            .init("ports", "steps reach every port of a service by its name: leave it out"),
        ]
    ),
    (
        [.health],
        [
            .init("test", "use 'run'"),
            .init("retries", "use 'timeout': it tries until then"),
        ]
    ),
    (
        [.cache],
        [
            .init("path", "use 'paths'"),
            .init("keys", "use 'key', and 'restore' for beginnings of keys that will do"),
            .init("restore-keys restore_keys fallback_keys", "use 'restore'"),
            .init("files", "use '${{ hash('FILE') }}' in 'key'"),
        ]
    ),
    (
        [.checkout],
        [.init("fetch-depth fetch_depth", "use 'depth'"), .init("recursive", "use 'submodules'")]
    ),
    (
        [.retry],
        [
            .init("attempts limit count max_attempts", "use 'max'"),
            .init("when exit_codes", "use 'on'"),
        ]
    ),
    ([.secret], [.init("name secret source", "use 'from'"), .init("type", "use 'as'")]),
    ([.download], [.init("name", "use 'artifact'"), .init("path dest target", "use 'to'")]),
    (
        [.publish],
        [
            .init("path paths files", "use 'from': one folder"), .init("to", "use 'channel'"),
            .init("name", "use 'unit'"),
        ]
    ),
    (
        [.promote],
        [
            .init("channel target environment", "use 'to'"),
            .init("soak rollout", "it is a setting of the channel"), .init("name", "use 'unit'"),
        ]
    ),
    (
        [.gate],
        [
            .init("reviewers users groups", "use 'approvers'"),
            .init("required count", "use 'min'"),
            .init("not_author self_approval", "it is a setting of the channel"),
        ]
    ),
    (
        [.artifact],
        [
            .init("path files", "use 'paths'"),
            .init("retention-days retention_days expires expire", "use 'expire_in', such as 30d"),
        ]
    ),
    ([.reports], [.init("sarif coverage coverage_report cobertura", "only 'junit' is read")]),
    (
        [.notice],
        [
            .init("email", "use 'mail'"),
            .init("slack chat", "use 'webhook': its address is a setting of the server"),
            .init("when on", "use 'if'"),
        ]
    ),
]

private let pullRequestWord = "use 'pull_request'"
