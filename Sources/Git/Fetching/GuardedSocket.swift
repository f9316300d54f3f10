import CLibgit2
import Glibc

/// The socket below every network transport of libgit2, held by the fetch that opened it.
///
/// libgit2's own TLS and SSH are built on this one, so that a deadline reaches all three.
enum GuardedSocket {
    private typealias Stream = UnsafeMutablePointer<slipway_socket_stream>

    /// Makes libgit2 use these sockets.
    static func register() {
        var registration = git_stream_registration()
        registration.version = GIT_STREAM_VERSION
        registration.`init` = { out, host, port in GuardedSocket.make(out, host, port) }
        let status = git_stream_register(GIT_STREAM_STANDARD, &registration)
        precondition(status == 0, "libgit2 refused our sockets")
    }

    private static func make(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_stream>?>?,
        _ host: UnsafePointer<CChar>?,
        _ port: UnsafePointer<CChar>?
    ) -> Int32 {
        guard let out, let host, let port else { return -1 }
        let stream = Stream.allocate(capacity: 1)
        var fresh = slipway_socket_stream()
        fresh.parent.version = GIT_STREAM_VERSION
        fresh.parent.connect = { GuardedSocket.connect($0) }
        fresh.parent.read = { stream, data, size in
            recv(GuardedSocket.descriptor(of: stream), data, size, 0)
        }
        fresh.parent.write = { stream, data, size, flags in
            send(GuardedSocket.descriptor(of: stream), data, size, flags | Int32(MSG_NOSIGNAL))
        }
        fresh.parent.close = { GuardedSocket.close($0) }
        fresh.parent.free = { GuardedSocket.free($0) }
        fresh.host = strdup(host)
        fresh.port = strdup(port)
        fresh.descriptor = -1
        stream.initialize(to: fresh)
        out.pointee = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: git_stream.self)
        return 0
    }

    private static func cast(_ stream: UnsafeMutablePointer<git_stream>?) -> Stream? {
        UnsafeMutableRawPointer(stream)?.assumingMemoryBound(to: slipway_socket_stream.self)
    }

    private static func descriptor(of stream: UnsafeMutablePointer<git_stream>?) -> Int32 {
        cast(stream)?.pointee.descriptor ?? -1
    }

    private static func connect(_ stream: UnsafeMutablePointer<git_stream>?) -> Int32 {
        guard let stream = cast(stream), let control = FetchControl.current else {
            return refuse("no fetch is running on this thread")
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(stream.pointee.host, stream.pointee.port, &hints, &found)
        guard status == 0 else { return refuse(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(found) }
        var reason: Int32 = 0
        var next = found
        while let address = next?.pointee {
            switch open(address, under: control) {
            case .success(let socket):
                stream.pointee.descriptor = socket
                return 0
            case .failure(let problem):
                reason = problem.code
            }
            next = address.ai_next
        }
        return refuse(String(cString: strerror(reason)))
    }

    private struct Refusal: Error {
        var code: Int32
    }

    private static func open(
        _ address: addrinfo,
        under control: FetchControl
    ) -> Result<Int32, Refusal> {
        let kind = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = Glibc.socket(address.ai_family, kind, address.ai_protocol)
        guard socket >= 0 else { return .failure(Refusal(code: errno)) }
        guard control.adopt(socket) else {
            _ = Glibc.close(socket)
            return .failure(Refusal(code: ECANCELED))
        }
        let began = Glibc.connect(socket, address.ai_addr, address.ai_addrlen)
        let problem = began == 0 ? 0 : errno == EINPROGRESS ? outcome(socket, control) : errno
        guard problem == 0 else {
            control.close(socket)
            return .failure(Refusal(code: problem))
        }
        // From here on reads and writes block, and a shutdown wakes them.
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags & ~O_NONBLOCK)
        return .success(socket)
    }

    private static func outcome(_ socket: Int32, _ control: FetchControl) -> Int32 {
        let beatMilliseconds: Int32 = 100
        while control.verdict == nil {
            var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, beatMilliseconds) > 0 else { continue }
            var problem: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size)
            return problem
        }
        return ECANCELED
    }

    private static func close(_ stream: UnsafeMutablePointer<git_stream>?) -> Int32 {
        guard let stream = cast(stream), stream.pointee.descriptor >= 0 else { return 0 }
        FetchControl.current?.close(stream.pointee.descriptor)
        stream.pointee.descriptor = -1
        return 0
    }

    private static func free(_ stream: UnsafeMutablePointer<git_stream>?) {
        guard let stream = cast(stream) else { return }
        _ = close(&stream.pointee.parent)
        Glibc.free(stream.pointee.host)
        Glibc.free(stream.pointee.port)
        stream.deallocate()
    }

    private static func refuse(_ reason: String) -> Int32 {
        git_error_set_str(numericCast(GIT_ERROR_NET.rawValue), "cannot connect: \(reason)")
        return -1
    }
}
