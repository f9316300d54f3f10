import Glibc

/// The loop of a container, as far as it can be seen from here.
protocol LoopLink: Sendable {
    /// Whether the loop still reads, or what it wrote is still on its way.
    var isRead: Bool { get }
    /// Waits until all that a container wrote is here, which has ended.
    func settle() async
}

/// The writing end of a container's FIFO, which also tells whether the loop still lives.
final class StepFeed: LoopLink {
    private let end: Descriptor

    private init(end: consuming Descriptor) {
        self.end = end
    }

    /// Connects to the loop; nil when nobody reads, so there is no loop.
    static func connect(_ path: String) throws(JobRunnerError) -> StepFeed? {
        let end: Descriptor
        do throws(JobRunnerError) {
            end = try Descriptor.open(path, O_WRONLY)
        } catch {
            // ENXIO, for want of a reader, and ENOENT both mean that no loop is there.
            return nil
        }
        guard try end.status().kind == .fifo else {
            throw JobRunnerError(
                code: .damaged,
                message: "a step replaced the FIFO in /run/ci through which steps are started"
            )
        }
        return StepFeed(end: end)
    }

    /// Asks for a step; sending it twice starts it once.
    func send(_ step: Int) throws(JobRunnerError) { try end.write(Array("\(step)\n".utf8)) }

    /// Whether the loop still reads; false as soon as its container is gone.
    var isRead: Bool {
        var polled = pollfd(fd: end.number, events: 0, revents: 0)
        return poll(&polled, 1, 0) == 0
    }

    func settle() {}
}
