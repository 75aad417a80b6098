import Dispatch
import EdgeAPI
import Glibc
import Synchronization

/// Answers of a server that says anything: the client takes them or names a fault, in time and within its limit.
enum HTTPFuzz: FuzzTarget {
    private static let server = AnswerServer()
    private static let limit = 1 << 16
    private static let client: HTTPClient = {
        var options = HTTPOptions(environment: [:])
        options.timeout = .seconds(5)
        options.maxBytes = limit
        return HTTPClient(options: options)
    }()

    static var seeds: [[UInt8]] {
        [
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/x\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.0 503 \r\nA: b\r\n c\r\n\r\n<html>", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\u{1F}",
            "HTTP/1.1 401 U\r\nWWW-Authenticate: Basic realm=\"a\"\r\nContent-Length: 99\r\n\r\nshort",
        ].flatMap { text in [0, 1].map { [UInt8($0)] + Array(text.utf8) } }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let isCompressed = input.byte() & 1 == 1
        server.answer.withLock { $0 = input.rest() }
        var request = HTTPRequest(
            method: "GET", url: "http://127.0.0.1:\(server.port)/", headers: [], body: nil, login: .none)
        request.compressed = isCompressed
        request.isFresh = true
        let (sent, done) = (request, DispatchSemaphore(value: 0))
        Task.detached {
            do throws(EdgeError) {
                let response = try await client.send(sent)
                promise(response.body.count <= limit, "no more than the limit is kept")
                promise(!response.headers.contains { $0.value.contains("\n") }, "a header is one line")
                promise(!"\(response)".contains("\r"), "no content is shown")
                _ = try? JSONAnswer(response)
            } catch {
                promise(!error.reason.isEmpty && !error.reason.contains("\u{1B}"), "a fault is named, harmlessly")
            }
            done.signal()
        }
        promise(done.wait(timeout: .now() + 10) == .success, "it ends in time")
    }
}

/// Sends the same bytes to whoever connects, and closes.
private final class AnswerServer: Sendable {
    let port: Int
    let answer = Mutex<[UInt8]>([])

    init() {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, size) == 0 && getsockname(listener, generic, &size) == 0
            }
        }
        guard isBound, listen(listener, 64) == 0 else { fatalError("can't listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue(label: "answers").async { [self] in
            while true {
                let line = accept(listener, nil, nil)
                guard line >= 0 else { continue }
                var head = [UInt8](repeating: 0, count: 4096)
                _ = unsafe recv(line, &head, head.count, 0)
                let bytes = answer.withLock { $0 }
                _ = unsafe bytes.withUnsafeBytes {
                    unsafe send(line, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                // The request was read: what was sent arrives before the end.
                close(line)
            }
        }
    }
}
