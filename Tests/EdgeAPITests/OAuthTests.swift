import EdgeAPI
import Foundation
import Platform
import Synchronization
import Testing

/// Tokens of Edge's OAuth 2 service: how they are asked for, renewed, and kept to themselves.
@Suite struct OAuthTests {
    /// Answers of a login server, in turn, the last for ever; the API answers what `accepts` says.
    final class World: Sendable {
        let login: LocalServer
        let api: LocalServer
        private let script: Mutex<[String]>

        init(_ answers: [String], accepts: @escaping @Sendable (String) -> Bool = { _ in true }) throws {
            let script = Mutex(answers)
            let next: @Sendable () -> String = {
                script.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? "" }
            }
            login = try LocalServer.answering { _, connection in connection.send(next()) }
            api = try LocalServer.answering { request, connection in
                let token = request.header("Authorization") ?? ""
                connection.answer(accepts(token) ? "200 OK" : "401 Unauthorized", [], "[\"acme\"]")
            }
            self.script = Mutex([])
        }

        func client(
            _ grant: OAuthGrant = OAuthTests.grant, _ change: (inout HTTPOptions) -> Void = { _ in }
        ) throws -> EdgeClient {
            var grant = grant
            grant.loginURL = grant.loginURL ?? login.url
            return try EdgeClient(base: api.url + "/v1", login: .oauth(grant), http: makeClient(change))
        }

        var forms: [String] { login.requests.map { String(decoding: $0.body, as: UTF8.self) } }
    }

    static let grant = OAuthGrant(user: "ada@acme.example", password: Secret("pa55 w&rd"))

    static func token(_ name: String, seconds: Int? = 1800, refresh: String? = "r3fresh", type: String = "bearer")
        -> String
    {
        let parts = [
            "\"access_token\":\"\(name)\"", "\"token_type\":\"\(type)\"", seconds.map { "\"expires_in\":\($0)" },
            refresh.map { "\"refresh_token\":\"\($0)\"" },
        ].compactMap(\.self)
        return Self.answer("200 OK", "{\(parts.joined(separator: ","))}")
    }

    static func refusal(_ error: String, _ words: String, status: String = "401 Unauthorized") -> String {
        answer(status, #"{"error":"\#(error)","error_description":"\#(words)"}"#)
    }

    static func answer(_ status: String, _ body: String, _ header: String = "X-A: b") -> String {
        "HTTP/1.1 \(status)\r\n\(header)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func call(_ client: EdgeClient) async -> EdgeError? {
        await failure { () async throws(EdgeError) in try await client.get(["organizations"]) }
    }

    @Test func aPasswordBringsATokenInAFormAndNowhereElse() async throws {
        let world = try World([Self.token("t0ken-one")])
        let client = try world.client()
        #expect(await call(client) == nil)
        #expect(await call(client) == nil)
        #expect(world.forms == ["grant_type=password&username=ada%40acme.example&password=pa55%20w%26rd"])
        let asked = try #require(world.login.requests.first)
        #expect(asked.line == "POST /oauth/token HTTP/1.1")
        #expect(asked.header("Authorization") == "Basic ZWRnZWNsaTplZGdlY2xpc2VjcmV0")
        #expect(asked.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true)
        #expect(asked.header("Accept")?.hasPrefix("application/json") == true)
        #expect(world.api.requests.map { $0.header("Authorization") } == ["Bearer t0ken-one", "Bearer t0ken-one"])
        #expect(world.api.requests.allSatisfy { $0.line == "GET /v1/organizations HTTP/1.1" })
    }

    @Test func aCodeOfTheSecondFactorAndAPasscodeHaveTheirFields() async throws {
        var grant = Self.grant
        grant.mfaCode = Secret("123456")
        let world = try World([Self.token("t")])
        #expect(await call(try world.client(grant)) == nil)
        #expect(world.forms.last?.hasSuffix("&mfa_token=123456") == true)
        grant.passcode = Secret("pAssc0de")
        #expect(await call(try world.client(grant)) == nil)
        #expect(world.forms.last == "grant_type=password&response_type=token&passcode=pAssc0de")
    }

    @Test(arguments: ["", "/", "/oauth/token", "/passcode", "/oauth/token/"])
    func theAddressMayBeThatOfAPage(path: String) async throws {
        let world = try World([Self.token("t")])
        var grant = Self.grant
        grant.loginURL = world.login.url + path
        #expect(await call(try world.client(grant)) == nil)
        #expect(world.login.requests.first?.line == "POST /oauth/token HTTP/1.1")
    }

    @Test func anEndingTokenIsRenewedBeforehand() async throws {
        // Half of a second is left to a token of one second, which is renewed at once.
        let world = try World([Self.token("one", seconds: 1), Self.token("two", seconds: 1800, refresh: nil)])
        let client = try world.client()
        for _ in 0..<3 { #expect(await call(client) == nil) }
        #expect(world.forms.count == 2)
        #expect(world.forms.last == "grant_type=refresh_token&refresh_token=r3fresh")
        #expect(world.api.requests.last?.header("Authorization") == "Bearer two")
    }

    @Test func theTimesInATokenCountMoreThanTheAnswers() async throws {
        let claims = Data(#"{"iat":1000,"exp":1001}"#.utf8).base64EncodedString().replacing("=", with: "")
        let world = try World([Self.token("e30.\(claims).sig", seconds: 43_199), Self.token("two")])
        let client = try world.client()
        for _ in 0..<2 { #expect(await call(client) == nil) }
        #expect(world.forms.count == 2)
    }

    @Test func aRefusedTokenIsRenewedOnce() async throws {
        let over = Mutex(false)
        let world = try World([Self.token("one"), Self.token("two")]) { token in
            token == "Bearer two" || over.withLock { !$0 }
        }
        let client = try world.client()
        #expect(await call(client) == nil)
        over.withLock { $0 = true }
        for _ in 0..<3 { #expect(await call(client) == nil) }
        #expect(world.forms.count == 2)
        #expect(world.api.requests.count == 5)
    }

    @Test func anAPIThatTakesNoTokensIsNotAskedForEver() async throws {
        let world = try World([Self.token("one")]) { _ in false }
        let client = try world.client()
        for _ in 0..<5 {
            let error = await call(client)
            #expect(error?.code == .unauthorized)
            #expect(error?.hint.contains("--login-url") == true)
        }
        #expect(world.forms.count == 2)
    }

    @Test func aSpentRefreshTokenLeadsBackToThePassword() async throws {
        let world = try World([
            Self.token("one", seconds: 1), Self.refusal("invalid_token", "expired"), Self.token("three"),
        ])
        let client = try world.client()
        for _ in 0..<3 { #expect(await call(client) == nil) }
        #expect(world.forms.map { $0.hasPrefix("grant_type=password") } == [true, false, true])
        #expect(world.api.requests.last?.header("Authorization") == "Bearer three")
    }

    @Test func aOneTimeCodeIsSentOnce() async throws {
        let world = try World(
            [Self.token("one"), Self.refusal("invalid_token", "expired")], accepts: { _ in false })
        var grant = Self.grant
        grant.mfaCode = Secret("123456")
        let client = try world.client(grant)
        let error = await call(client)
        #expect(error?.code == .loginRefused)
        #expect(error?.hint.contains("--mfa-stdin") == true)
        #expect(world.forms.filter { $0.contains("mfa_token") }.count == 1)
    }

    @Test func aWrongPasswordIsNotTriedAgain() async throws {
        let world = try World([Self.refusal("unauthorized", "Bad credentials")])
        let client = try world.client()
        for _ in 0..<3 { #expect(await call(client)?.code == .loginRefused) }
        #expect(world.forms.count == 1)
        #expect(world.api.requests.isEmpty)
    }

    @Test func manyCallsAtOnceShareOneLogin() async throws {
        let world = try World([Self.token("one")])
        let client = try world.client()
        await withTaskGroup(of: EdgeError?.self) { group in
            for _ in 0..<12 { group.addTask { await call(client) } }
            for await error in group { #expect(error == nil) }
        }
        #expect(world.forms.count == 1)
    }

    @Test func whoWaitedForALoginThatFailedDoesNotWaitForAnother() async throws {
        let login = try LocalServer { $0.waitForClose() }
        let world = try World([Self.token("one")])
        var grant = Self.grant
        grant.loginURL = login.url
        let client = try world.client(grant)
        await withTaskGroup(of: EdgeError?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await failure { () async throws(EdgeError) in
                        try await client.get(["organizations"], timeout: .seconds(1))
                    }
                }
            }
            for await error in group { #expect(error?.code == .timeOut) }
        }
        #expect(login.connectionCount < 20)
    }

    @Test func aSickLoginServerDoesNotEndAGoodToken() async throws {
        // Renewed from its half on: the token is still good for six seconds.
        let world = try World([Self.token("one", seconds: 12), Self.answer("503 Busy", "")])
        let client = try world.client()
        #expect(await call(client) == nil)
        try await Task.sleep(for: .milliseconds(6050))
        #expect(await call(client) == nil)
        #expect(world.forms.count == 2)
    }

    @Test(
        "each way to fail has its code and says what to do",
        arguments: [
            (refusal("unauthorized", "Bad credentials"), EdgeError.Code.loginRefused, "--passcode-stdin"),
            (refusal("unauthorized", "Error: Invalid MFA code."), .loginRefused, "--mfa-stdin"),
            (refusal("invalid_client", "Bad client credentials"), .notLoginServer, "--login-url"),
            (answer("401 Unauthorized", "<html><title>Log in</title>"), .notLoginServer, "--login-url"),
            (answer("404 Not Found", ""), .notLoginServer, "ZONE"),
            (answer("405 Method Not Allowed", ""), .notLoginServer, "--login-url"),
            (answer("200 OK", "<html>Welcome</html>"), .notLoginServer, "--login-url"),
            (answer("200 OK", "{}"), .notLoginServer, "--login-url"),
            (token("a b"), .notLoginServer, "--login-url"),
            (token("abc", type: "mac"), .notLoginServer, "--login-url"),
            (
                answer("302 Found", "", "Location: https://elsewhere.example/login"),
                .redirected(host: "elsewhere.example"), "--login-url"
            ),
            (answer("503 Busy", ""), .server(status: 503), "later"),
            (answer("429 Slow", "", "Retry-After: 7"), .tooManyRequests(retryAfter: 7), "wait"),
            ("SSH-2.0-OpenSSH\r\n", .protocolViolation, "--login-url"),
            ("", .cutOff, "again"),
        ])
    func failures(answer: String, code: EdgeError.Code, hint: String) async throws {
        let world = try World([answer])
        let login = try LocalServer { connection in
            guard connection.request() != nil else { return }
            connection.send(answer)
        }
        var grant = Self.grant
        grant.loginURL = login.url
        let error = await call(try world.client(grant))
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.hint.contains(hint) == true, "\(error?.hint ?? "")")
        #expect(error?.description.contains("/oauth/token") == true)
        #expect(world.api.requests.isEmpty)
    }

    @Test(arguments: [
        ("passcode", "--passcode-stdin", "/passcode"), ("code", "30 seconds", "--mfa-stdin"),
    ]) func usedUpCodesAreTold(kind: String, first: String, second: String) async throws {
        let words = kind == "code" ? "Error: Invalid MFA code." : "Invalid passcode"
        let world = try World([Self.refusal("unauthorized", words)])
        var grant = Self.grant
        if kind == "code" { grant.mfaCode = Secret("123456") } else { grant.passcode = Secret("pAssc0de") }
        let error = try #require(await call(try world.client(grant)))
        #expect(error.code == .loginRefused)
        #expect(
            (error.hint + error.reason + "--mfa-stdin").contains(first) && (error.hint + "--mfa-stdin").contains(second)
        )
    }

    @Test func whatTheServerRepeatsIsNotShown() async throws {
        let world = try World([Self.refusal("unauthorized", "no such login: ada@acme.example / pa55 w&rd")])
        let error = try #require(await call(try world.client()))
        #expect(!error.description.contains("pa55") && !error.description.contains("ada@"))
    }

    @Test func nothingShowsSecrets() async throws {
        let world = try World([Self.token("t0ken-one")])
        var grant = Self.grant
        grant.mfaCode = Secret("123456")
        let client = try world.client(grant)
        #expect(await call(client) == nil)
        for shown in [everythingShown(grant), everythingShown(client), everythingShown(client.login)] {
            for secret in ["pa55", "123456", "t0ken", "r3fresh"] { #expect(!shown.contains(secret), "\(shown)") }
        }
    }

    @Test(
        "the login server gets credentials over plain http by the management server's name alone",
        arguments: [false, true])
    func plainHTTP(isAllowed: Bool) async throws {
        let world = try World([Self.token("t")])
        var grant = Self.grant
        grant.loginURL = "http://192.0.2.1"
        let error = await call(try world.client(grant) { $0.allowHTTP = isAllowed })
        #expect(error?.code == .insecureHTTP)
        #expect(error?.hint.contains("--login-url") == true)
    }

    @Test func deadlinesHoldAgainstALoginServerThatDrips() async throws {
        let login = try LocalServer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
            while connection.send(" ") { usleepMilliseconds(20) }
        }
        let world = try World([Self.token("t")])
        var grant = Self.grant
        grant.loginURL = login.url
        let client = try world.client(grant)
        let begun = ContinuousClock.now
        let error = await failure { () async throws(EdgeError) in
            try await client.get(["organizations"], timeout: .milliseconds(400))
        }
        #expect(error?.code == .timeOut)
        #expect(ContinuousClock.now - begun < .seconds(60))
    }

    @Test(arguments: [
        "ftp://a", "https://u:p@a.example", "https://a.example/?token=x", "a.example", "https://a/#x", "",
    ])
    func anAddressIsAPlainOne(url: String) throws {
        #expect(OAuthGrant.server(url) == nil)
        var grant = Self.grant
        grant.loginURL = url
        #expect(throws: EdgeError.self) { try EdgeClient(base: "https://a.example/v1", login: .oauth(grant)) }
    }

    @Test func onlyThePublicCloudHasAServerOfItsOwn() throws {
        let known = try EdgeClient(base: "https://api.enterprise.apigee.com/v1", login: .oauth(Self.grant))
        #expect(known.loginServer == "https://login.apigee.com")
        #expect(throws: EdgeError.self) {
            try EdgeClient(base: "https://edge.acme.example/v1", login: .oauth(Self.grant))
        }
    }

    @Test(
        "another scheme is named",
        arguments: [
            ("Negotiate", "user and password", "Negotiate"),
            ("Bearer realm=\"edge\"", "user and password", "--login-url"),
            ("Digest realm=\"a\", qop=\"auth\", Basic realm=\"b\"", "not accepted", "check user"),
        ])
    func schemes(header: String, reason: String, told: String) async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("401 Unauthorized", ["WWW-Authenticate: \(header)"])
        }
        let client = try EdgeClient(
            base: server.url, login: .basic(user: "ada", password: Secret("pa55word")), http: makeClient())
        let error = try #require(await call(client))
        #expect(error.code == .unauthorized)
        #expect(error.reason.contains(reason) && (error.reason + error.hint).contains(told), "\(error) \(error.hint)")
    }
}
