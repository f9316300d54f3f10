/// A tool that an action sets up on GitHub's machines, and that here comes with an image.
struct Tool: Sendable {
    /// The image for a version.
    var image: @Sendable (String) -> String
    /// The inputs that name the version.
    var inputs: [String]
    /// The version where none is named.
    var usual: String

    /// The image for what a workflow asks for.
    func image(of version: String?) -> String {
        image(Self.tag(version ?? usual))
    }

    /// The tag of an image for a version as the actions write it.
    static func tag(_ version: String) -> String {
        if version.hasPart("${{") { return version }
        var text = version.trimmed.lines.first?.trimmed ?? ""
        for sign in ["^", "~", ">=", "v", "="] { text = text.without(start: sign) ?? text }
        text = text.pieces(at: " ").first ?? text
        text = text.without(end: ".x") ?? text.without(end: ".*") ?? text
        text = text.without(end: ".x") ?? text
        switch text {
        case "lts/*", "lts", "node", "current": return "lts"
        case "stable", "latest", "", "oldstable", "*": return "latest"
        case _: return text
        }
    }

    private static func named(_ name: String) -> @Sendable (String) -> String {
        { "\(name):\($0)" }
    }

    @Sendable private static func python(_ version: String) -> String {
        let name = version.without(start: "pypy-") ?? version.without(start: "pypy")
        return name.map { "pypy:\($0)" } ?? "python:\(version)"
    }

    @Sendable private static func rust(_ version: String) -> String {
        switch version {
        case _ where version.hasStart("nightly"): "rustlang/rust:nightly"
        case "stable", "latest", "beta", "master": "rust:latest"
        case _: "rust:\(version)"
        }
    }

    private static let rust = Tool(image: rust, inputs: ["toolchain"], usual: "stable")
    private static let swift = Tool(
        image: named("swift"),
        inputs: ["swift-version", "toolchain"],
        usual: "latest"
    )

    static let known: [String: Tool] = [
        "actions/setup-python": Tool(image: python, inputs: ["python-version"], usual: "3"),
        "actions/setup-node": Tool(image: named("node"), inputs: ["node-version"], usual: "lts"),
        "actions/setup-go": Tool(image: named("golang"), inputs: ["go-version"], usual: "latest"),
        "actions/setup-java": Tool(
            image: named("eclipse-temurin"),
            inputs: ["java-version"],
            usual: "21"
        ),
        "actions/setup-dotnet": Tool(
            image: named("mcr.microsoft.com/dotnet/sdk"),
            inputs: ["dotnet-version"],
            usual: "latest"
        ),
        "ruby/setup-ruby": Tool(image: named("ruby"), inputs: ["ruby-version"], usual: "latest"),
        "shivammathur/setup-php": Tool(
            image: named("php"),
            inputs: ["php-version"],
            usual: "latest"
        ),
        "swift-actions/setup-swift": swift,
        "vapor/swiftly-action": swift,
        "SwiftyLab/setup-swift": swift,
        "dtolnay/rust-toolchain": rust,
        "actions-rs/toolchain": rust,
        "actions-rust-lang/setup-rust-toolchain": rust,
        "moonrepo/setup-rust": rust,
        "denoland/setup-deno": Tool(
            image: named("denoland/deno"),
            inputs: ["deno-version"],
            usual: "latest"
        ),
        "oven-sh/setup-bun": Tool(
            image: named("oven/bun"),
            inputs: ["bun-version"],
            usual: "latest"
        ),
        "erlef/setup-beam": Tool(
            image: named("elixir"),
            inputs: ["elixir-version"],
            usual: "latest"
        ),
        "subosito/flutter-action": Tool(
            image: named("ghcr.io/cirruslabs/flutter"),
            inputs: ["flutter-version"],
            usual: "stable"
        ),
        "haskell-actions/setup": Tool(
            image: named("haskell"),
            inputs: ["ghc-version"],
            usual: "latest"
        ),
        "hashicorp/setup-terraform": Tool(
            image: named("hashicorp/terraform"),
            inputs: ["terraform_version"],
            usual: "latest"
        ),
    ]
}
