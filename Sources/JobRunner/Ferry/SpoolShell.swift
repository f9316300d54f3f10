import Docker

/// What answers in a container whose spool folder cannot be seen from here.
///
/// It is run by `docker exec` beside the loop, for as long as a step is followed; that it ends
/// means nothing to the step.
struct SpoolShell {
    private let conversation: Conversation

    init(_ conversation: Conversation) {
        self.conversation = conversation
    }

    /// How long an answer may take.
    static let patience = Duration.seconds(30)
    /// Bytes of a file that are asked for at once.
    static let pieceMax = 1 << 20

    static let command = ["/bin/sh", "-c", text]

    /// Each line it reads is a verb, a file's name and up to two numbers; each answer is a line.
    ///
    /// The size of a file comes from `ls`, because some `wc` read all of it, and bytes are taken by
    /// `dd`, which takes exactly as many as it is told and no more from a pipe. TERM to everything
    /// in the container is not meant for it.
    private static let text = """
        trap '' TERM
        cd \(StepLoop.spool) || exit 1
        while read -r verb name count offset; do
            case $verb in
            have) if [ -e "$name" ]; then echo 1; else echo 0; fi ;;
            pipe) rm -f "$name"; mkfifo -m 600 "$name"; echo $? ;;
            put)  dd bs=1 count="$count" >"$name" 2>/dev/null; echo $? ;;
            give) dd bs=1 count="$count" >"$name" 2>/dev/null; rm -f "$name"; echo $? ;;
            send) echo "$count" 1<>"$name"; echo $? ;;
            read)
                rest=0
                if [ -f "$name" ]; then
                    set -- $(ls -ln "$name")
                    rest=$(($5 - offset))
                    [ "$rest" -le "$count" ] || rest=$count
                fi
                echo "$rest"
                [ "$rest" -le 0 ] || {
                    dd bs=1 skip="$offset" count=0
                    dd bs="$rest" count=1
                } <"$name" 2>/dev/null
                ;;
            esac
        done
        """

    /// Whether there is a file of this name.
    func has(_ name: String) async throws -> Bool {
        try await conversation.ask("have \(name)") == "1"
    }

    /// Makes a FIFO that only the steps' user may open.
    func makeFIFO(_ name: String) async throws {
        try expect(await conversation.ask("pipe \(name)"), "mkfifo")
    }

    /// Writes a file.
    func put(_ bytes: [UInt8], as name: String) async throws {
        try await send("put", bytes, to: name)
    }

    /// Writes into a FIFO, as soon as somebody opens it, and removes it.
    func give(_ bytes: [UInt8], to name: String) async throws {
        try await send("give", bytes, to: name)
    }

    private func send(_ verb: String, _ bytes: [UInt8], to name: String) async throws {
        try await conversation.say(Array("\(verb) \(name) \(bytes.count)\n".utf8) + bytes)
        try expect(await conversation.line(), "dd")
    }

    /// Writes a step's number into the FIFO of a loop.
    func start(_ step: Int, by fifo: String) async throws {
        try expect(await conversation.ask("send \(fifo) \(step)"), "the shell")
    }

    /// Bytes of a file from an offset on; none where there are no more yet.
    func read(_ name: String, at offset: Int, count: Int = pieceMax) async throws -> [UInt8] {
        let answer = try await conversation.ask("read \(name) \(count) \(offset)")
        guard let length = Int(answer), length <= count else {
            throw JobRunnerError(code: .damaged, message: "the container gave a wrong answer")
        }
        return length > 0 ? try await conversation.bytes(length) : []
    }

    private func expect(_ answer: String, _ program: String) throws {
        guard answer == "0" else {
            throw JobRunnerError(
                code: .image,
                message: "\(program) failed in the container; an image needs 'dd', 'ls' and "
                    + "'mkfifo' where the Docker engine does not see the worker's files"
            )
        }
    }
}
