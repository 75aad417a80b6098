import EdgeAPI
import Platform
import Testing

@Suite(.enabled(if: Tool.path("openssl") != nil, "openssl is not installed")) struct TLSTests {
    private let authority: TestAuthority
    private let login = Login.basic(user: "ada", password: Secret("pa55word"))

    init() throws { authority = try TestAuthority() }

    private func send(
        _ server: TLSServer, host: String = "127.0.0.1", _ change: (inout HTTPOptions) -> Void
    ) async -> (HTTPResponse?, EdgeError?) {
        do throws(EdgeError) {
            let request = HTTPRequest(url: "https://\(host):\(server.port)/", login: login)
            return (try await makeClient(change).send(request), nil)
        } catch {
            return (nil, error)
        }
    }

    @Test func anOwnAuthorityIsTrustedWhenGiven() async throws {
        let (certificate, key) = try authority.issue("server", subjectAltName: "IP:127.0.0.1")
        let server = try TLSServer(["-cert", certificate, "-key", key])
        let (response, _) = await send(server) { $0.caFile = authority.certificate }
        #expect(response?.status == 200)
        #expect((response?.times.tls ?? 0) >= 0)
        let (second, _) = await send(server) { $0.environment = ["SSL_CERT_FILE": authority.certificate] }
        #expect(second?.status == 200)
        let (_, refused) = await send(server) { _ in }
        #expect(refused?.code == .tls)
        #expect(refused?.hint.contains("--cacert") == true)
    }

    @Test func aSelfSignedCertificateIsRefused() async throws {
        let (certificate, key) = try authority.issue("self", subjectAltName: "IP:127.0.0.1", isSelfSigned: true)
        let server = try TLSServer(["-cert", certificate, "-key", key])
        let (_, error) = await send(server) { $0.caFile = authority.certificate }
        #expect(error?.code == .tls)
        #expect(error?.hint.contains("--cacert") == true)
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        let (certificate, key) = try authority.issue("other", subjectAltName: "DNS:edge.test")
        let server = try TLSServer(["-cert", certificate, "-key", key])
        let (_, error) = await send(server, host: "localhost") { $0.caFile = authority.certificate }
        #expect(error?.code == .tls)
        #expect(error?.hint.contains("name") == true)
    }

    @Test func aClientCertificateIsSentWhenGiven() async throws {
        let (certificate, key) = try authority.issue("server", subjectAltName: "IP:127.0.0.1")
        let own = try authority.issue("client", subjectAltName: "DNS:client.test")
        let server = try TLSServer([
            "-cert", certificate, "-key", key, "-Verify", "1", "-verify_return_error", "-CAfile", authority.certificate,
        ])
        let (response, _) = await send(server) {
            $0.caFile = authority.certificate
            $0.clientCertificate = own.certificate
            $0.clientKey = own.key
        }
        #expect(response?.status == 200)
        let (_, without) = await send(server) { $0.caFile = authority.certificate }
        #expect(without?.code == .tls || without?.code == .cutOff)
    }

    @Test func filesThatCannotBeUsedAreNamed() async throws {
        let (certificate, key) = try authority.issue("server", subjectAltName: "IP:127.0.0.1")
        let server = try TLSServer(["-cert", certificate, "-key", key])
        let (_, authorities) = await send(server) { $0.caFile = "/nonexistent/ca.pem" }
        #expect(authorities?.code == .localFile)
        let (_, client) = await send(server) {
            $0.caFile = authority.certificate
            $0.clientCertificate = "/nonexistent/client.pem"
        }
        #expect(client?.code == .localFile)
    }

    @Test func aPortThatSpeaksPlainHTTPIsTold() async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK") }
        let plain = try LocalServer { connection in
            _ = connection.read()
            connection.answer("400 Bad Request")
        }
        let error = await failure { () async throws(EdgeError) in
            try await makeClient().send(HTTPRequest(url: "https://127.0.0.1:\(plain.port)/", login: login))
        }
        #expect(error?.code == .tls)
        #expect(error?.hint.contains("plain http") == true)
        #expect(server.requests.isEmpty)
    }
}
