import Core
import Foundation
import Testing

@Suite struct StepEnvironmentTests {
    private func variables(
        ref: String,
        message: String = "Fix it",
        author: String = "Ada"
    ) -> [String: String] {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let build = Build(
            id: BuildID(7),
            repository: RepositoryID(1),
            repositoryName: "shop",
            number: 3,
            pipeline: "main",
            event: .push,
            ref: ref,
            sha: "0123456789abcdef0123456789abcdef01234567",
            message: message,
            author: author,
            reason: "Push",
            state: .running,
            createdAt: now
        )
        let repository = Repository(
            id: RepositoryID(1),
            name: "shop",
            url: "/srv/shop.git",
            defaultBranch: "main",
            createdAt: now
        )
        return stepEnvironment(
            build: build,
            job: "test",
            jobID: JobID(9),
            attempt: 2,
            repository: repository,
            committedAt: now,
            address: "http://ci:8010"
        )
    }

    @Test func `a branch's step knows its branch and no tag`() {
        let variables = variables(ref: "refs/heads/feature/x")
        #expect(variables["CI_COMMIT_BRANCH"] == "feature/x")
        #expect(variables["CI_COMMIT_TAG"] == nil)
        #expect(variables["CI_COMMIT_REF"] == "refs/heads/feature/x")
    }

    @Test func `a tag's step knows its tag and no branch`() {
        let variables = variables(ref: "refs/tags/v1.0.0")
        #expect(variables["CI_COMMIT_TAG"] == "v1.0.0")
        #expect(variables["CI_COMMIT_BRANCH"] == nil)
    }

    @Test func `a bare commit's step knows neither`() {
        let variables = variables(ref: "")
        #expect(variables["CI_COMMIT_TAG"] == nil)
        #expect(variables["CI_COMMIT_BRANCH"] == nil)
    }

    @Test func `numbers and links name the build and the job`() {
        let variables = variables(ref: "refs/heads/main")
        #expect(variables["CI_PIPELINE_NUMBER"] == "3")
        #expect(variables["CI_PIPELINE_URL"] == "http://ci:8010/builds/7")
        #expect(variables["CI_JOB_URL"] == "http://ci:8010/jobs/9")
        #expect(variables["CI_JOB_ATTEMPT"] == "2")
        #expect(variables["CI_COMMIT_SHORT_SHA"] == "01234567")
        #expect(variables["SOURCE_DATE_EPOCH"] == "1700000000")
    }

    @Test func `no value holds a NUL, which would cut it inside the container`() {
        let variables = variables(
            ref: "refs/heads/ma\0in",
            message: "a\0b\nc",
            author: "\0"
        )
        #expect(variables.values.allSatisfy { !$0.utf8.contains(0) })
        #expect(variables["CI_COMMIT_MESSAGE"] == "ab\nc")
        #expect(variables["CI_COMMIT_AUTHOR"]?.isEmpty == true)
    }

    @Test func `no variable holds a token or a password`() {
        for name in variables(ref: "refs/heads/main").keys {
            let isSecret = ["TOKEN", "PASSWORD", "SECRET", "KEY"].contains { name.contains($0) }
            #expect(!isSecret, "\(name)")
        }
    }
}
