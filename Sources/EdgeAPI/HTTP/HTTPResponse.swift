/// An answer with its body in memory. Its description shows status and sizes, never content.
public struct HTTPResponse: Sendable, CustomStringConvertible, CustomReflectable {
    /// Milliseconds from the start of the request.
    public struct Times: Sendable, Equatable {
        public var nameLookup = 0
        public var connect = 0
        /// End of the TLS handshake; 0 without TLS.
        public var tls = 0
        public var firstByte = 0
        public var total = 0

        public init() {}
    }

    public var status: Int
    /// Words after the status; empty in HTTP/2.
    public var reason: String
    /// As in the status line: `1.1`.
    public var httpVersion: String
    /// In the order received; names as sent.
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// Address that answered: the server's, or the proxy's.
    public var primaryIP: String
    public var times: Times
    /// The URL that answered, without user info.
    public var url: String
    /// Host of a redirect that was not followed.
    public var redirectHost: String?
    /// False when the body was cut by a cap, a deadline or a lost connection.
    public var isComplete: Bool
    /// Status line and header lines as received, without the blank line.
    public var headerBlock: [UInt8]

    /// The first value of a header, by name without regard to case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// The message as `curl -i` prints it: status line and headers as received, a blank line, the body after removal of
    /// transfer codings (so `Transfer-Encoding` and `Content-Encoding` tell how it came, not how it stands here).
    public func asHTTPMessage() -> [UInt8] { headerBlock + Array("\r\n".utf8) + body }

    public var description: String {
        "HTTP \(status), \(headers.count) headers, \(body.count) bytes\(isComplete ? "" : ", incomplete")"
    }

    public var customMirror: Mirror { Mirror(reflecting: description) }
}
