public import Documents
public import Platform

/// The Edge management API of one server under one login; also the local API of a component.
///
/// Every call is a read but ``createDebugSession(_:expiry:filters:timeout:)``.
public struct EdgeClient: Sendable {
    /// Representation to ask for.
    public enum Accept: Sendable {
        case json, xml, octetStream, any

        var header: String {
            switch self {
            case .json: "application/json"
            case .xml: "application/xml"
            case .octetStream: "application/octet-stream"
            case .any: "*/*"
            }
        }
    }

    /// URL of the API, without a slash at the end: `https://api.enterprise.apigee.com/v1`.
    public let base: String
    public let login: Login
    let http: HTTPClient
    let tokens: EdgeTokens?

    /// - Parameter base: URL of the API up to its version, such as `http://localhost:8080/v1`.
    /// - Throws: ``EdgeError`` with `invalidRequest` when `base` is no http or https URL, or holds a login, a query or a
    ///   fragment.
    public init(base: String, login: Login, options: HTTPOptions = HTTPOptions()) throws(EdgeError) {
        try self.init(base: base, login: login, http: HTTPClient(options: options))
    }

    /// Shares the connections of `http`.
    public init(base: String, login: Login, http: HTTPClient) throws(EdgeError) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        let subject = WebAddress.withoutValues(base)
        guard let address = WebAddress(base), !base.utf8.contains(UInt8(ascii: "#")) else {
            throw .invalid(
                subject, "not a URL of a management API", hint: "write it like https://host:8080/v1 (--mgmt)")
        }
        guard address.user == nil, address.password == nil, address.query == nil else {
            throw .invalid(
                subject, "the management URL holds a login or a query",
                hint:
                    "give the URL up to /v1 alone; user and password come from --user and a prompt, a token from a file"
            )
        }
        self.base = address.path == "/" ? String(address.text.dropLast()) : address.text
        self.login = login
        self.http = http
        if case .oauth(let grant) = login {
            tokens = try EdgeTokens(grant, base: self.base, options: http.options)
        } else {
            tokens = nil
        }
    }

    /// Gets a token now, where the login is one that needs one: one-time codes do not last.
    public func logIn(timeout: Duration = .seconds(30)) async throws(EdgeError) {
        _ = try await tokens?.ticket(timeout: timeout)
    }

    /// The server that gives tokens, if there is one.
    public var loginServer: String? { tokens?.server }

    /// Calls `listener` with every token, also with those that it gets later.
    public func tellTokens(_ listener: @escaping @Sendable (Secret) -> Void) { tokens?.tell(listener) }

    /// Gets one resource.
    ///
    /// - Parameters:
    ///   - segments: Names of the path below the base, not encoded.
    ///   - maxBytes: Cap of the body in bytes.
    ///   - timeout: Time for the whole call, waiting between two tries included.
    ///   - retry: Whether the call is tried once more after a 429 or 503 that names a time to wait.
    /// - Throws: ``EdgeError`` for every status but 2xx, and when there is no whole answer.
    public func get(
        _ segments: [String], query: [(String, String)] = [], accept: Accept = .json, maxBytes: Int? = nil,
        timeout: Duration? = nil, retry: Bool = true
    ) async throws(EdgeError) -> HTTPResponse {
        let url = try url(segments, query)
        let request = HTTPRequest(
            url: url, headers: [HTTPHeader("Accept", accept.header)], login: login, maxBytes: maxBytes)
        return try await send(request, timeout: timeout, retry: retry)
    }

    /// Posts to one resource. Not tried again.
    ///
    /// - Throws: As ``get(_:query:accept:maxBytes:timeout:retry:)``.
    public func post(
        _ segments: [String], query: [(String, String)] = [], contentType: String, body: [UInt8] = [],
        accept: Accept = .json, maxBytes: Int? = nil, timeout: Duration? = nil
    ) async throws(EdgeError) -> HTTPResponse {
        let url = try url(segments, query)
        let request = HTTPRequest(
            method: "POST", url: url,
            headers: [HTTPHeader("Accept", accept.header), HTTPHeader("Content-Type", contentType)], body: body,
            login: login, maxBytes: maxBytes)
        return try await send(request, timeout: timeout, retry: false)
    }

    /// Gets one resource and reads it as JSON.
    ///
    /// - Throws: ``EdgeError``; also `htmlInsteadOfJSON` and `malformedJSON`, whatever the answer's content type says:
    ///   Edge labels other things `application/json` too.
    public func json(
        _ segments: [String], query: [(String, String)] = [], maxBytes: Int? = nil, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try JSONAnswer(await get(segments, query: query, maxBytes: maxBytes, timeout: timeout))
    }

    private func url(_ segments: [String], _ query: [(String, String)]) throws(EdgeError) -> String {
        guard let path = EdgePath.joined(segments) else {
            throw .invalid(
                base, "a name in the path is empty, too long, a dot or two dots",
                hint: "check the names of organization, environment, API proxy and keystore")
        }
        return base + path + (query.isEmpty ? "" : "?" + EdgePath.query(query))
    }

    private func send(_ request: HTTPRequest, timeout: Duration?, retry: Bool) async throws(EdgeError) -> HTTPResponse {
        let clock = ContinuousClock()
        let end = clock.now + (timeout ?? http.options.timeout)
        var request = request
        var mayRetry = retry
        var mayRenew = true
        var ticket: EdgeTokens.Ticket?
        while true {
            if let tokens {
                if ticket == nil { ticket = try await tokens.ticket(timeout: end - clock.now) }
                if let ticket { request.login = .bearer(ticket.token) }
            }
            request.timeout = end - clock.now
            let response = try await http.send(request)
            let error = EdgeError(response: response, subject: request.description, login: login)
            if response.status == 401, let tokens, let refused = ticket, let error {
                guard mayRenew, let next = try await tokens.ticket(after: refused, timeout: end - clock.now) else {
                    throw error
                }
                (mayRenew, ticket) = (false, next)
                continue
            }
            if let ticket { tokens?.accepted(ticket) }
            guard let error else { return response }
            let wait = response.status == 429 || response.status == 503 ? response.retryAfter : nil
            guard mayRetry, let wait, clock.now + .seconds(max(wait, 1)) < end else { throw error }
            mayRetry = false
            // It may be over after the wait.
            ticket = nil
            do { try await Task.sleep(for: .seconds(max(wait, 1))) } catch { throw .cancelled(request.description) }
        }
    }
}

/// An answer that is JSON: the bytes as received, and what they say.
public struct JSONAnswer: Sendable {
    public let response: HTTPResponse
    public let value: JSONValue

    public var bytes: [UInt8] { response.body }

    /// - Throws: ``EdgeError`` with `htmlInsteadOfJSON` or `malformedJSON`.
    public init(_ response: HTTPResponse) throws(EdgeError) {
        let subject = "GET \(WebAddress.withoutValues(response.url))"
        if Excerpt.looksLikeHTML(response.body) {
            let page = Excerpt.ofError(response.body) ?? "a web page"
            throw EdgeError(
                .htmlInsteadOfJSON, subject: subject, reason: "the answer is \(page), not JSON",
                hint:
                    "the URL may be that of the user interface or a login page: give the management API's with --mgmt; "
                    + "users with single sign-on need a token (--passcode-stdin or --token-file)", partial: response)
        }
        do throws(DocumentError) {
            value = try JSONValue(parsing: response.body)
        } catch {
            throw EdgeError(
                .malformedJSON, subject: subject,
                reason: "the answer is not JSON (line \(error.line), column \(error.column): \(error.reason))",
                hint: "check that the URL (--mgmt) is the management API's and ends in /v1", partial: response)
        }
        self.response = response
    }
}
