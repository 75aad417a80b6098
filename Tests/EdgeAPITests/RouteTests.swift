import EdgeAPI
import Glibc
import Platform
import Testing

/// Where requests may go: the rule for plain http, and proxies.
@Suite struct RouteTests {
    private static let login = Login.basic(user: "ada", password: Secret("pa55word"))

    /// Sends to `http://edge.test`, which libcurl is told to find at `address`.
    private func send(
        to address: String, port: Int = 80, login: Login = RouteTests.login, headers: [HTTPHeader] = [],
        _ change: (inout HTTPOptions) -> Void = { _ in }
    ) async -> (HTTPResponse?, EdgeError?) {
        var request = HTTPRequest(url: "http://edge.test:\(port)/v1/x?k=v", headers: headers, login: login)
        request.resolve = ["edge.test:\(port):\(address)"]
        let client = makeClient {
            $0.timeout = .seconds(3)
            change(&$0)
        }
        do throws(EdgeError) {
            return (try await client.send(request), nil)
        } catch {
            return (nil, error)
        }
    }

    @Test(arguments: [
        login, .bearer(Secret("pa55word")), .netrc(file: nil),
    ]) func credentialsDoNotLeaveTheMachineInTheClear(login: Login) async {
        let (_, error) = await send(to: "192.0.2.1", login: login)
        #expect(error?.code == .insecureHTTP)
        #expect(error?.hint.contains("--allow-http") == true)
        #expect(!everythingShown(error as Any).contains("pa55word"))
    }

    @Test(arguments: ["Authorization", "cookie", "X-Api-Key", "apikey", "X-Auth-Token"])
    func headersCountAsCredentials(name: String) async {
        let (_, error) = await send(to: "192.0.2.1", login: .none, headers: [HTTPHeader(name, "pa55word")])
        #expect(error?.code == .insecureHTTP)
    }

    @Test func credentialsMayGoToThisMachineUnderAnyName() async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let (response, _) = await send(to: "127.0.0.1", port: server.port)
        #expect(response?.status == 200)
        #expect(server.requests.first?.header("Authorization") == "Basic YWRhOnBhNTV3b3Jk")
    }

    @Test func addressesOfThisMachinesInterfacesAreThisMachine() async throws {
        let output = try Tool.run("hostname", ["-I"])
        let own = String(decoding: output.bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .first { $0.contains(".") && !$0.hasPrefix("127.") }
        guard let own else { return }
        let closed = try LocalServer { _ in }.port
        let (_, error) = await send(to: String(own), port: closed)
        #expect(error?.code == .connectionRefused)
    }

    @Test func aKeptConnectionIsNotUsedAroundTheRule() async throws {
        let proxy = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let client = makeClient { $0.environment = ["http_proxy": proxy.url] }
        var request = HTTPRequest(url: "http://edge.test/x")
        _ = try await client.send(request)
        request.login = RouteTests.login
        request.resolve = ["edge.test:80:192.0.2.1"]
        let guarded = request
        let error = await failure { () async throws(EdgeError) in try await client.send(guarded) }
        #expect(error?.code == .insecureHTTP)
        #expect(proxy.requests.count == 1)
    }

    @Test func aProxyIsNotShownCredentialsUnlessAllowed() async throws {
        let proxy = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let (_, refused) = await send(to: "192.0.2.1") { $0.proxy = proxy.url }
        #expect(refused?.code == .insecureHTTP)
        #expect(proxy.connectionCount == 0)
        let (response, _) = await send(to: "192.0.2.1") {
            $0.proxy = proxy.url
            $0.allowHTTP = true
        }
        #expect(response?.status == 200)
        #expect(proxy.requests.map(\.line) == ["GET http://edge.test/v1/x?k=v HTTP/1.1"])
    }

    @Test(
        arguments: [
            (["http_proxy": "P"], true), (["HTTP_PROXY": "P"], false), (["ALL_PROXY": "P"], true),
            (["all_proxy": "P"], true),
            (["https_proxy": "P"], false), (["http_proxy": "P", "NO_PROXY": "edge.test"], false),
            (["http_proxy": "P", "no_proxy": "example.org,.test"], false),
            (["http_proxy": "P", "no_proxy": "*"], false),
            (["http_proxy": "P", "no_proxy": "example.org"], true), (["http_proxy": ""], false),
        ] as [([String: String], Bool)])
    func proxiesOfTheEnvironment(environment: [String: String], isUsed: Bool) async throws {
        let proxy = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "proxy") }
        let direct = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "direct") }
        let (response, error) = await send(to: "127.0.0.1", port: direct.port, login: .none) {
            $0.environment = environment.mapValues { $0 == "P" ? proxy.url : $0 }
        }
        #expect(error == nil)
        #expect(response?.body == Array((isUsed ? "proxy" : "direct").utf8))
    }

    @Test func loopbackNeverGoesThroughAProxy() async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "direct") }
        let client = makeClient {
            $0.environment = ["http_proxy": "http://192.0.2.1:1"]
            $0.proxy = "http://192.0.2.1:1"
        }
        for host in ["127.0.0.1", "localhost", "127.1"] {
            let response = try await client.send(HTTPRequest(url: "http://\(host):\(server.port)/"))
            #expect(response.body == Array("direct".utf8))
        }
    }

    @Test(arguments: [
        ("407 Proxy Authentication Required", "login"), ("403 Forbidden", "NO_PROXY"),
    ]) func aProxyThatRefusesIsNamed(status: String, hint: String) async throws {
        let proxy = try LocalServer.answering { _, connection in connection.answer(status) }
        let client = makeClient { $0.environment = ["https_proxy": proxy.url] }
        let request = HTTPRequest(url: "https://edge.test/v1", login: RouteTests.login)
        let error = await failure { () async throws(EdgeError) in try await client.send(request) }
        #expect(error?.code == .proxy)
        #expect(error?.hint.contains(hint) == true)
        #expect(proxy.requests.first?.line == "CONNECT edge.test:443 HTTP/1.1")
        #expect(proxy.requests.first?.header("Authorization") == nil)
    }

    @Test(arguments: ["http://ada:pa55word@127.0.0.1:3128", "ftp://127.0.0.1", "", "a b", "http://127.0.0.1\n"])
    func theCommandLinesProxyHasNoLogin(url: String) async {
        let client = makeClient { $0.proxy = url }
        let error = await failure { () async throws(EdgeError) in
            try await client.send(HTTPRequest(url: "http://127.0.0.1/"))
        }
        #expect(error?.code == .invalidRequest)
        #expect(!everythingShown(error as Any).contains("pa55word"))
    }

    @Test func aDeadProxyIsNamed() async throws {
        let closed = try LocalServer { _ in }.url
        let (_, error) = await send(to: "127.0.0.1", login: .none) { $0.proxy = closed }
        #expect(error?.code == .proxy)
    }

    @Test func theUsersOwnRequestGoesAsWritten() async throws {
        let proxy = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let text = "curl -u ada:pa55word -x \(proxy.url) http://edge.test/x"
        let command = try CurlCommand.parse(Array(text.utf8))
        _ = try await makeClient().send(command.request(adding: [HTTPHeader("X-Trace", "1")]))
        #expect(proxy.requests.first?.header("Authorization") == "Basic YWRhOnBhNTV3b3Jk")
        #expect(proxy.requests.first?.header("X-Trace") == "1")
    }
}
