import Documents
import EdgeAPI
import FlyingFox
import FlyingSocks
import Foundation
import Platform
import Testing

/// The typed calls against a server of independent make that knows the documented paths.
@Suite struct EdgeEndpointTests {
    private static let environment = "/v1/organizations/acme/environments/test"
    private static let revision = "/v1/organizations/acme/apis/pay/revisions/7"
    private static let answers: [String: String] = [
        "/v1/organizations/acme": #"{"name": "acme", "environments": ["test"]}"#,
        environment: #"{"name": "test"}"#,
        "/v1/organizations/acme/apis": #"["pay"]"#,
        "/v1/organizations/acme/apis/pay": #"{"name": "pay", "revision": ["7"]}"#,
        revision: #"{"name": "pay", "revision": "7"}"#,
        "/v1/organizations/acme/apis/pay/deployments": #"{"name": "pay"}"#,
        environment + "/apis/pay/deployments": #"{"name": "pay"}"#,
        environment + "/targetservers": #"["backend"]"#,
        environment + "/targetservers/backend": #"{"name": "backend"}"#,
        environment + "/references": #"["ref"]"#,
        environment + "/references/ref": #"{"name": "ref", "refers": "ks", "resourceType": "KeyStore"}"#,
        environment + "/keystores": #"["ks"]"#,
        environment + "/keystores/ks": #"{"name": "ks", "certs": ["c"]}"#,
        environment + "/keystores/ks/certs": #"["c"]"#,
        environment + "/keystores/ks/certs/c": #"{"certName": "c", "certInfo": []}"#,
        environment + "/keystores/ks/aliases": #"["a"]"#,
        environment + "/keystores/ks/aliases/a": #"{"alias": "a"}"#,
        environment + "/keystores/ks/aliases/a/certificate": "-----BEGIN CERTIFICATE-----",
        environment + "/virtualhosts": #"["default"]"#,
        environment + "/virtualhosts/default": #"{"name": "default"}"#,
        "/v1/servers/self": #"{"uUID": "u"}"#,
        environment + "/apis/pay/revisions/7/debugsessions/s1/data": #"["t1"]"#,
        environment + "/apis/pay/revisions/7/debugsessions/s1/data/t1": "<Message/>",
    ]

    @Test func everyCallAsksForItsPath() async throws {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0))
        await server.appendRoute("*") { request in
            guard request.headers[.authorization] == "Bearer t0ken" else { return .init(statusCode: .unauthorized) }
            if request.path == Self.revision, request.query["format"] == "bundle" {
                return .init(statusCode: .ok, body: Data([0x50, 0x4B, 3, 4]))
            }
            guard let text = Self.answers[request.path] else { return .init(statusCode: .notFound) }
            return .init(statusCode: .ok, headers: [.contentType: "application/json"], body: Data(text.utf8))
        }
        let running = Task { try await server.run() }
        defer { running.cancel() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else {
            Issue.record("the server has no port")
            return
        }
        let client = try EdgeClient(
            base: "http://127.0.0.1:\(port)/v1", login: .bearer(Secret("t0ken")), http: makeClient())
        let scope = EnvironmentScope(org: "acme", env: "test")
        let session = DebugSession(scope: scope, api: "pay", revision: "7", name: "s1")

        #expect(try await client.organization("acme").value["name"]?.string == "acme")
        #expect(try await client.environment("test", in: "acme").value["name"]?.string == "test")
        #expect(try await client.apis(in: "acme").value.strings == ["pay"])
        #expect(try await client.api("pay", in: "acme").value["revision"]?.strings == ["7"])
        #expect(try await client.revision("7", of: "pay", in: "acme").value["revision"]?.string == "7")
        #expect(try await client.revisionBundle("7", of: "pay", in: "acme").body.count == 4)
        #expect(try await client.deployments(of: "pay", in: "acme").value["name"]?.string == "pay")
        #expect(try await client.deployments(of: "pay", in: "acme", env: "test").value["name"]?.string == "pay")
        #expect(try await client.targetServers(in: scope).value.strings == ["backend"])
        #expect(try await client.targetServer("backend", in: scope).value["name"]?.string == "backend")
        #expect(try await client.references(in: scope).value.strings == ["ref"])
        #expect(try await client.reference("ref", in: scope).value["refers"]?.string == "ks")
        #expect(try await client.keystores(in: scope).value.strings == ["ks"])
        #expect(try await client.keystore("ks", in: scope).value["certs"]?.strings == ["c"])
        #expect(try await client.keystoreCerts("ks", in: scope).value.strings == ["c"])
        #expect(try await client.keystoreCert("c", of: "ks", in: scope).value["certName"]?.string == "c")
        #expect(try await client.aliases(of: "ks", in: scope).value.strings == ["a"])
        #expect(try await client.alias("a", of: "ks", in: scope).value["alias"]?.string == "a")
        #expect(try await client.aliasCertificate("a", of: "ks", in: scope).body.starts(with: "-----BEGIN".utf8))
        #expect(try await client.virtualHosts(in: scope).value.strings == ["default"])
        #expect(try await client.virtualHost("default", in: scope).value["name"]?.string == "default")
        #expect(try await client.serversSelf().value["uUID"]?.string == "u")
        #expect(try await client.debugTransactions(of: session).value.strings == ["t1"])
        #expect(try await client.debugTransaction("t1", of: session).body == Array("<Message/>".utf8))
        let missing = await failure { () async throws(EdgeError) in try await client.api("none", in: "acme") }
        #expect(missing?.code == .notFound)
    }
}
