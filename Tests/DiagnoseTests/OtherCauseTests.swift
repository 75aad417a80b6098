import Diagnose
import Foundation
import SupportBundle
import Testing

private struct Expected: Sendable {
    var capture: String?
    var log: String?
    var probe: String?
    var cause: String
    var confidence: Verdict.Confidence

    init(
        _ capture: String?, log: String? = nil, probe: String? = nil, _ cause: String, _ confidence: Verdict.Confidence
    ) {
        self.capture = capture
        self.log = log
        self.probe = probe
        self.cause = cause
        self.confidence = confidence
    }
}

private func failed(_ words: String) -> String {
    "2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:] handshake failed, message: \(words)\n"
}

private let timeout =
    "2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeTimeout() : SSLClientChannel[Connected: Remote:192.0.2.1:443 Local:192.0.2.2]@1 useCount=1 bytesRead=0 bytesWritten=0 age=55221ms lastIO=55221ms isOpen=true handshake timeout\n"

private let expectations: [Expected] = [
    Expected("o-proto-mismatch", "protocol-mismatch", .certain),
    Expected("o-proto-mismatch2", "protocol-mismatch", .certain),
    Expected(nil, log: failed("Received fatal alert: protocol_version"), "protocol-mismatch", .certain),
    Expected(
        nil, log: failed("No appropriate protocol (protocol is disabled or cipher suites are inappropriate)"),
        "protocol-mismatch", .likely),
    Expected("o-cipher-mismatch", "handshake-refused", .possible),
    Expected("o-cipher-mismatch", log: failed("no cipher suites in common"), "cipher-mismatch", .likely),
    Expected(
        "o-cipher-mismatch",
        probe:
            "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = b\n   i:CN = r\n---\nNo client certificate CA names sent\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n",
        "protocol-mismatch", .likely),
    Expected("o-sni-strict", "sni-needed", .certain),
    Expected(nil, log: failed("Received fatal alert: unrecognized_name"), "sni-needed", .certain),
    Expected("o-tls1_2-untrusted-4", "server-certificate-not-trusted", .likely),
    Expected(
        "o-tls1_2-untrusted-4",
        log: failed("PKIX path building failed: unable to find valid certification path to requested target"),
        "server-certificate-not-trusted", .certain),
    Expected("o-tls1_3-untrusted-4", "server-certificate-not-trusted", .likely),
    Expected(nil, log: failed("PKIX path building failed"), "server-certificate-not-trusted", .likely),
    Expected(
        nil,
        log: failed("No subject alternative DNS name matching backend.example.com found."), "host-name-mismatch",
        .certain),
    Expected(
        nil,
        log: failed(
            "PKIX path validation failed: java.security.cert.CertificateExpiredException: NotAfter: Mon Jan 01"),
        "server-certificate-expired", .certain),
    Expected(
        nil, log: failed("PKIX path building failed"),
        probe:
            "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = b\n   i:CN = Issuing CA\n---\nVerify return code: 21 (unable to verify the first certificate)\n---\n",
        "server-chain-incomplete", .likely),
    Expected("o-tls-to-http", "tls-to-plain-http-port", .certain),
    Expected(
        nil, log: failed("Unrecognized SSL message, plaintext connection?"), "tls-to-plain-http-port", .likely),
    Expected("o-silent", log: timeout, "handshake-timeout", .certain),
    Expected(nil, log: timeout, "handshake-timeout", .likely),
]

@Suite("Verdicts: the other TLS playbooks")
struct OtherCauseTests {
    @Test("the cause and how sure it is", arguments: expectations.indices)
    func cause(index: Int) throws {
        let expected = expectations[index]
        var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
        if let capture = expected.capture {
            input.add(
                capture: track(try Tools.fixture("tls/live/\(capture).pcap")), path: "items/packet-capture/c.pcap")
        }
        if let log = expected.log {
            input.add(kind: .errorMessage, path: "items/error-message/records.log", bytes: Array(log.utf8))
        }
        if let probe = expected.probe {
            input.add(kind: .acceptedIssuers, path: "items/accepted-issuers/s.txt", bytes: Array(probe.utf8))
        }
        let verdicts = Diagnosis.run(input).verdicts
        let words = verdicts.map { "\($0.confidence) \($0.cause): \($0.summary)" }
        #expect(verdicts.first?.cause == expected.cause, "\(words)")
        #expect(verdicts.first?.confidence == expected.confidence, "\(words)")
        for verdict in verdicts {
            #expect(!verdict.evidence.isEmpty && !verdict.resolution.isEmpty, "\(words)")
            #expect(verdict.confidence == .certain || !verdict.wouldSettle.isEmpty, "\(words)")
        }
    }

    @Test(
        "the pages with which a Router refuses a caller",
        arguments: [
            (
                "<html><head><title>400 The SSL certificate error</title></head>",
                "northbound-client-certificate-not-accepted"
            ),
            ("<h1>400 No required SSL certificate was sent</h1>", "northbound-no-client-certificate"),
            ("<h1>400 The plain HTTP request was sent to HTTPS port</h1>", "plain-http-to-tls-port"),
        ])
    func pages(page: String, cause: String) {
        let trace =
            "<DebugSession><Messages><Message><Data><Point id=\"Execution\"><ErrorMessage><Content><![CDATA[\(page)]]></Content></ErrorMessage></Point></Data></Message></Messages></DebugSession>"
        var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
        input.add(kind: .trace, path: "items/trace/trace.xml", bytes: Array(trace.utf8))
        #expect(Diagnosis.run(input).verdicts.map(\.cause) == [cause])
    }

    @Test("a handshake of a caller with the Router is not the backend's")
    func northbound() {
        let log = failed("Received fatal alert: bad_certificate").replacing(
            "SSLClientChannel", with: "SSLServerChannel")
        var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
        input.add(kind: .errorMessage, path: "items/error-message/records.log", bytes: Array(log.utf8))
        #expect(Diagnosis.run(input).verdicts.isEmpty)
    }

    @Test("a request in clear, answered in TLS, or cut off by a port that speaks TLS with others")
    func plain() throws {
        let hello = Wire.clientHello
        let cases: [([Wire.Step], Verdict.Confidence)] = [
            (
                [.open(1), .client(1, Array("GET / HTTP/1.1\r\n\r\n".utf8)), .server(1, [21, 3, 3, 0, 2, 2, 10])],
                .certain
            ),
            (
                [
                    .open(1), .client(1, hello), .server(1, Wire.serverHello), .client(1, [20, 3, 3, 0, 1, 1]),
                    .client(1, Wire.encrypted), .server(1, [20, 3, 3, 0, 1, 1]), .server(1, Wire.encrypted), .open(2),
                    .client(2, Array("GET / HTTP/1.1\r\n\r\n".utf8)), .close(2, byClient: false),
                ], .likely
            ),
        ]
        for (steps, confidence) in cases {
            var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: 443, backendIPs: [])
            input.add(capture: track(Wire.capture(steps)), path: "c.pcap")
            let verdicts = Diagnosis.run(input).verdicts
            #expect(verdicts.map(\.cause) == ["plain-http-to-tls-port"])
            #expect(verdicts.first?.confidence == confidence)
        }
    }

    @Test("the JSON is whole, with and without connections, and names damage")
    func json() throws {
        let whole = try Tools.fixture("jsse/tls12-ok.pcap")
        for (bytes, count, notes) in [(whole, 1, 0), (Array(whole.dropLast(9)), 1, 1), ([1, 2, 3, 4] + whole, 0, 1)] {
            var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
            let tracker = track(bytes)
            tracker.finish()
            input.add(capture: tracker, path: "c.pcap")
            var text: [UInt8] = []
            DiagnosisText.writeJSON(input, Diagnosis.verdicts(input)) { text += $0 }
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
            #expect((object["connections"] as? [Any])?.count == count)
            #expect((object["notes"] as? [Any])?.count ?? 0 == notes)
            #expect(object["verdicts"] is [Any])
        }
    }

    @Test("the drawing names the alert and the empty certificate")
    func ladder() throws {
        let connection = try #require(track(try Tools.fixture("jsse/tls12-no-client-cert.pcap")).connections.first)
        let lines = HandshakeLadder.lines(connection)
        #expect(lines.contains { $0.contains("certificate, EMPTY") && $0.hasSuffix(">") })
        #expect(lines.contains { $0.contains("<") && $0.contains("ALERT fatal bad_certificate") })
        #expect(lines.allSatisfy { $0.count < 200 })
    }
}
