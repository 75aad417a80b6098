import Diagnose
import SupportBundle
import Testing

/// The files of a bundle, of which each case changes some.
private struct Case {
    var endpoint: String? = Self.endpoint()
    var reference: String? = #"{"name":"backend","refers":"store","resourceType":"KeyStore"}"#
    var keystore: String? = Self.keystore()
    var certificate: String? = Self.certificate(issuer: seedIssuer)
    var issuers: String? = Self.sClient([seedAccepted])
    var log: String? = Self.log("Received fatal alert: bad_certificate")
    var trace: String?
    var capture: String? = "tls12-no-client-cert"
    var keyAlias: String?

    static let seedIssuer = "CN=MyCompany Test SHA2 CA G2, DC=testcore, DC=test, DC=dir, DC=mycompany, DC=com"
    static let seedAccepted = "/C=AU/ST=VIC/L=MELBOURNE/O=MyCompany/OU=ITS/CN=nonprod-api.mycompany.com"
    /// What the servers of the captures announce.
    static let capturedIssuer = "CN=Accepted Issuing CA,O=Example"

    static func endpoint(
        _ settings: String = "<KeyStore>ref://backend</KeyStore><KeyAlias>client</KeyAlias>", clientAuth: Bool = true
    )
        -> String
    {
        """
        <TargetEndpoint name="default"><HTTPTargetConnection>
        <SSLInfo><Enabled>true</Enabled><ClientAuthEnabled>\(clientAuth)</ClientAuthEnabled>\(settings)</SSLInfo>
        <URL>https://backend.example.com/</URL></HTTPTargetConnection></TargetEndpoint>
        """
    }

    static func keystore(
        certs: String = #""client-cert""#, keys: String = #""client-key""#,
        aliases: String = #"{"aliasName":"client","cert":"client-cert","key":"client-key"}"#
    ) -> String { #"{"name":"store","certs":[\#(certs)],"keys":[\#(keys)],"aliases":[\#(aliases)]}"# }

    static func certificate(issuer: String, expiry: Int = 4_102_444_800_000, valid: String = "Yes") -> String {
        #"{"certName":"client-cert","certInfo":[{"subject":"CN=client","issuer":"\#(issuer)","expiryDate":\#(expiry),"isValid":"\#(valid)"}]}"#
    }

    static func sClient(_ names: [String]) -> String {
        "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = b\n   i:CN = b\n---\n"
            + (names.isEmpty
                ? "No client certificate CA names sent\n"
                : "Acceptable client certificate CA names\n" + names.joined(separator: "\n") + "\n") + "---\n"
    }

    static func log(
        _ message: String, sslInfo: String = "KeyStore:java.security.KeyStore@1f KeyAlias:client TrustStore:null"
    )
        -> String
    {
        """
        2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:] handshake failed, message: \(message)
        2026-11-23 10:00:00,002 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLInfo: \(sslInfo)
        """
    }

    func run(playbook: String = "tls-bad-certificate") throws -> [Verdict] {
        var input = DiagnosisInput(playbook: playbook, keyAlias: keyAlias, serverPort: nil, backendIPs: [])
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        if let endpoint {
            let zip = try proxyZip([("apiproxy/targets/default.xml", endpoint)])
            input.add(kind: .apiProxy, path: "items/api-proxy/a_rev1.zip", bytes: zip)
        }
        if let reference {
            input.add(kind: .references, path: "items/references/backend.json", bytes: bytes(reference))
        }
        if let keystore {
            input.add(
                kind: .keystoreCertificates, path: "items/keystore-certificates/keystore-store.json",
                bytes: bytes(keystore))
        }
        if let certificate {
            input.add(
                kind: .keystoreCertificates, path: "items/keystore-certificates/store-client-cert.json",
                bytes: bytes(certificate))
        }
        if let issuers {
            input.add(kind: .acceptedIssuers, path: "items/accepted-issuers/s_client-b_443.txt", bytes: bytes(issuers))
        }
        if let log { input.add(kind: .errorMessage, path: "items/error-message/records.log", bytes: bytes(log)) }
        if let trace { input.add(kind: .trace, path: "items/trace/trace.xml", bytes: bytes(trace)) }
        if let capture {
            input.add(
                capture: track(try Tools.fixture("jsse/\(capture).pcap")), path: "items/packet-capture/capture.pcap")
        }
        return Diagnosis.run(input).verdicts
    }
}

private struct Expected: Sendable {
    var name: String
    var cause: String?
    var confidence: Verdict.Confidence?
    var change: @Sendable (inout Case) -> Void

    init(
        _ name: String, _ cause: String?, _ confidence: Verdict.Confidence?,
        _ change: @escaping @Sendable (inout Case) -> Void
    ) {
        self.name = name
        self.cause = cause
        self.confidence = confidence
        self.change = change
    }
}

private let none = "no-client-certificate"
private let other = "issuer-not-accepted"
private let server = "server-certificate-not-trusted"

private let expectations: [Expected] = [
    // The keystore has nothing to show.
    .init("empty keystore", none, .certain) {
        $0.keystore = Case.keystore(certs: "", keys: "", aliases: "")
        $0.certificate = nil
    },
    .init("empty keystore, log alone", none, .certain) {
        $0.keystore = Case.keystore(certs: "", keys: "", aliases: "")
        $0.capture = nil
    },
    .init("empty keystore, TLS 1.3 capture alone", none, .likely) {
        $0.keystore = Case.keystore(certs: "", keys: "", aliases: "")
        $0.capture = "tls13-no-client-cert"
        $0.log = nil
    },
    .init("wrong alias", none, .certain) {
        $0.endpoint = Case.endpoint("<KeyStore>store</KeyStore><KeyAlias>old</KeyAlias>")
        $0.log = Case.log("Received fatal alert: bad_certificate", sslInfo: "KeyStore:x KeyAlias:old TrustStore:null")
    },
    .init("alias without key", none, .certain) {
        $0.keystore = Case.keystore(keys: #""other""#, aliases: #"{"aliasName":"client","cert":"client-cert"}"#)
    },
    .init("certificates without any key", none, .certain) {
        $0.keystore = Case.keystore(keys: "", aliases: "")
    },
    .init("no KeyStore in SSLInfo", none, .certain) { $0.endpoint = Case.endpoint("") },
    .init("ClientAuthEnabled false", none, .certain) { $0.endpoint = Case.endpoint(clientAuth: false) },
    .init("no SSLInfo", none, .certain) {
        $0.endpoint =
            "<TargetEndpoint name=\"d\"><HTTPTargetConnection><URL>https://b/</URL></HTTPTargetConnection></TargetEndpoint>"
        $0.log = Case.log(
            "Received fatal alert: bad_certificate", sslInfo: "KeyStore:null KeyAlias:null TrustStore:null")
    },
    .init("a reference that names nothing", none, .certain) {
        $0.reference = #"{"name":"backend","refers":""}"#
        $0.keystore = nil
        $0.certificate = nil
    },
    .init("the log shows no keystore", none, .certain) {
        $0.endpoint = nil
        $0.keystore = nil
        $0.certificate = nil
        $0.log = Case.log(
            "Received fatal alert: bad_certificate", sslInfo: "KeyStore:null KeyAlias:null TrustStore:null")
    },
    .init("nothing known of the keystore", none, .possible) {
        $0.keystore = nil
        $0.certificate = nil
        $0.endpoint = nil
    },
    .init("handshake_failure and an empty keystore", none, .likely) {
        $0.keystore = Case.keystore(certs: "", keys: "", aliases: "")
        $0.log = Case.log("Received fatal alert: handshake_failure")
        $0.capture = nil
    },
    .init("handshake_failure and an accepted certificate", "handshake-refused", .possible) {
        $0.issuers = Case.sClient([Case.seedIssuer])
        $0.log = Case.log("Received fatal alert: handshake_failure")
        $0.capture = nil
    },
    // The keystore has one of another issuer.
    .init("the example of the playbook", other, .certain) { $0.capture = nil },
    .init("issuers of the capture", other, .certain) { $0.issuers = nil },
    .init("no issuers known", other, .likely) {
        $0.issuers = nil
        $0.capture = nil
    },
    .init("TLS 1.3 capture and probe", other, .likely) {
        $0.capture = "tls13-no-client-cert"
        $0.log = nil
    },
    .init("expired", other, .likely) {
        $0.certificate = Case.certificate(issuer: Case.seedIssuer, expiry: 1_000, valid: "No")
        $0.issuers = Case.sClient([Case.seedIssuer])
        $0.capture = nil
    },
    .init("on paper alone", other, .likely) {
        $0.capture = nil
        $0.log = nil
    },
    // Accepted, and still not sent.
    .init("accepted issuer", none, .possible) {
        $0.issuers = Case.sClient([
            "DC = com, DC = mycompany, DC = dir, DC = test, DC = testcore, CN = MyCompany Test SHA2 CA G2"
        ])
        $0.capture = nil
    },
    // Our side refuses the server.
    .init("PKIX", server, .likely) {
        $0.log = Case.log("PKIX path building failed: unable to find valid certification path to requested target")
        $0.capture = nil
    },
    // Nothing of the kind.
    .init("a handshake that completes", nil, nil) {
        $0.log = nil
        $0.capture = "tls12-ok"
    },
    .init("another alert", "protocol-mismatch", .certain) {
        $0.log = Case.log("Received fatal alert: protocol_version")
        $0.capture = nil
    },
]

@Suite("Verdicts")
struct VerdictTests {
    @Test("the cause and how sure it is", arguments: expectations.indices)
    func matrix(index: Int) throws {
        let expected = expectations[index]
        var files = Case()
        expected.change(&files)
        let verdicts = try files.run()
        #expect(verdicts.first?.cause == expected.cause, "\(expected.name): \(verdicts.map(\.summary))")
        #expect(verdicts.first?.confidence == expected.confidence, "\(expected.name): \(verdicts.map(\.summary))")
        for verdict in verdicts {
            #expect(!verdict.evidence.isEmpty, "\(expected.name)")
            #expect(!verdict.resolution.isEmpty)
            #expect(verdict.confidence == .certain || !verdict.wouldSettle.isEmpty, "\(expected.name)")
            #expect(
                verdict.evidence.allSatisfy { $0.path.hasPrefix("items/") && !$0.location.isEmpty && !$0.text.isEmpty })
        }
    }

    @Test("the alert alone leaves both causes possible", arguments: [true, false])
    func alertAlone(byTrace: Bool) throws {
        var files = Case(endpoint: nil, reference: nil, keystore: nil, certificate: nil, issuers: nil, capture: nil)
        if byTrace {
            files.log = nil
            files.trace =
                "<DebugSession><Messages><Message><Data><Point id=\"Error\"><DebugInfo><Properties>\n<Property name=\"error.cause\">Received fatal alert: bad_certificate</Property></Properties></DebugInfo></Point></Data></Message></Messages></DebugSession>"
        }
        let verdicts = try files.run()
        #expect(Set(verdicts.map(\.cause)) == [none, other])
        #expect(verdicts.allSatisfy { $0.confidence == .possible && $0.ruledOut.isEmpty })
        #expect(verdicts.allSatisfy { $0.wouldSettle.contains { $0.contains("apigee-collect") } })
        #expect(verdicts[0].evidence.first?.location == (byTrace ? "line 2" : "line 1"))
    }

    @Test("a verdict names what it rests on, and what it excludes")
    func evidence() throws {
        var files = Case()
        files.issuers = nil
        let verdict = try #require(try files.run().first)
        let places = verdict.evidence.map { "\($0.path) \($0.location)" }
        #expect(places.contains("items/packet-capture/capture.pcap frame 12"))
        #expect(places.contains("items/packet-capture/capture.pcap frame 16"))
        #expect(places.contains("items/packet-capture/capture.pcap frame 17"))
        #expect(places.contains("items/keystore-certificates/store-client-cert.json certInfo[0].issuer"))
        #expect(places.contains("items/error-message/records.log line 1"))
        #expect(verdict.ruledOut.map(\.cause) == [none])
    }

    @Test("the playbook's example, from loose files", arguments: [true, false])
    func example(withLog: Bool) throws {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
        input.add(
            kind: .keystoreCertificates, path: "certificate.json",
            bytes: Array(Case.certificate(issuer: Case.seedIssuer).utf8))
        input.add(kind: .acceptedIssuers, path: "s_client.txt", bytes: Array(Case.sClient([Case.seedAccepted]).utf8))
        if withLog {
            let log = Case.log("Received fatal alert: bad_certificate")
            input.add(kind: .messageProcessorLog, path: "system.log", bytes: Array(log.utf8))
        }
        let verdicts = Diagnosis.run(input).verdicts
        #expect(verdicts.map(\.cause) == [other])
        let verdict = try #require(verdicts.first)
        #expect(verdict.confidence == .likely)
        #expect(verdict.summary.contains(Case.seedIssuer))
        #expect(verdict.evidence.contains { $0.path == "s_client.txt" && $0.text.contains(Case.seedAccepted) })
        #expect(verdict.ruledOut.map(\.cause) == [none])
    }

    @Test("the target server's settings come before those of the endpoint")
    func targetServer() throws {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: 443, backendIPs: [])
        let endpoint =
            "<TargetEndpoint name=\"d\"><HTTPTargetConnection><LoadBalancer><Server name=\"t\"/></LoadBalancer></HTTPTargetConnection></TargetEndpoint>"
        input.add(
            kind: .apiProxy, path: "items/api-proxy/a.zip",
            bytes: try proxyZip([("apiproxy/targets/default.xml", endpoint)]))
        input.add(
            kind: .targetServers, path: "items/target-servers/t.json",
            bytes: Array(
                #"{"name":"t","host":"b","port":443,"isEnabled":true,"sSLInfo":{"enabled":"true","clientAuthEnabled":"false"}}"#
                    .utf8))
        input.add(
            kind: .errorMessage, path: "items/error-message/records.log",
            bytes: Array(Case.log("Received fatal alert: bad_certificate").utf8))
        let verdict = try #require(Diagnosis.run(input).verdicts.first)
        #expect(verdict.cause == none)
        #expect(verdict.confidence == .certain)
        #expect(verdict.evidence.first?.path == "items/target-servers/t.json")
    }

    @Test("a keystore that the API does not know")
    func absent() throws {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: "client", serverPort: nil, backendIPs: [])
        input.add(
            kind: .apiProxy, path: "items/api-proxy/a.zip",
            bytes: try proxyZip([("apiproxy/targets/default.xml", Case.endpoint())]))
        input.add(
            kind: .errorMessage, path: "items/error-message/records.log",
            bytes: Array(Case.log("Received fatal alert: bad_certificate").utf8))
        let before = Diagnosis.run(input).verdicts
        #expect(Set(before.map(\.cause)) == [none, other])
        input.add(absent: .references, name: "backend", answer: "404 Not Found")
        let verdict = try #require(Diagnosis.run(input).verdicts.first)
        #expect(verdict.cause == none)
        #expect(verdict.confidence == .certain)
    }

    @Test("damaged and hostile files change nothing for the worse")
    func hostile() throws {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
        let junk: [[UInt8]] = [
            [], [0], Array("{".utf8), Array("<a>".utf8), Array(repeating: 0x7B, count: 100_000),
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0xFF, count: 200), [UInt8](repeating: 0xFF, count: 5_000),
            Array("SSLInfo: KeyStore: KeyAlias: Received fatal alert: ".utf8),
        ]
        for kind in ItemKind.allCases {
            for (index, bytes) in junk.enumerated() {
                input.add(kind: kind, path: "items/\(kind.rawValue)/\(index).pcap", bytes: bytes)
                input.add(kind: kind, path: "items/\(kind.rawValue)/\(index).log", bytes: bytes)
                input.add(kind: kind, path: "items/\(kind.rawValue)/\(index).xml", bytes: bytes)
            }
        }
        #expect(Diagnosis.run(input).verdicts.isEmpty)
        #expect(!input.problems.isEmpty)
    }
}
