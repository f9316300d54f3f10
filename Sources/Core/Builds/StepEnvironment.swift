package import struct Foundation.Date

/// The variables every step of a job gets, in the names of GitLab and Woodpecker.
///
/// - Parameters:
///   - build: What runs.
///   - job: The job's name.
///   - jobID: The job's number.
///   - attempt: Counts from 1.
///   - repository: Where the commit comes from.
///   - committedAt: The commit's time, for reproducible builds.
///   - address: Of this server, without a slash at the end.
/// - Returns: Name to value.
package func stepEnvironment(
    build: Build,
    job: String,
    jobID: JobID,
    attempt: Int,
    repository: Repository,
    committedAt: Date,
    address: String
) -> [String: String] {
    var variables = [
        "CI": "true",
        "CI_SYSTEM_NAME": "slipway",
        "CI_SYSTEM_URL": address,
        "CI_REPO": build.repositoryName,
        "CI_REPO_URL": repository.shownURL,
        "CI_REPO_CLONE_URL": repository.shownURL,
        "CI_REPO_DEFAULT_BRANCH": repository.defaultBranch,
        "CI_COMMIT_SHA": build.sha,
        "CI_COMMIT_SHORT_SHA": String(build.sha.prefix(8)),
        "CI_COMMIT_REF": build.ref,
        "CI_COMMIT_MESSAGE": build.message,
        "CI_COMMIT_AUTHOR": build.author,
        "CI_PIPELINE_NAME": build.pipeline,
        "CI_PIPELINE_NUMBER": String(build.number),
        "CI_PIPELINE_EVENT": build.event.rawValue,
        "CI_PIPELINE_URL": "\(address)/builds/\(build.id)",
        "CI_JOB_NAME": job,
        "CI_JOB_ID": String(jobID.rawValue),
        "CI_JOB_URL": "\(address)/jobs/\(jobID)",
        "CI_JOB_ATTEMPT": String(attempt),
        "CI_WORKSPACE": "/workspace",
        "SOURCE_DATE_EPOCH": String(Int(committedAt.timeIntervalSince1970)),
        "GIT_TERMINAL_PROMPT": "0",
        "DEBIAN_FRONTEND": "noninteractive",
    ]
    variables["CI_COMMIT_BRANCH"] = Ref.branch(build.ref)
    variables["CI_COMMIT_TAG"] = Ref.tag(build.ref)
    if let request = build.settings.pullRequest {
        variables["CI_COMMIT_PULL_REQUEST"] = String(request.number)
        variables["CI_COMMIT_SOURCE_BRANCH"] = request.source
        variables["CI_COMMIT_TARGET_BRANCH"] = request.target
    }
    return variables.mapValues { value in
        // A NUL would end the value inside the container's shell.
        value.utf8.contains(0)
            ? String(decoding: value.utf8.filter { $0 != 0 }, as: UTF8.self) : value
    }
}
