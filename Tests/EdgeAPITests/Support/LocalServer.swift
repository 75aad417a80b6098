import Glibc
import Synchronization

/// A request as a server saw it.
struct SeenRequest: Sendable {
    var line: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A server on 127.0.0.1 that does byte for byte what a test says, well-behaved or not.
final class LocalServer: Sendable {
    /// One accepted connection.
    struct Connection: Sendable {
        let descriptor: CInt
        let server: LocalServer

        /// Reads a whole request with a `Content-Length` body; nil when the client is gone.
        func request() -> SeenRequest? {
            var bytes: [UInt8] = []
            let blank = Array("\r\n\r\n".utf8)
            while true {
                if let end = bytes.firstRange(of: blank) {
                    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                    let headers = head.dropFirst().map { line in
                        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                        return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
                    }
                    let length = headers.first { $0.0.lowercased() == "content-length" }.flatMap { Int($0.1) } ?? 0
                    if bytes.count >= end.upperBound + length {
                        let seen = SeenRequest(
                            line: String(head.first ?? ""), headers: headers,
                            body: Array(bytes[end.upperBound..<(end.upperBound + length)]))
                        server.seen.withLock { $0.append(seen) }
                        return seen
                    }
                }
                guard let more = read() else { return nil }
                bytes += more
            }
        }

        func read() -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            return count > 0 ? Array(buffer[..<count]) : nil
        }

        /// False when the client is gone.
        @discardableResult func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes[sent...].withUnsafeBytes {
                    unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        /// Sends an answer with its length.
        func answer(_ status: String, _ headers: [String] = [], body: [UInt8]) {
            let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
            send(Array(lines.joined(separator: "\r\n").utf8) + body)
        }

        func answer(_ status: String, _ headers: [String] = [], _ body: String = "") {
            answer(status, headers, body: Array(body.utf8))
        }

        /// Blocks until the client closes its side.
        func waitForClose() {
            while read() != nil {}
            server.closed.withLock { $0 += 1 }
        }
    }

    let port: Int
    let seen = Mutex<[SeenRequest]>([])
    let connections = Mutex<Int>(0)
    let closed = Mutex<Int>(0)
    private let listener: CInt

    var url: String { "http://127.0.0.1:\(port)" }
    var connectionCount: Int { connections.withLock { $0 } }
    var requests: [SeenRequest] { seen.withLock { $0 } }

    /// Runs `body` for each connection, on a thread of its own; the connection is closed afterwards.
    init(_ body: @escaping @Sendable (Connection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard bound else { throw ServerError() }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        // The listener's number alone: the thread must not keep the server alive.
        startThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard let self else {
                    close(descriptor)
                    return
                }
                self.connections.withLock { $0 += 1 }
                startThread {
                    body(Connection(descriptor: descriptor, server: self))
                    shutdown(descriptor, Int32(SHUT_WR))
                    close(descriptor)
                }
            }
        }
    }

    /// Answers every request on a connection.
    static func answering(_ answer: @escaping @Sendable (SeenRequest, Connection) -> Void) throws -> LocalServer {
        try LocalServer { connection in
            while let request = connection.request() { answer(request, connection) }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    struct ServerError: Error {}
}

/// Runs `body` on a new detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = unsafe Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    if code == 0 { pthread_detach(thread) }
}
