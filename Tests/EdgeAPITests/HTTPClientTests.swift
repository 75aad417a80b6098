import EdgeAPI
import Platform
import Testing

@Suite struct HTTPClientTests {
    @Test func returnsTheAnswerAsReceived() async throws {
        let server = try LocalServer.answering { _, connection in
            connection.send("HTTP/1.1 503 Service Unavailable\r\nX-B: 1\r\nx-a:  two \r\nX-B: 3\r\n")
            connection.send("Content-Length: 5\r\n\r\nfault")
        }
        let response = try await makeClient().send(HTTPRequest(url: server.url + "/a?b=c"))
        #expect(response.status == 503)
        #expect(response.reason == "Service Unavailable")
        #expect(response.httpVersion == "1.1")
        #expect(response.headers.map(\.name) == ["X-B", "x-a", "X-B", "Content-Length"])
        #expect(response.headers.map(\.value) == ["1", "two", "3", "5"])
        #expect(response.header("X-A") == "two")
        #expect(response.body == Array("fault".utf8))
        #expect(response.primaryIP == "127.0.0.1")
        #expect(response.url == server.url + "/a?b=c")
        #expect(response.isComplete)
        #expect(response.times.total >= response.times.connect)
        let message = String(decoding: response.asHTTPMessage(), as: UTF8.self)
        #expect(
            message
                == "HTTP/1.1 503 Service Unavailable\r\nX-B: 1\r\nx-a:  two \r\nX-B: 3\r\nContent-Length: 5\r\n\r\nfault"
        )
    }

    @Test func sendsWhatTheRequestSaysAndLittleElse() async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("200 OK", ["Set-Cookie: a=b"])
        }
        let client = makeClient()
        let body = [UInt8](repeating: 65, count: 3 << 20)
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            _ = try await client.send(
                HTTPRequest(
                    method: method, url: server.url + "/x/../y", headers: [HTTPHeader("X-Empty", "")], body: body))
        }
        _ = try await client.send(HTTPRequest(url: server.url))
        let seen = server.requests
        #expect(seen.map(\.line).prefix(2) == ["POST /x/../y HTTP/1.1", "PUT /x/../y HTTP/1.1"])
        #expect(seen.prefix(4).allSatisfy { $0.body == body })
        #expect(seen.prefix(4).allSatisfy { $0.header("X-Empty") == "" })
        #expect(seen.allSatisfy { $0.header("Expect") == nil && $0.header("Cookie") == nil })
        #expect(seen[4].headers.map { $0.name } == ["Host", "User-Agent", "Accept"])
        #expect(seen[4].header("User-Agent") == "apigee-collect")
        // A busy machine may make the client give up an idle one.
        #expect(server.connectionCount <= 2, "connections are kept")
    }

    @Test(arguments: ["HEAD", "GET"]) func skipsInterimAnswersAndMissingBodies(method: String) async throws {
        let server = try LocalServer.answering { request, connection in
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n")
            if !request.line.hasPrefix("HEAD") { connection.send("abc") }
        }
        let response = try await makeClient().send(HTTPRequest(method: method, url: server.url))
        #expect(response.status == 200)
        #expect(response.headers.map(\.name) == ["Content-Length"])
        #expect(response.body.count == (method == "HEAD" ? 0 : 3))
    }

    @Test func runsManyRequestsAtOnce() async throws {
        let server = try LocalServer.answering { request, connection in connection.answer("200 OK", [], request.line) }
        let client = makeClient()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                group.addTask {
                    let response = try await client.send(HTTPRequest(url: "\(server.url)/\(number)"))
                    return response.body == Array("GET /\(number) HTTP/1.1".utf8)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func sendsLogins() async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let client = makeClient()
        let folder = try TemporaryFolder()
        let netrc = try folder.file("netrc", "machine 127.0.0.1 login nina password n3trc\n")
        let other = try folder.file("other", "machine edge.test login nina password n3trc\n")
        let logins: [Login] = [
            .basic(user: "ada", password: Secret("p:ä")), .bearer(Secret("t0ken")), .netrc(file: netrc),
            .netrc(file: other), .none,
        ]
        for login in logins { _ = try await client.send(HTTPRequest(url: server.url, login: login)) }
        #expect(
            server.requests.map { $0.header("Authorization") }
                == ["Basic YWRhOnA6w6Q=", "Bearer t0ken", "Basic bmluYTpuM3RyYw==", nil, nil])
    }

    @Test func followsRedirectsWithinTheServerOnly() async throws {
        let trap = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let server = try LocalServer.answering { request, connection in
            switch request.line.split(separator: " ")[1] {
            case "/post": connection.answer("302 Found", ["Location: /end"])
            case "/keep": connection.answer("307 Temporary Redirect", ["Location: end"])
            case "/away": connection.answer("302 Found", ["Location: \(trap.url)/"])
            case "/loop": connection.answer("302 Found", ["Location: /loop"])
            default: connection.answer("200 OK", [], "\(request.line) \(request.body.count)")
            }
        }
        let client = makeClient()
        func send(_ path: String, _ redirects: Int) async throws(EdgeError) -> HTTPResponse {
            var request = HTTPRequest(
                method: "POST", url: server.url + path, headers: [HTTPHeader("x-api-key", "k3y")], body: [1, 2],
                login: .basic(user: "ada", password: Secret("secret")))
            request.maxRedirects = redirects
            return try await client.send(request)
        }
        #expect(try await send("/post", 0).status == 302)
        #expect(try await send("/post", 1).body == Array("GET /end HTTP/1.1 0".utf8))
        #expect(try await send("/keep", 1).body == Array("POST /end HTTP/1.1 2".utf8))
        let away = try await send("/away", 5)
        #expect(away.status == 302)
        #expect(away.redirectHost == "127.0.0.1")
        #expect(try await send("/loop", 4).status == 302)
        #expect(server.requests.count { $0.line.contains("/loop") } == 5)
        #expect(trap.connectionCount == 0)
    }

    @Test(arguments: [
        HTTPRequest(url: "ftp://127.0.0.1/"), HTTPRequest(url: "file:///etc/passwd"), HTTPRequest(url: "127.0.0.1"),
        HTTPRequest(url: "http://ada:pa55word@127.0.0.1/"), HTTPRequest(url: ""),
        HTTPRequest(url: "http://127.0.0.1/a b"), HTTPRequest(url: "http://127.0.0.1/\r\nX: pa55word"),
        HTTPRequest(url: "http://127.0.0.1/\0"),
        HTTPRequest(method: "GET / HTTP/1.1\r\nX:", url: "http://127.0.0.1/"),
        HTTPRequest(url: "http://127.0.0.1/", headers: [HTTPHeader("X", "pa55word\r\nY: z")]),
        HTTPRequest(url: "http://127.0.0.1/", headers: [HTTPHeader("X y", "pa55word")]),
        HTTPRequest(url: "http://127.0.0.1/", login: .bearer(Secret("pa55word\nX: y"))),
        HTTPRequest(url: "http://127.0.0.1/", login: .bearer(Secret(""))),
        HTTPRequest(url: "http://127.0.0.1/", login: .basic(user: "a:b", password: Secret("pa55word"))),
        HTTPRequest(url: "http://127.0.0.1/", login: .basic(user: "a", password: Secret("pa55word\0"))),
    ]) func refusesWhatCannotBeSent(request: HTTPRequest) async {
        let error = await failure { () async throws(EdgeError) in try await makeClient().send(request) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.hint.isEmpty == false)
        #expect(!everythingShown(error as Any).contains("pa55word"))
        #expect(!everythingShown(request).contains("pa55word"))
    }
}
