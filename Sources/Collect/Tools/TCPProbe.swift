internal import Glibc
internal import Platform

/// TCP connections of this node to a port: whether there is one, and what is said there. Addresses only: a name would
/// ask the resolver, which may block for longer than any deadline.
struct TCPProbe: Sendable {
    let address: String
    let port: Int

    enum Failure: Error, Sendable, Equatable {
        case notAnAddress
        case refused
        case timedOut
        case system(String)

        var text: String {
            switch self {
            case .notAnAddress: "is no address"
            case .refused: "refused: nothing listens there, or a firewall rejects it"
            case .timedOut: "no answer: a firewall may swallow it, or the host is down"
            case .system(let words): words
            }
        }
    }

    /// Connects, and closes at once. Returns the milliseconds that it took. Blocks.
    func connect(milliseconds: Int) throws(Failure) -> Int {
        let start = ContinuousClock.now
        let descriptor = try open(until: start + .milliseconds(milliseconds))
        close(descriptor)
        return Int((ContinuousClock.now - start).components.attoseconds / 1_000_000_000_000_000)
            + Int((ContinuousClock.now - start).components.seconds) * 1000
    }

    /// Says `word` and returns what is answered until the other side closes. Blocks.
    func ask(_ word: [UInt8], milliseconds: Int, limit: Int) throws(Failure) -> (bytes: [UInt8], isWhole: Bool) {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        let descriptor = try open(until: end)
        defer { close(descriptor) }
        guard unsafe send(descriptor, word, word.count, Int32(MSG_NOSIGNAL)) == word.count else {
            throw .system(Self.text(errno))
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while answer.count < limit {
            guard Self.wait(descriptor, POLLIN, until: end) else { return (answer, false) }
            let count = unsafe recv(descriptor, &buffer, min(buffer.count, limit - answer.count), 0)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return (answer, count == 0) }
            answer.append(contentsOf: buffer[..<count])
        }
        return (answer, false)
    }

    private func open(until end: ContinuousClock.Instant) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let host = address == "localhost" ? "127.0.0.1" : address
        guard unsafe getaddrinfo(host, "\(port)", &hints, &list) == 0, let found = unsafe list else {
            throw .notAnAddress
        }
        defer { unsafe freeaddrinfo(found) }
        let info = unsafe found.pointee
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(info.ai_family, flags, 0)
        guard descriptor >= 0 else { throw .system(Self.text(errno)) }
        var failure: Failure?
        if unsafe Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) != 0 {
            if errno != EINPROGRESS {
                failure = errno == ECONNREFUSED ? .refused : .system(Self.text(errno))
            } else if Self.wait(descriptor, POLLOUT, until: end) {
                var number: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
                failure = number == 0 ? nil : number == ECONNREFUSED ? .refused : .system(Self.text(number))
            } else {
                failure = .timedOut
            }
        }
        if let failure {
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private static func wait(_ descriptor: Int32, _ event: Int32, until end: ContinuousClock.Instant) -> Bool {
        while true {
            let left = (end - ContinuousClock.now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return false }
            var poller = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let result = unsafe poll(&poller, 1, Int32(min(milliseconds, 60_000)))
            if result > 0 { return true }
            if result < 0, errno != EINTR { return false }
        }
    }

    private static func text(_ number: Int32) -> String { PlatformError(errno: number, "").reason }
}
