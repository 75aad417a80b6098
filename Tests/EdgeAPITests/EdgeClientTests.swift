import Documents
import EdgeAPI
import Platform
import Testing

@Suite struct EdgeClientTests {
    private static let scope = EnvironmentScope(org: "acme", env: "test")

    private func client(_ server: LocalServer, login: Login = .basic(user: "ada", password: Secret("pa55word"))) throws
        -> EdgeClient
    {
        try EdgeClient(base: server.url + "/v1/", login: login, http: makeClient())
    }

    /// What `organization` makes of one answer.
    private func organization(
        _ status: String, _ headers: [String] = ["Content-Type: application/json"], _ body: String,
        login: Login = .basic(user: "ada", password: Secret("pa55word"))
    ) async throws -> EdgeError? {
        let server = try LocalServer.answering { _, connection in connection.answer(status, headers, body) }
        let client = try client(server, login: login)
        return await failure { () async throws(EdgeError) in try await client.organization("acme") }
    }

    @Test(
        arguments: [
            ("400 Bad Request", .unexpectedStatus(400), "/v1"), ("401 Unauthorized", .unauthorized, "--token-file"),
            ("403 Forbidden", .forbidden, "Read-only Organization Administrator"), ("404 Not Found", .notFound, "case"),
            ("405 Method Not Allowed", .unexpectedStatus(405), "--mgmt"),
            ("429 Too Many Requests", .tooManyRequests(retryAfter: nil), "wait"),
            ("500 Internal Server Error", .server(status: 500), "system.log"),
            ("502 Bad Gateway", .server(status: 502), "later"),
            ("503 Service Unavailable", .server(status: 503), "later"),
            ("304 Not Modified", .unexpectedStatus(304), "--mgmt"),
        ] as [(String, EdgeError.Code, String)])
    func aStatusBecomesAnError(status: String, code: EdgeError.Code, hint: String) async throws {
        let body = #"{"code": "some.Fault", "message": "it\u001b[2J is\nso", "contexts": []}"#
        let error = try #require(try await organization(status, status.hasPrefix("304") ? [] : ["X: y"], body))
        #expect(error.code == code)
        #expect(error.hint.contains(hint))
        #expect(error.subject.hasSuffix("/v1/organizations/acme"))
        #expect(!error.description.unicodeScalars.contains { $0.value < 32 })
        if status.hasPrefix("403") { #expect(error.description.contains("some.Fault: it [2J is so")) }
    }

    @Test(arguments: [
        ("<html><title>Login</title>pa55word</html>", EdgeError.Code.htmlInsteadOfJSON),
        ("\u{FEFF}\n <!DOCTYPE html>", .htmlInsteadOfJSON),
        ("<?xml version='1.0'?><Organization/>", .htmlInsteadOfJSON),
        ("", .malformedJSON), ("{\"name\": \"pa55word\"", .malformedJSON), ("pa55word", .malformedJSON),
        (String(repeating: "[", count: 100_000), .malformedJSON),
    ]) func whatIsNotJSONIsTold(body: String, code: EdgeError.Code) async throws {
        let error = try #require(try await organization("200 OK", ["Content-Type: application/json"], body))
        #expect(error.code == code)
        #expect(!everythingShown(error).contains("pa55word"))
    }

    @Test func theBodyOfA401IsNeverShown() async throws {
        for body in ["<html>pa55word</html>", #"{"message": "bad login ada:pa55word"}"#, "pa55word"] {
            let error = try #require(try await organization("401 Unauthorized", ["Content-Type: text/html"], body))
            #expect(error.code == .unauthorized)
            #expect(!everythingShown(error).contains("pa55word"))
        }
        let error = try await organization("401 Unauthorized", [], "", login: .bearer(Secret("t0ken")))
        #expect(error?.hint.contains("expired") == true)
        let none = try await organization("401 Unauthorized", [], "", login: .none)
        #expect(none?.hint.contains("--user") == true)
    }

    @Test func aRedirectIsAnErrorThatNamesTheHost() async throws {
        let trap = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "{}") }
        let error = try await organization("302 Found", ["Location: http://localhost:\(trap.port)/login"], "")
        #expect(error?.code == .redirected(host: "localhost"))
        #expect(trap.connectionCount == 0)
    }

    @Test func namesAreEncodedAndNeverClimb() async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "{}") }
        let client = try client(server)
        _ = try await client.keystore("k s/..?#%2e+ü", in: EdgeClientTests.scope)
        _ = try await client.get(["a"], query: [("q&=", "x y&z"), ("b", "")], accept: .xml)
        #expect(
            server.requests.map(\.line) == [
                "GET /v1/organizations/acme/environments/test/keystores/k%20s%2F..%3F%23%252e%2B%C3%BC HTTP/1.1",
                "GET /v1/a?q%26%3D=x%20y%26z&b= HTTP/1.1",
            ])
        #expect(server.requests.map { $0.header("Accept") } == ["application/json", "application/xml"])
        for name in ["..", ".", "", "a\0b", String(repeating: "x", count: 5000)] {
            let error = await failure { () async throws(EdgeError) in try await client.organization(name) }
            #expect(error?.code == .invalidRequest)
        }
        #expect(server.requests.count == 2)
    }

    @Test(
        arguments: [
            ("PK\u{3}\u{4}rest", nil), ("PK\u{5}\u{6}", nil), ("", .notAZip),
            (#"{"code": "c", "message": "m"}"#, .notAZip),
            ("<html><title>Sign in</title>", .notAZip), ("PK", .notAZip),
        ] as [(String, EdgeError.Code?)])
    func aBundleIsAZipOrAnError(body: String, code: EdgeError.Code?) async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("200 OK", ["Content-Type: application/octet-stream"], body)
        }
        let client = try client(server)
        let error = await failure { () async throws(EdgeError) in
            try await client.revisionBundle("7", of: "pay", in: "acme")
        }
        #expect(error?.code == code)
        #expect(
            server.requests.map(\.line) == ["GET /v1/organizations/acme/apis/pay/revisions/7?format=bundle HTTP/1.1"])
    }

    @Test func aCallIsTriedOnceMoreWhenTheServerNamesATime() async throws {
        let server = try LocalServer.answering { _, connection in
            let isFirst = connection.server.requests.count == 1
            connection.answer(isFirst ? "429 Too Many Requests" : "200 OK", isFirst ? ["Retry-After: 1"] : [], "[]")
        }
        let client = try client(server)
        // A busy test run may take longer over this than the deadline that people get.
        let answer = try await client.keystores(in: EdgeClientTests.scope, timeout: .seconds(600))
        #expect(answer.value == .array([]))
        #expect(server.requests.count == 2)
    }

    @Test(arguments: [("429 Too Many Requests", "Retry-After: 60"), ("503 Service Unavailable", "X: y")])
    func aCallIsNotTriedAgainInVain(status: String, header: String) async throws {
        let server = try LocalServer.answering { _, connection in connection.answer(status, [header]) }
        let client = try client(server)
        let error = await failure { () async throws(EdgeError) in
            try await client.organization("acme", timeout: .seconds(5))
        }
        #expect(error != nil)
        #expect(server.requests.count == 1)
    }

    @Test func heavyCallsAreNeverTriedAgain() async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("503 Service Unavailable", ["Retry-After: 1"])
        }
        let client = try client(server)
        let session = DebugSession(scope: EdgeClientTests.scope, api: "pay", revision: "7", name: "s1")
        _ = await failure { () async throws(EdgeError) in try await client.revisionBundle("7", of: "pay", in: "acme") }
        _ = await failure { () async throws(EdgeError) in try await client.debugTransaction("t1", of: session) }
        _ = await failure { () async throws(EdgeError) in try await client.createDebugSession(session) }
        #expect(server.requests.count == 3)
    }

    @Test(arguments: [true, false]) func aDebugSessionIsMadeWithEitherContentType(standard: Bool) async throws {
        let server = try LocalServer.answering { request, connection in
            let type = request.header("Content-Type")
            let isRight =
                type == (standard ? "application/x-www-form-urlencoded" : "application/x-www-url-form-encoded")
            connection.answer(isRight ? "201 Created" : "415 Unsupported Media Type", [], "{}")
        }
        let client = try client(server)
        let session = DebugSession(scope: EdgeClientTests.scope, api: "pay", revision: "7", name: "s1")
        let response = try await client.createDebugSession(
            session, expiry: 9999,
            filters: [.header(name: "X-Trace", value: "a b"), .queryParameter(name: "q", value: "1")])
        #expect(response.status == 201)
        let seen = try #require(server.requests.last)
        #expect(
            seen.line == "POST /v1/organizations/acme/environments/test/apis/pay/revisions/7/debugsessions"
                + "?session=s1&timeout=600&header_X-Trace=a%20b&qparam_q=1 HTTP/1.1")
        #expect(seen.header("Content-Length") == "0")
        #expect(server.requests.count == (standard ? 1 : 2))
    }

    @Test(arguments: [
        "ftp://h/v1", "h:8080/v1", "http://ada:pa55word@h/v1", "http://h/v1?password=pa55word", "http://h/v1#pa55word",
        "",
    ]) func aBaseIsAPlainURL(base: String) async {
        let error = await failure { () async throws(EdgeError) in try EdgeClient(base: base, login: .none) }
        #expect(error?.code == .invalidRequest)
        #expect(!everythingShown(error as Any).contains("pa55word"))
    }

    @Test func nothingShowsSecrets() async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("200 OK", ["Set-Cookie: id=s3cret"], #"{"password": "s3cret"}"#)
        }
        let client = try client(server, login: .bearer(Secret("s3cret")))
        let answer = try await client.get(["x"], query: [("token", "s3cret")])
        #expect(!everythingShown(answer).contains("s3cret"))
        #expect(!everythingShown(client.login).contains("s3cret"))
        let options = HTTPOptions(environment: ["https_proxy": "http://a:s3cret@p", "APIGEE_PASSWORD": "s3cret"])
        #expect(options.environment.count == 1)
        #expect(!everythingShown(HTTPClient(options: options)).contains("s3cret"))
    }
}
