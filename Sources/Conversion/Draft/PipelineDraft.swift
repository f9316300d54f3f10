/// A pipeline of ours before it is written down; each part carries its comments.
struct PipelineDraft {
    /// The path below `pipelines/`.
    var file: String
    var comments: [String] = []
    var name: String?
    /// Said inside `on`.
    var triggerComments: [String] = []
    /// Nil where the file says nothing, which is a push, a pull request or a person.
    var triggers: Mapping?
    var concurrency: Mapping?
    var environment = Environment()
    /// Of a pipeline that others use.
    var inputs: Mapping?
    var jobs: [JobDraft] = []
    /// Said behind the last job.
    var lastComments: [String] = []
}

/// Variables in their order.
struct Environment: Equatable {
    struct Variable: Equatable {
        var comments: [String] = []
        var name: String
        var value: String
    }

    var variables: [Variable] = []
    /// Said behind the last variable.
    var comments: [String] = []

    var isEmpty: Bool { variables.isEmpty && comments.isEmpty }
    var names: [String] { variables.map(\.name) }

    subscript(name: String) -> String? { variables.last { $0.name == name }?.value }

    /// Sets a variable, in its old place if it has one.
    mutating func set(_ name: String, _ value: String, comments: [String] = []) {
        if let index = variables.firstIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append(Variable(comments: comments, name: name, value: value))
        }
    }
}

/// A job of ours before it is written down.
struct JobDraft {
    var name: String
    /// Above the job.
    var comments: [String] = []
    /// Inside the job, above its keys.
    var notes: [String] = []
    var needs: [Tree] = []
    var condition: Condition = .always
    var channel: String?
    var uses: String?
    var with: Mapping?
    var matrix: Mapping?
    var labels: [String] = []
    var allowFailure = AllowedFailure.none
    var image: String?
    var timeout: String?
    var environment = Environment()
    var services: [ServiceDraft] = []
    var checkout: Tree?
    var cache: [Mapping] = []
    var cacheComments: [String] = []
    var steps: [StepDraft] = []
    /// Said behind the last step.
    var lastComments: [String] = []
    var junit: [String] = []
    var artifacts: [Mapping] = []
    var artifactComments: [String] = []
}

/// Which failures are only warnings.
enum AllowedFailure: Equatable {
    case none
    case any
    case codes([Int])

    var tree: Tree? {
        switch self {
        case .none: nil
        case .any: .flag(true)
        case .codes(let codes): .list(codes.map { .word("\($0)") })
        }
    }
}

/// A service of ours before it is written down.
struct ServiceDraft {
    var name: String
    var comments: [String] = []
    var image: String
    var environment = Environment()
    var health: Mapping?
}

/// A step of ours before it is written down.
struct StepDraft {
    var comments: [String] = []
    var name: String?
    var condition: Condition = .success
    var image: String?
    var shell: String?
    var environment = Environment()
    var run: String?
    /// `download`, `gate` and the like.
    var action: (key: String, value: Mapping)?
    var secrets: [SecretDraft] = []
    var with: Mapping?
    var retry: Mapping?
    var locks: [Mapping] = []
    var timeout: String?
    var allowFailure = false
}

/// A secret that a step is given as a variable.
struct SecretDraft: Equatable {
    var variable: String
    var from: String
}
