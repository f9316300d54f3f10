import ArgumentParser
import Core
import Foundation
import Wire

struct RepoHookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Lets a forge, or a script, tell when something was pushed.",
        discussion: """
            The first call makes a secret; later ones print the same, until --renew makes another. \
            Enter the address and the secret where the forge keeps its webhooks:

              slipway repo hook shop
              slipway repo hook shop --forge gitlab

            For a bare repository of your own, the script is printed ready to be saved, and goes \
            alone to standard output:

              slipway repo hook shop --script > /srv/git/shop.git/hooks/post-receive
              chmod 700 /srv/git/shop.git/hooks/post-receive

            A delivery only says where to look: what is built is what Git has. Repositories are \
            looked at in any case, so that a lost delivery is a late build and no missing one.
            """
    )

    @Argument(help: "The repository's name.")
    var name: String

    @Option(
        help: "Only for this one: \(Forge.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(Forge.allCases.map(\.rawValue))
    )
    var forge: String?

    @Flag(help: "Print a post-receive for a bare repository, with the secret in it.")
    var script = false

    @Flag(help: "Make a new secret; the old one is worth nothing from then on.")
    var renew = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let forge, Forge(rawValue: forge) == nil {
            throw ValidationError("No forge is called '\(forge)'.")
        }
        if script, json.isJSON { throw ValidationError("--script and --json: give one of them.") }
    }

    func run() async throws {
        let answer = try await server.connect().post(
            try APIPath("api/v1/repositories", name, "hook"),
            NewHookMessage(renew: renew ? true : nil)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let hook: HookMessage = try Connection.decode(answer)
        if script { return Output.standard.line(try postReceive(hook)) }
        for forge in Forge.allCases where self.forge == nil || self.forge == forge.rawValue {
            guard let url = hook.urls[forge.rawValue] else { continue }
            Output.standard.line("\(forge.rawValue.padded(to: 10)) \(printable(url))")
        }
        Output.standard.line("\("secret".padded(to: 10)) \(printable(hook.secret))")
        if forge == nil || forge == Forge.gitlab.rawValue {
            Output.standard.line("\("signing".padded(to: 10)) \(printable(hook.signingToken))")
            Output.standard.note("signing: GitLab's signing token, where it has that field")
        }
        if let failures = hook.failures, let last = hook.lastFailureAt {
            let many = failures == 1 ? "1 delivery was" : "\(failures) deliveries were"
            let age = Spoken.age(last, now: Date())
            Output.standard.note(
                "\(many) not proved since the server's start, the last \(age): is the secret right?"
            )
        }
        if forge == Forge.git.rawValue {
            Output.standard.note("a ready post-receive: slipway repo hook \(name) --script")
        }
    }

    /// What a bare repository runs after each push.
    private func postReceive(_ hook: HookMessage) throws -> String {
        guard let url = hook.urls[Forge.git.rawValue] else {
            throw CommandError(.exception, "the server told no address for scripts")
        }
        return #"""
            #!/bin/sh
            # Tells Slipway that something was pushed. It holds a secret: chmod 700.
            # For `git push -o ci.skip`: git config receive.advertisePushOptions true
            options() {
                i=0
                while [ "$i" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do
                    eval "printf 'push-option: %s\n' \"\$GIT_PUSH_OPTION_$i\""
                    i=$((i + 1))
                done
            }
            moves=$(cat; options)
            id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || echo "$(date +%s)-$$")
            curl --silent --show-error --fail --max-time 10 --output /dev/null \
                --config - --header "X-Slipway-Delivery: $id" --data-binary @/dev/fd/3 \
                '\#(url)' 3<<MOVES <<SECRET ||
            $moves
            MOVES
            header = "X-Slipway-Token: \#(hook.secret)"
            SECRET
                echo "Slipway was not told; it looks by itself soon." >&2
            exit 0
            """#
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
