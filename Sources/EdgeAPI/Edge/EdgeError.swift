/// Why a request gave no usable answer: what failed, on what, and what to do.
///
/// Holds no credential. Two errors are equal when their codes are.
public struct EdgeError: Error, Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    public enum Code: Sendable, Hashable {
        /// 401.
        case unauthorized
        /// The login server does not accept the credentials, or not any more.
        case loginRefused
        /// What answers at the login server's address gives no tokens for Edge.
        case notLoginServer
        /// 403.
        case forbidden
        /// 404.
        case notFound
        /// 429; seconds to wait if the server told them.
        case tooManyRequests(retryAfter: Int?)
        /// 5xx.
        case server(status: Int)
        /// Any other status that is no success.
        case unexpectedStatus(Int)
        /// A web page where JSON was promised: a login page, a proxy's or the router's error page.
        case htmlInsteadOfJSON
        case malformedJSON
        /// Something else where a zip archive was promised.
        case notAZip
        /// More than the cap; ``EdgeError/partial`` holds the beginning.
        case tooLarge(limit: Int)
        case timeOut
        /// The connection ended before the answer did; ``EdgeError/partial`` holds what came.
        case cutOff
        /// The TLS handshake failed or the certificate was not accepted.
        case tls
        case dns
        case connectionRefused
        case connectionFailed
        /// The proxy could not be reached or refused to connect.
        case proxy
        /// Credentials would have gone over plain http to another machine; nothing was sent.
        case insecureHTTP
        /// The server points elsewhere; credentials do not follow.
        case redirected(host: String)
        case cancelled
        /// The URL, a name in the path, a header or a login cannot be sent as it is.
        case invalidRequest
        /// A certificate, key or netrc file cannot be used.
        case localFile
        /// The answer is no HTTP, or breaks its rules.
        case protocolViolation
        /// libcurl could not be started or memory ran out.
        case resources
    }

    public let code: Code
    /// What was asked: method and URL without query.
    public let subject: String
    public let reason: String
    /// What to do next.
    public let hint: String
    /// What was received before the failure, where there is anything.
    public let partial: HTTPResponse?

    public init(_ code: Code, subject: String, reason: String, hint: String, partial: HTTPResponse? = nil) {
        self.code = code
        self.subject = Excerpt.clean(subject, limit: 500)
        self.reason = Excerpt.clean(reason, limit: 300)
        self.hint = hint
        self.partial = partial
    }

    public static func == (left: EdgeError, right: EdgeError) -> Bool { left.code == right.code }

    public var description: String { "\(subject): \(reason)" }

    public var customMirror: Mirror { Mirror(reflecting: "\(description) (\(code))") }

    static func cancelled(_ subject: String) -> EdgeError {
        EdgeError(
            .cancelled, subject: subject, reason: "cancelled before the answer was complete", hint: "run it again")
    }

    static func invalid(_ subject: String, _ reason: String, hint: String) -> EdgeError {
        EdgeError(.invalidRequest, subject: subject, reason: reason, hint: hint)
    }
}
