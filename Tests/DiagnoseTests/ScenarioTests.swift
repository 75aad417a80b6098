import Diagnose
import SupportBundle
import Testing

/// What is really wrong, and every file that would tell of it. Evidence is then withheld in all ways.
private struct Truth: Sendable {
    var name: String
    var cause: String
    /// Captures of TLS 1.2 and TLS 1.3.
    var captures: [String]
    /// The alert in the log of each version.
    var alert = "bad_certificate"
    var endpoint = Evidence.endpoint()
    var reference: String? = #"{"name":"backend","refers":"store","resourceType":"KeyStore"}"#
    var keystore: String? = Evidence.keystore()
    var certificate: String? = Evidence.certificate(issuer: Evidence.acceptedIssuer)
    var truststore: String?
    var loggedSSLInfo = "KeyStore:java.security.KeyStore@1f KeyAlias:client TrustStore:null"
    /// The verdict for all evidence together.
    var best = Verdict.Confidence.certain
    var probe = Evidence.probe(["/O=Example/CN=Accepted Issuing CA"])
}

private enum Evidence {
    static let acceptedIssuer = "CN=Accepted Issuing CA,O=Example"

    static func endpoint(
        _ stores: String = "<KeyStore>ref://backend</KeyStore><KeyAlias>client</KeyAlias>", clientAuth: Bool = true
    ) -> String {
        """
        <TargetEndpoint name="default"><HTTPTargetConnection><SSLInfo><Enabled>true</Enabled>
        <ClientAuthEnabled>\(clientAuth)</ClientAuthEnabled>\(stores)</SSLInfo>
        <URL>https://backend.example.com/</URL></HTTPTargetConnection></TargetEndpoint>
        """
    }

    static func keystore(aliases: String = #"{"aliasName":"client","cert":"client-cert","key":"client-key"}"#) -> String
    {
        let isEmpty = aliases.isEmpty
        return #"{"name":"store","certs":[\#(isEmpty ? "" : #""client-cert""#)],"keys":[],"aliases":[\#(aliases)]}"#
    }

    static func certificate(issuer: String, from: Int = 0, to: Int = 4_102_444_800_000, valid: Bool = true) -> String {
        """
        {"certName":"client-cert","certInfo":[{"subject":"CN=client","issuer":"\(issuer)","validFrom":\(from),
        "expiryDate":\(to),"isValid":"\(valid ? "Yes" : "No")"}]}
        """
    }

    static func probe(_ names: [String]) -> String {
        "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = b\n   i:CN = r\n---\n"
            + (names.isEmpty
                ? "No client certificate CA names sent\n"
                : "Acceptable client certificate CA names\n" + names.joined(separator: "\n") + "\n") + "---\n"
    }

    static func log(_ alert: String, _ sslInfo: String) -> String {
        """
        2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:] handshake failed, message: Received fatal alert: \(alert)
        2026-11-23 10:00:00,002 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLInfo: \(sslInfo)
        """
    }

    static func trace(_ alert: String) -> String {
        """
        <DebugSession><Messages><Message><Data><Point id="Error"><DebugInfo><Properties>
        <Property name="error.cause">Received fatal alert: \(alert)</Property></Properties></DebugInfo></Point></Data></Message></Messages></DebugSession>
        """
    }
}

private let none = "no-client-certificate"
private let other = "issuer-not-accepted"
private let empty = ["jsse/tls12-no-client-cert", "jsse/tls13-no-client-cert"]

private let truths: [Truth] = [
    Truth(
        name: "empty keystore", cause: none, captures: empty, keystore: Evidence.keystore(aliases: ""), certificate: nil
    ),
    Truth(
        name: "wrong alias", cause: none, captures: empty,
        endpoint: Evidence.endpoint("<KeyStore>store</KeyStore><KeyAlias>old</KeyAlias>"),
        loggedSSLInfo: "KeyStore:java.security.KeyStore@1f KeyAlias:old TrustStore:null"),
    Truth(
        name: "alias without key", cause: none, captures: empty,
        keystore: Evidence.keystore(aliases: #"{"aliasName":"client","cert":"client-cert"}"#)),
    Truth(
        name: "a reference to nothing", cause: none, captures: empty, reference: #"{"name":"backend","refers":""}"#,
        keystore: nil, certificate: nil),
    Truth(
        name: "SSLInfo without KeyStore", cause: none, captures: empty, endpoint: Evidence.endpoint(""), keystore: nil,
        certificate: nil, loggedSSLInfo: "KeyStore:null KeyAlias:null TrustStore:null"),
    Truth(
        name: "SSLInfo without ClientAuthEnabled", cause: none, captures: empty,
        endpoint: Evidence.endpoint(clientAuth: false)),
    Truth(
        name: "another issuer, so none was sent", cause: other,
        captures: ["jsse/tls12-ca-mismatch", "jsse/tls13-no-client-cert"],
        certificate: Evidence.certificate(
            issuer: "CN=MyCompany Test SHA2 CA G2, DC=testcore, DC=test, DC=dir, DC=mycompany, DC=com")),
    Truth(
        name: "an intermediate is missing, so none was sent", cause: other,
        captures: ["jsse/tls12-ca-mismatch", "jsse/tls13-no-client-cert"],
        certificate: Evidence.certificate(issuer: "CN=Intermediate, O=Example"),
        truststore:
            #"{"certName":"inter","certInfo":[{"subject":"CN=Intermediate, O=Example","issuer":"\#(Evidence.acceptedIssuer)"}]}"#
    ),
    Truth(
        name: "another issuer, sent", cause: other, captures: ["tls/tls12-foreign", "tls/tls13-foreign"],
        alert: "unknown_ca", certificate: Evidence.certificate(issuer: "CN=Other CA, O=Other"),
        probe: Evidence.probe(["/C=AU/ST=VIC/O=MyCompany/CN=Root CA"])),
    Truth(
        name: "an intermediate is missing, sent", cause: other,
        captures: ["tls/tls12-no-intermediate", "tls/tls13-no-intermediate"], alert: "unknown_ca",
        certificate: Evidence.certificate(issuer: "CN=Issuing CA G2, DC=mycompany, DC=com"),
        truststore:
            #"{"certName":"i","certInfo":[{"subject":"CN=Issuing CA G2, DC=mycompany, DC=com","issuer":"CN=Root CA, O=MyCompany, ST=VIC, C=AU"}]}"#,
        probe: Evidence.probe(["C = AU, ST = VIC, O = MyCompany, CN = Root CA"])),
    Truth(
        name: "expired", cause: other, captures: ["tls/tls12-expired", "tls/tls13-expired"],
        alert: "certificate_expired",
        certificate: Evidence.certificate(
            issuer: "CN=Root CA, O=MyCompany, ST=VIC, C=AU", to: 1_609_459_200_000, valid: false),
        probe: Evidence.probe(["/C=AU/ST=VIC/O=MyCompany/CN=Root CA"])),
    Truth(
        name: "not yet valid", cause: other, captures: ["tls/tls12-not-yet", "tls/tls13-not-yet"],
        certificate: Evidence.certificate(
            issuer: "CN=Root CA, O=MyCompany, ST=VIC, C=AU", from: 2_208_988_800_000, valid: false), best: .likely,
        probe: Evidence.probe(["/C=AU/ST=VIC/O=MyCompany/CN=Root CA"])),
    Truth(
        name: "not for client authentication", cause: other, captures: ["tls/tls12-usage", "tls/tls13-usage"],
        alert: "unsupported_certificate",
        certificate: Evidence.certificate(issuer: "CN=Root CA, O=MyCompany, ST=VIC, C=AU"), best: .likely,
        probe: Evidence.probe(["/C=AU/ST=VIC/O=MyCompany/CN=Root CA"])),
]

@Suite("Scenarios: evidence withheld in every way")
struct ScenarioTests {
    @Test("never a wrong cause, certain only with proof", arguments: truths.indices, [0, 1])
    func matrix(index: Int, version: Int) throws {
        let truth = truths[index]
        let capture = track(try Tools.fixture(truth.captures[version] + ".pcap"))
        var judged = 0
        for withheld in 0..<32 {
            func has(_ bit: Int) -> Bool { withheld & 1 << bit == 0 }
            let verdicts = try run(
                truth, capture: has(0) ? capture : nil, probe: has(1), api: has(2), log: has(3), trace: has(4))
            let words = verdicts.map { "\($0.confidence) \($0.cause): \($0.summary)" }
            let comment = "\(truth.name), TLS 1.\(2 + version), withheld \(String(withheld, radix: 2)): \(words)"
            guard let top = verdicts.first else {
                // Without any sign of a failure there is nothing to judge.
                #expect(!has(0) && !has(3) && !has(4) || version == 1, Comment(rawValue: comment))
                continue
            }
            judged += 1
            for verdict in verdicts where verdict.confidence != .possible {
                #expect(verdict.cause == truth.cause, Comment(rawValue: comment))
            }
            #expect(top.confidence == .certain || !top.wouldSettle.isEmpty, Comment(rawValue: comment))
            #expect(!top.evidence.isEmpty && !top.resolution.isEmpty, Comment(rawValue: comment))
            if withheld == 0 {
                #expect(top.cause == truth.cause, Comment(rawValue: comment))
                if version == 0 { #expect(top.confidence >= truth.best, Comment(rawValue: comment)) }
            }
        }
        #expect(judged >= 24, "\(truth.name)")
    }

    private func run(
        _ truth: Truth, capture: ConversationTracker?, probe: Bool, api: Bool, log: Bool, trace: Bool
    ) throws -> [Verdict] {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
        func add(_ kind: ItemKind, _ path: String, _ text: String?) {
            if let text { input.add(kind: kind, path: "items/\(kind.rawValue)/\(path)", bytes: Array(text.utf8)) }
        }
        if api {
            add(.apiProxy, "default.xml", truth.endpoint)
            add(.references, "backend.json", truth.reference)
            add(.keystoreCertificates, "keystore-store.json", truth.keystore)
            add(.keystoreCertificates, "store-client-cert.json", truth.certificate)
            add(.truststoreCertificates, "trust-inter.json", truth.truststore)
        }
        if probe { add(.acceptedIssuers, "s_client-b_443.txt", truth.probe) }
        if log { add(.errorMessage, "records.log", Evidence.log(truth.alert, truth.loggedSSLInfo)) }
        if trace { add(.trace, "trace.xml", Evidence.trace(truth.alert)) }
        if let capture { input.add(capture: capture, path: "items/packet-capture/capture.pcap") }
        return Diagnosis.run(input).verdicts
    }
}
