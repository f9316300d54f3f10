import Conversion
import Testing

@Suite struct DialectTests {
    @Test(arguments: [
        ("a/.github/workflows/ci.yml", "", Dialect.github),
        (".forgejo/workflows/x.yml", "", .github),
        (".gitlab-ci.yml", "", .gitlab), ("ci/build.gitlab-ci.yml", "", .gitlab),
        (".woodpecker/test.yaml", "", .woodpecker), (".woodpecker.yml", "", .woodpecker),
        (".drone.yml", "", .drone),
    ])
    func `the path says the system`(path: String, text: String, dialect: Dialect) {
        #expect(Dialect.guess(path: path, text: Array(text.utf8)) == dialect)
    }

    @Test(arguments: [
        ("on: push\njobs: {}\n", Dialect.github), ("\"on\": push\njobs:\n", .github),
        ("stages: [a]\n", .gitlab), ("a:\n  script: b\n", .gitlab),
        ("steps:\n  - image: a\n", .woodpecker), ("kind: pipeline\nsteps: []\n", .drone),
    ])
    func `without such a path the first words of lines say it`(text: String, dialect: Dialect) {
        #expect(Dialect.guess(path: "ci.yml", text: Array(text.utf8)) == dialect)
    }

    @Test func `nobody guesses where nothing says it`() {
        #expect(Dialect.guess(path: "ci.yml", text: Array("a: b\n".utf8)) == nil)
    }
}
