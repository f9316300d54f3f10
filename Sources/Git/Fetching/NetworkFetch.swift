import CLibgit2
import Glibc

/// Brings what a remote over HTTP or SSH has into a mirror.
struct NetworkFetch {
    let url: RemoteURL
    let credentials: FetchCredentials
    let control: FetchControl

    /// Brings the branches and tags.
    func run(
        into mirror: borrowing GitRepository,
        withPullRequests: Bool
    ) throws(GitError) -> RemoteListing {
        let (refs, headBranch) = try run(into: mirror) { _ in
            ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        }
        return RemoteListing(
            refs: refs,
            headBranch: headBranch,
            withPullRequests: withPullRequests
        )
    }

    /// Brings what refs of these very names lead to, as far as there are any, and commits by their
    /// own, where the remote grants that; no ref is written.
    func bring(
        _ names: [String],
        into mirror: borrowing GitRepository
    ) throws(GitError) -> [StoredRef] {
        let wanted = names.map { Array($0.utf8) }.filter(\.isRefName)
        let commits = names.compactMap { ObjectID(hex: $0.utf8)?.sha }
        let (refs, _) = try run(into: mirror) { refs in
            refs.filter { wanted.contains($0.name) }
                .map { "+\(RefText.encode($0.name)):\(RefText.encode($0.name))" }
                + commits.map { "+\($0):refs/slipway/asked/\($0)" }
        }
        return refs.filter { wanted.contains($0.name) }
    }

    private func run(
        into mirror: borrowing GitRepository,
        wanting specs: ([StoredRef]) -> [String]
    ) throws(GitError) -> (refs: [StoredRef], headBranch: [UInt8]?) {
        try requireSSHIfNeeded()
        // Credentials and control stay alive, and in place, for the callbacks' pointers.
        let errand = Errand(credentials: credentials, control: control)
        defer { withExtendedLifetime(errand) {} }
        let repository = mirror.pointer
        let remote = try Handle("fetch \(url.shown)", free: git_remote_free) {
            git_remote_create_anonymous(&$0, repository, url.text)
        }
        var options = git_fetch_options()
        git_fetch_options_init(&options, numericCast(GIT_FETCH_OPTIONS_VERSION))
        errand.prepare(&options, for: url)
        do {
            return try talk(to: remote.pointer, options: &options, wanting: specs)
        } catch {
            throw control.verdict ?? error
        }
    }

    private func talk(
        to remote: OpaquePointer,
        options: inout git_fetch_options,
        wanting specs: ([StoredRef]) -> [String]
    ) throws(GitError) -> (refs: [StoredRef], headBranch: [UInt8]?) {
        try check(
            git_remote_connect(
                remote,
                GIT_DIRECTION_FETCH,
                &options.callbacks,
                &options.proxy_opts,
                nil
            ),
            "reach \(url.shown)"
        )
        defer { git_remote_disconnect(remote) }
        let listing = try list(remote)
        let specs = specs(listing.refs)
        // Without any, libgit2 would take its own idea of what is wanted.
        if specs.isEmpty { return listing }
        try check(
            with(specs) { git_remote_download(remote, $0, &options) },
            "fetch \(url.shown)"
        )
        try control.check()
        return listing
    }

    private func list(
        _ remote: OpaquePointer
    ) throws(GitError) -> (refs: [StoredRef], headBranch: [UInt8]?) {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check(git_remote_ls(&heads, &count, remote), "list the refs of \(url.shown)")
        guard count <= 2 * control.limits.refsMax else {
            throw GitError(
                .tooLarge,
                "the repository has more than \(control.limits.refsMax) refs"
            )
        }
        var listing: [StoredRef] = []
        var headBranch: [UInt8]?
        for head in UnsafeBufferPointer(start: heads, count: count) {
            guard let head = head?.pointee, let name = head.name.map({ bytes(of: $0) }) else {
                continue
            }
            if name.elementsEqual("HEAD".utf8) {
                headBranch = head.symref_target.map { bytes(of: $0) }
            } else if !name.suffix(3).elementsEqual("^{}".utf8) {
                listing.append(StoredRef(name: name, target: ObjectID(head.oid)))
            }
        }
        return (listing, headBranch)
    }

    private func with(
        _ texts: [String],
        _ body: (UnsafePointer<git_strarray>) -> Int32
    ) -> Int32 {
        var specs: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        defer { for spec in specs { free(spec) } }
        return specs.withUnsafeMutableBufferPointer { buffer in
            var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return body(&array)
        }
    }

    private func requireSSHIfNeeded() throws(GitError) {
        guard url.transport == .ssh else { return }
        guard Libgit2.speaksSSH else {
            throw GitError(
                .refusedURL,
                "the installed libgit2 was built without SSH",
                advice: "use https://, or install a libgit2 built with libssh2"
            )
        }
        guard getenv("HOME") != nil else {
            throw GitError(
                .authentication,
                "HOME is not set, so the known SSH hosts cannot be read",
                advice: "set HOME for the user that runs Slipway"
            )
        }
    }
}

/// What the callbacks of one network fetch need.
private final class Errand {
    private let credentials: FetchCredentials
    private let control: FetchControl
    /// Password and name are asked for once; a second time means that they were refused.
    private var askCount = 0
    private let askCountMax = 3
    private var proofs: ArraySlice<SSHProof>

    init(credentials: FetchCredentials, control: FetchControl) {
        self.credentials = credentials
        self.control = control
        proofs = SSHProof.all(for: credentials)[...]
    }

    func prepare(_ options: inout git_fetch_options, for url: RemoteURL) {
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.update_fetchhead = 0
        options.proxy_opts.type = GIT_PROXY_AUTO
        // A plain http:// URL was allowed for its host alone.
        options.follow_redirects =
            url.transport == .https ? GIT_REMOTE_REDIRECT_INITIAL : GIT_REMOTE_REDIRECT_NONE
        options.callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        options.callbacks.credentials = { out, _, user, allowed, payload in
            Errand.from(payload).offer(out, user: user, allowed: allowed)
        }
        options.callbacks.transfer_progress = { stats, payload in
            let control = Errand.from(payload).control
            return FetchControl.note(stats, for: Unmanaged.passUnretained(control).toOpaque())
        }
        options.callbacks.sideband_progress = { _, _, payload in
            Errand.from(payload).control.verdict == nil ? 0 : GIT_EUSER.rawValue
        }
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> Errand {
        guard let payload else { preconditionFailure("a callback lost its errand") }
        return Unmanaged<Errand>.fromOpaque(payload).takeUnretainedValue()
    }

    private func offer(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
        user: UnsafePointer<CChar>?,
        allowed: UInt32
    ) -> Int32 {
        if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
            switch proofs.popFirst() {
            case .agent: return git_credential_ssh_key_from_agent(out, user)
            case .key(let path, let passphrase):
                return git_credential_ssh_key_new(out, user, nil, path, passphrase)
            case nil: return refuse("no key was accepted: \(SSHProof.advice(for: credentials))")
            }
        }
        askCount += 1
        guard askCount <= askCountMax else { return refuse("the credentials were refused") }
        if allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0,
            let password = credentials.password
        {
            return git_credential_userpass_plaintext_new(out, password.user, password.secret)
        }
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return git_credential_username_new(out, "git")
        }
        return refuse("the remote wants credentials and there are none")
    }

    private func refuse(_ reason: String) -> Int32 {
        git_error_set_str(numericCast(GIT_ERROR_CALLBACK.rawValue), reason)
        return GIT_EAUTH.rawValue
    }
}
