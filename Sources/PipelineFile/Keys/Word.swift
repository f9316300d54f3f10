/// Every key that means something in a pipeline file, in its only spelling.
enum Word: String, CaseIterable {
    case allowFailure = "allow_failure"
    case approvers
    case artifact
    case artifacts
    case asForm = "as"
    case branches
    case cache
    case channel
    case checkout
    case collapse
    case concurrency
    case condition = "if"
    case count
    case cpu
    case cron
    case defaultValue = "default"
    case defaults
    case depth
    case description
    case download
    case env
    case exclude
    case exitCodes = "exit_codes"
    case expireIn = "expire_in"
    case failFast = "fail_fast"
    case forceEvery = "force_every"
    case from
    case gate
    case group
    case health
    case idleTimeout = "idle_timeout"
    case image
    case include
    case inputs
    case interval
    case job
    case jobs
    case junit
    case key
    case labels
    case limit
    case locks
    case mail
    case manual
    case matrix
    case max
    case memory
    case min
    case missed
    case mode
    case name
    case needs
    case notes
    case on
    case onLost = "on_lost"
    case onNew = "on_new"
    case onResult = "on_result"
    case onlyIfChanged = "only_if_changed"
    case optional
    case options
    case paths
    case pathsMode = "paths_mode"
    case pipeline
    case priority
    case promote
    case publish
    case pullRequest = "pull_request"
    case push
    case quiet
    case reports
    case required
    case resources
    case restore
    case result
    case retry
    case run
    case schedule
    case scope
    case secrets
    case services
    case shell
    case steps
    case submodules
    case tag
    case timeout
    case timezone
    case to
    case type
    case unit
    case uses
    case version
    case webhook
    case when
    case with
}
