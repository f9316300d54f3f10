/// Variables of other systems, and what they are called here.
enum Renaming {
    static let github = [
        "GITHUB_SHA": "CI_COMMIT_SHA", "GITHUB_REF": "CI_COMMIT_REF",
        "GITHUB_REF_NAME": "CI_COMMIT_BRANCH", "GITHUB_REPOSITORY": "CI_REPO",
        "GITHUB_WORKSPACE": "CI_WORKSPACE", "GITHUB_RUN_NUMBER": "CI_PIPELINE_NUMBER",
        "GITHUB_RUN_ID": "CI_PIPELINE_NUMBER", "GITHUB_EVENT_NAME": "CI_PIPELINE_EVENT",
        "GITHUB_HEAD_REF": "CI_COMMIT_SOURCE_BRANCH", "GITHUB_BASE_REF": "CI_COMMIT_TARGET_BRANCH",
        "GITHUB_JOB": "CI_JOB_NAME", "GITHUB_OUTPUT": "GITHUB_OUTPUT",
        "GITHUB_ENV": "GITHUB_ENV", "GITHUB_STEP_SUMMARY": "GITHUB_STEP_SUMMARY",
        "GITHUB_ACTIONS": "CI", "GITHUB_TOKEN": "GITHUB_TOKEN",
    ]

    static let gitlab = [
        "CI_PROJECT_DIR": "CI_WORKSPACE", "CI_PROJECT_PATH": "CI_REPO",
        "CI_PROJECT_URL": "CI_REPO_URL", "CI_REPOSITORY_URL": "CI_REPO_CLONE_URL",
        "CI_DEFAULT_BRANCH": "CI_REPO_DEFAULT_BRANCH", "CI_COMMIT_REF_NAME": "CI_COMMIT_BRANCH",
        "CI_PIPELINE_ID": "CI_PIPELINE_NUMBER", "CI_PIPELINE_IID": "CI_PIPELINE_NUMBER",
        "CI_JOB_ID": "CI_PIPELINE_NUMBER", "CI_PIPELINE_SOURCE": "CI_PIPELINE_EVENT",
        "CI_MERGE_REQUEST_IID": "CI_COMMIT_PULL_REQUEST",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "CI_COMMIT_SOURCE_BRANCH",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "CI_COMMIT_TARGET_BRANCH",
        "CI_SERVER_URL": "CI_SYSTEM_URL",
    ]

    static let drone = [
        "DRONE_COMMIT": "CI_COMMIT_SHA", "DRONE_COMMIT_SHA": "CI_COMMIT_SHA",
        "DRONE_COMMIT_REF": "CI_COMMIT_REF", "DRONE_COMMIT_BRANCH": "CI_COMMIT_BRANCH",
        "DRONE_BRANCH": "CI_COMMIT_BRANCH", "DRONE_TAG": "CI_COMMIT_TAG",
        "DRONE_BUILD_NUMBER": "CI_PIPELINE_NUMBER", "DRONE_BUILD_EVENT": "CI_PIPELINE_EVENT",
        "DRONE_BUILD_LINK": "CI_PIPELINE_URL", "DRONE_REPO": "CI_REPO",
        "DRONE_REPO_LINK": "CI_REPO_URL", "DRONE_GIT_HTTP_URL": "CI_REPO_CLONE_URL",
        "DRONE_REPO_BRANCH": "CI_REPO_DEFAULT_BRANCH", "DRONE_WORKSPACE": "CI_WORKSPACE",
        "DRONE_PULL_REQUEST": "CI_COMMIT_PULL_REQUEST",
        "DRONE_SOURCE_BRANCH": "CI_COMMIT_SOURCE_BRANCH",
        "DRONE_TARGET_BRANCH": "CI_COMMIT_TARGET_BRANCH",
        "DRONE_COMMIT_AUTHOR": "CI_COMMIT_AUTHOR", "DRONE_COMMIT_MESSAGE": "CI_COMMIT_MESSAGE",
        "DRONE_COMMIT_AUTHOR_EMAIL": "CI_COMMIT_AUTHOR_EMAIL",
        "DRONE_STEP_NAME": "CI_STEP_NAME", "DRONE_STAGE_NAME": "CI_JOB_NAME",
        "DRONE_DEPLOY_TO": "CI_DEPLOY_TARGET", "DRONE": "CI",
    ]

    /// Variables that Woodpecker sets and nobody sets here.
    static let woodpecker = [
        "CI_PIPELINE_DEPLOY_TARGET": "CI_DEPLOY_TARGET", "CI_WORKFLOW_NAME": "CI_JOB_NAME",
    ]

    /// A script in which variables have the names they have here.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - table: The new name for each old one.
    ///   - prefix: What the names of the other system's own variables begin with.
    /// - Returns: The script, and the variables of the other system that nobody sets here.
    static func applied(
        to script: String,
        _ table: [String: String],
        prefix: String
    ) -> (script: String, unknown: [String]) {
        let bytes = Array(script.utf8)
        var result: [UInt8] = []
        var unknown: [String] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index].isWord else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let word = bytes[index...].prefix(while: \.isWord)
            index = word.endIndex
            let name = String(decoding: word, as: UTF8.self)
            if let ours = table[name] {
                result += ours.utf8
            } else {
                result += word
                if word.starts(with: prefix.utf8), !unknown.contains(name), unknown.count < 20 {
                    unknown.append(name)
                }
            }
        }
        return (String(decoding: result, as: UTF8.self), unknown)
    }
}
