import EdgeAPI
import Foundation
import Platform
import Synchronization
import Testing

/// The client against servers that misbehave, as management API and as login server: the right error, a hint that leads
/// on, the deadline kept, and nothing sent where it does not belong.
@Suite struct FaultyServerTests {
    /// What a server does after it has read a request.
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let code: EdgeError.Code
        /// Of the management API's hint, and of the login server's.
        let hint: String
        var loginHint: String?
        var timeout: Duration = .seconds(20)
        let act: @Sendable (LocalServer.Connection) -> Void
        var testDescription: String { name }
    }

    static let faults = [
        Fault(name: "a byte a second", code: .timeOut, hint: "--time-limit", timeout: .milliseconds(1_500)) {
            connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
            while connection.send("[") { usleepMilliseconds(1_000) }
        },
        Fault(name: "headers a byte a second", code: .timeOut, hint: "--time-limit", timeout: .milliseconds(1_500)) {
            connection in
            for byte in "HTTP/1.1 200 OK\r\nServer: slow".utf8 {
                guard connection.send([byte]) else { return }
                usleepMilliseconds(1_000)
            }
        },
        Fault(name: "silence", code: .timeOut, hint: "--time-limit", timeout: .milliseconds(300)) { $0.waitForClose() },
        Fault(name: "closes before an answer", code: .cutOff, hint: "try again") { _ in },
        Fault(name: "closes in the head", code: .cutOff, hint: "try again") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Le")
        },
        Fault(name: "closes early", code: .cutOff, hint: "try again") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[1,2")
        },
        Fault(name: "closes in a chunk", code: .cutOff, hint: "try again") {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2")
        },
        Fault(name: "says less than it sends", code: .malformedJSON, hint: "--mgmt", loginHint: "--login-url") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{\"access_token\":\"t\"}")
            $0.waitForClose()
        },
        Fault(
            name: "a length that is no number", code: .protocolViolation, hint: "right server", loginHint: "--login-url"
        ) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n[]")
        },
        Fault(name: "a length below zero", code: .protocolViolation, hint: "right server", loginHint: "--login-url") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n[]")
        },
        Fault(
            name: "a chunk that is no number", code: .protocolViolation, hint: "right server", loginHint: "--login-url"
        ) {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nlots\r\n[]\r\n0\r\n\r\n")
        },
        Fault(
            name: "10 GB by its word", code: .tooLarge(limit: 1 << 20), hint: "--max-item-size",
            loginHint: "--login-url"
        ) { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
            flood(connection)
        },
        Fault(
            name: "10 GB without a word", code: .tooLarge(limit: 1 << 20), hint: "--max-item-size",
            loginHint: "--login-url"
        ) { connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            flood(connection)
        },
        Fault(name: "no HTTP", code: .protocolViolation, hint: "right server", loginHint: "--login-url") {
            $0.send("SSH-2.0-OpenSSH_9.2\r\n")
        },
    ]

    @Sendable private static func flood(_ connection: LocalServer.Connection) {
        let block = [UInt8](repeating: 0x20, count: 1 << 16)
        for _ in 0..<160_000 { guard connection.send(block) else { return } }
    }

    private static func server(_ fault: Fault) throws -> LocalServer {
        try LocalServer { connection in
            guard connection.request() != nil else { return }
            fault.act(connection)
        }
    }

    private static let login = Login.basic(user: "ada", password: Secret("pa55word"))

    @Test("of the management API", arguments: faults)
    func management(fault: Fault) async throws {
        let server = try Self.server(fault)
        let client = try EdgeClient(base: server.url + "/v1", login: Self.login, http: makeClient())
        let begun = ContinuousClock.now
        let error = await failure { () async throws(EdgeError) in
            try await client.json(["organizations"], maxBytes: 1 << 20, timeout: fault.timeout)
        }
        #expect(error?.code == fault.code, "\(String(describing: error))")
        #expect(error?.hint.contains(fault.hint) == true, "\(error?.hint ?? "")")
        #expect(ContinuousClock.now - begun < fault.timeout + .seconds(60))
        #expect(error?.description.contains("pa55word") == false)
    }

    @Test("of the login server", arguments: faults)
    func login(fault: Fault) async throws {
        let server = try Self.server(fault)
        let grant = OAuthGrant(user: "ada", password: Secret("pa55word"), loginURL: server.url)
        let client = try EdgeClient(base: "http://127.0.0.1:1/v1", login: .oauth(grant), http: makeClient())
        let begun = ContinuousClock.now
        let error = await failure { () async throws(EdgeError) in try await client.logIn(timeout: fault.timeout) }
        // What is no token is no login server, whatever else it is.
        let code = fault.code == .malformedJSON ? EdgeError.Code.notLoginServer : fault.code
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.hint.contains(fault.loginHint ?? fault.hint) == true, "\(error?.hint ?? "")")
        #expect(ContinuousClock.now - begun < fault.timeout + .seconds(60))
        #expect(error?.description.contains("pa55word") == false)
    }

    @Test("a redirect to another host carries nothing on", arguments: [301, 302, 303, 307, 308], [false, true])
    func redirect(status: Int, isLogin: Bool) async throws {
        let other = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "[]") }
        let target = "http://localhost:\(other.port)/v1/organizations"
        let server = try LocalServer.answering { _, connection in
            connection.answer("\(status) Moved", ["Location: \(target)"])
        }
        let login =
            isLogin ? .oauth(OAuthGrant(user: "a", password: Secret("pa55word"), loginURL: server.url)) : Self.login
        let client = try EdgeClient(base: server.url + "/v1", login: login, http: makeClient())
        let error = try #require(
            await failure { () async throws(EdgeError) in try await client.get(["organizations"]) })
        #expect(error.code == .redirected(host: "localhost"), "\(error)")
        #expect(error.hint.contains(isLogin ? "--login-url" : "--mgmt"))
        #expect(other.requests.isEmpty && other.connectionCount == 0)
        #expect(server.requests.count == 1)
    }
}
