import CCurl
import Glibc
import Platform
import Synchronization

/// Sends HTTP requests through libcurl, each on a thread of its own, with certificates always verified, no cookies, no
/// redirect to another host, and a cap on time and size.
public final class HTTPClient: Sendable {
    public let options: HTTPOptions
    private let idle = Mutex<[TransferLane]>([])

    /// Idle lanes, each with its open connections, that are kept.
    private static let maxIdle = 4

    public init(options: HTTPOptions = HTTPOptions()) { self.options = options }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// - Throws: ``EdgeError`` when there is no whole answer, with what came in ``EdgeError/partial``; `cancelled` when the
    ///   task is cancelled.
    public func send(_ request: HTTPRequest) async throws(EdgeError) -> HTTPResponse {
        let clock = ContinuousClock()
        let end = clock.now + (request.timeout ?? options.timeout)
        var request = request
        var hops = 0
        while true {
            let left = end - clock.now
            let (response, redirect) = try await perform(request, timeout: left)
            guard hops < request.maxRedirects, let next = redirect,
                let following = request.following(next, status: response.status)
            else { return response }
            request = following
            hops += 1
        }
    }

    /// One transfer; also returns where the answer redirects to.
    private func perform(_ request: HTTPRequest, timeout: Duration) async throws(EdgeError) -> (HTTPResponse, String?) {
        let subject = request.description
        let address = try request.check(with: options)
        guard !Task.isCancelled else { throw .cancelled(subject) }
        guard timeout > .zero else {
            throw EdgeError(
                .timeOut, subject: subject, reason: "no time left for the request", hint: "raise --time-limit")
        }
        let plan = TransferPlan(request: request, address: address, options: options, timeout: timeout)
        guard let lane = idle.withLock({ $0.popLast() }) ?? TransferLane.make() else {
            throw EdgeError(
                .resources, subject: subject, reason: "libcurl cannot be started",
                hint: "free some memory and file descriptors, then try again")
        }
        let flag = CancelFlag()
        let outcome = await withTaskCancellationHandler {
            await Blocking.run { lane.run(plan, flag: flag) }
        } onCancel: {
            flag.raise()
            lane.wake()
        }
        idle.withLock { if $0.count < Self.maxIdle { $0.append(lane) } }
        let complete = outcome.code == CURLE_OK
        let response = HTTPResponse(outcome: outcome, address: address, isComplete: complete)
        guard complete, let response else {
            throw EdgeError(outcome: outcome, plan: plan, subject: subject, partial: response)
        }
        return (response, outcome.redirect)
    }
}

extension HTTPRequest {
    /// The next request of a redirect within the same server (RFC 9110 section 15.4), nil for any other.
    func following(_ target: String, status: Int) -> HTTPRequest? {
        guard [301, 302, 303, 307, 308].contains(status), let here = WebAddress(url), let there = WebAddress(target),
            here.sharesServer(with: there)
        else { return nil }
        var next = self
        next.url = there.text
        if status == 303 && method != "HEAD" || (status == 301 || status == 302) && method == "POST" {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        return next
    }

    /// Refuses what would be misread on the way: line breaks in headers, a login that the scheme cannot carry.
    ///
    /// - Returns: The URL's parts.
    func check(with options: HTTPOptions) throws(EdgeError) -> WebAddress {
        let subject = description
        guard let address = WebAddress(url) else {
            throw .invalid(subject, "not a whole http or https URL", hint: "write it like https://host:port/path")
        }
        guard address.user == nil, address.password == nil else {
            throw .invalid(
                subject, "the URL holds a login",
                hint: "leave it out of the URL; give --user and a password, or a token")
        }
        guard HTTPToken.isToken(method) else {
            throw .invalid(subject, "the method is no HTTP method", hint: "use GET, HEAD, POST and the like")
        }
        for header in headers where !HTTPToken.isToken(header.name) || !HTTPToken.isValue(header.value) {
            throw .invalid(
                subject, "a header has characters that HTTP does not allow", hint: "remove line breaks from the headers"
            )
        }
        for name in omittedHeaders where !HTTPToken.isToken(name) {
            throw .invalid(subject, "a header's name is not valid", hint: "correct the name of the header to leave out")
        }
        for proxy in [proxy, options.proxy].compactMap({ $0 }) where !ProxyChoice.isAcceptable(proxy) {
            throw .invalid(
                subject, "the proxy's URL is not of the form http://host:port without a login",
                hint: "give --http-proxy http://host:port; a proxy's login belongs into the variable https_proxy")
        }
        try checkLogin(subject)
        return address
    }

    private func checkLogin(_ subject: String) throws(EdgeError) {
        switch login {
        case .none: return
        case .basic(let user, let password):
            guard !user.isEmpty, !user.utf8.contains(where: { $0 < 32 || $0 == UInt8(ascii: ":") || $0 == 127 }),
                password.withBytes({ bytes in !bytes.contains { $0 < 32 || $0 == 127 } })
            else {
                throw .invalid(
                    subject, "user or password has characters that Basic authentication does not allow",
                    hint: "a user name has no colon, neither has control characters or line breaks")
            }
        case .bearer(let token):
            guard token.withBytes({ bytes in !bytes.isEmpty && bytes.allSatisfy { (33...126).contains($0) } }) else {
                throw .invalid(
                    subject, "the token is empty or has characters that no token has",
                    hint: "the file must hold the token alone, on one line")
            }
        case .netrc(let file?):
            guard unsafe access(file, R_OK) == 0 else {
                throw EdgeError(
                    .localFile, subject: subject, reason: "the netrc file cannot be read: \(file)",
                    hint: "check its path and permissions")
            }
        case .netrc(nil): return
        case .oauth:
            throw .invalid(subject, "there is no token yet", hint: "log in first")
        }
    }
}

/// Character classes of HTTP fields (RFC 9110 section 5).
enum HTTPToken {
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static func isValue(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 } }
}
