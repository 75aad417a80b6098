import Diagnose
import Foundation
import SupportBundle
import Testing

private func diagnosed(
    _ steps: [Wire.Step], probe: String? = nil, log: String? = nil, seconds: Int = 1_700_000_000
) -> [Verdict] {
    var input = DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
    if !steps.isEmpty {
        input.add(capture: track(Wire.capture(steps, seconds: seconds)), path: "items/packet-capture/c.pcap")
    }
    if let probe {
        let text =
            "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = b\n   i:CN = r\n---\nNo client certificate CA names sent\n---\n\(probe)\n"
        input.add(kind: .acceptedIssuers, path: "items/accepted-issuers/s.txt", bytes: Array(text.utf8))
    }
    if let log {
        let line =
            "2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:] handshake failed, message: \(log)\n"
        input.add(kind: .errorMessage, path: "items/error-message/records.log", bytes: Array(line.utf8))
    }
    return Diagnosis.run(input).verdicts
}

private func completed(_ hello: [UInt8]) -> [Wire.Step] {
    [
        .open(9), .client(9, hello), .server(9, Wire.serverHello), .client(9, [20, 3, 3, 0, 1, 1]),
        .client(9, Wire.encrypted), .server(9, [20, 3, 3, 0, 1, 1]), .server(9, Wire.encrypted),
    ]
}

private struct Expected: Sendable {
    var steps: [Wire.Step]
    var probe: String?
    var log: String?
    var cause: String
    var confidence: Verdict.Confidence
    var words: String

    /// A Client Hello that the backend answers with handshake_failure or another alert.
    init(
        _ hello: [UInt8], alert: UInt8 = 40, besides: [Wire.Step] = [], probe: String? = nil, log: String? = nil,
        _ cause: String, _ confidence: Verdict.Confidence, _ words: String
    ) {
        self.init(
            besides + [.open(1), .client(1, hello), .server(1, Wire.alert(alert))], probe: probe, log: log, cause,
            confidence, words)
    }

    init(
        _ steps: [Wire.Step], probe: String? = nil, log: String? = nil, _ cause: String,
        _ confidence: Verdict.Confidence, _ words: String
    ) {
        (self.steps, self.probe, self.log) = (steps, probe, log)
        (self.cause, self.confidence, self.words) = (cause, confidence, words)
    }
}

private let good = Wire.clientHello()
private let oldVersion = Wire.clientHello(legacy: 1)
private let otherCipher = Wire.clientHello(ciphers: [0x002F, 0x0035])
private let noName = Wire.clientHello(name: nil)

private let expectations: [Expected] = [
    // The alert and the hello alone.
    Expected(noName, "sni-needed", .possible, "bears no server name"),
    Expected(oldVersion, "protocol-mismatch", .likely, "offers TLS 1.0 at best"),
    Expected(good, alert: 71, "cipher-mismatch", .likely, "stronger cipher suites"),
    Expected(good, log: "no cipher suites in common", "cipher-mismatch", .likely, "no cipher suite in common"),
    Expected(good, "handshake-refused", .possible, "not enough evidence"),
    Expected(good, alert: 112, "sni-needed", .certain, "does not know the server name backend.example.com"),
    Expected(noName, alert: 112, "sni-needed", .certain, "misses a server name"),
    Expected(good, alert: 86, "protocol-mismatch", .certain, "inappropriate_fallback"),
    // Another handshake with the same backend came through.
    Expected(oldVersion, besides: completed(good), "protocol-mismatch", .likely, "the backend speaks TLS 1.2"),
    Expected(noName, besides: completed(good), "sni-needed", .likely, "with a server name the backend completes"),
    Expected(
        otherCipher, besides: completed(good), "cipher-mismatch", .likely,
        "agrees to TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    Expected(good, besides: completed(good), "handshake-refused", .possible, "not enough evidence"),
    // A probe came through.
    Expected(
        good, probe: "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384", "protocol-mismatch", .likely,
        "a probe agrees on TLS 1.3"),
    Expected(
        noName, probe: "New, TLSv1.2, Cipher is ECDHE-RSA-AES128-GCM-SHA256", "sni-needed", .likely,
        "a probe with a server name completes"),
    Expected(
        Wire.clientHello(ciphers: [0x1301], versions: [4]), probe: "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384",
        "cipher-mismatch", .likely, "a probe agrees on TLS_AES_256_GCM_SHA384"),
    Expected(
        good, probe: "New, TLSv1.2, Cipher is ECDHE-RSA-AES128-GCM-SHA256", "handshake-refused", .possible,
        "not enough evidence"),
    // The client ends it.
    Expected(
        [.open(1), .client(1, good), .server(1, Wire.serverHello(legacy: 1)), .client(1, Wire.alert(70))],
        "protocol-mismatch", .certain, "the backend chose TLS 1.0"),
    Expected(
        [.open(1), .client(1, good), .server(1, Wire.serverHello), .client(1, Wire.alert(47))],
        "handshake-refused", .possible, "the client refuses what the backend chose: TLS 1.2"),
    // The log alone.
    Expected([], log: "no cipher suites in common", "cipher-mismatch", .likely, "no cipher suite in common"),
    Expected([], log: "Received fatal alert: handshake_failure", "handshake-refused", .possible, "many causes"),
]

@Suite("Verdicts: handshakes made byte by byte")
struct HandshakeTests {
    @Test("what tells apart the causes of one alert", arguments: expectations.indices)
    func cause(index: Int) {
        let expected = expectations[index]
        let verdicts = diagnosed(expected.steps, probe: expected.probe, log: expected.log)
        let words = verdicts.map { "\($0.confidence) \($0.cause): \($0.summary)" }
        #expect(verdicts.first?.cause == expected.cause, "\(words)")
        #expect(verdicts.first?.confidence == expected.confidence, "\(words)")
        #expect(verdicts.first?.summary.lowercased().contains(expected.words.lowercased()) == true, "\(words)")
        #expect(verdicts.allSatisfy { !$0.evidence.isEmpty && !$0.resolution.isEmpty })
    }

    /// A certificate that is valid for thirty days from now.
    private static let certificate = Result {
        try Tools.withFolder { folder in
            _ = try Tools.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder + "/key", "-out", folder + "/cert", "-outform", "DER", "-days", "30", "-subj",
                    "/O=Example/CN=backend.example.com", "-addext",
                    "subjectAltName=DNS:backend.example.com,DNS:*.api.example.com,IP:192.0.2.7,IP:2001:db8::7",
                    "-addext", "keyUsage=digitalSignature,keyEncipherment", "-addext", "extendedKeyUsage=serverAuth",
                ], strict: true)
            return try Tools.read(folder + "/cert")
        }
    }

    private static let day = 86_400

    @Test(
        "dates and names of a backend's certificate that our side refuses", .enabled(if: Tools.has("openssl")),
        arguments: [
            (
                "backend.example.com", 1, 46, "server-certificate-not-trusted", Verdict.Confidence.likely,
                "did not trust"
            ),
            ("backend.example.com", 40, 46, "server-certificate-expired", .likely, "expired on"),
            ("backend.example.com", 40, 45, "server-certificate-expired", .certain, "expired on"),
            ("backend.example.com", -10, 46, "server-certificate-expired", .likely, "is not valid before"),
            ("other.example.com", 1, 46, "host-name-mismatch", .likely, "the host is other.example.com"),
            ("a.api.example.com", 1, 46, "server-certificate-not-trusted", .likely, ""),
            ("a.b.api.example.com", 1, 46, "host-name-mismatch", .likely, "192.0.2.7, 2001:db8::7"),
            ("BACKEND.example.com", 1, 46, "server-certificate-not-trusted", .likely, ""),
            // Who does not know the issuer has not looked at the name.
            ("other.example.com", 1, 48, "server-certificate-not-trusted", .likely, ""),
        ])
    func server(
        name: String, days: Int, alert: UInt8, cause: String, confidence: Verdict.Confidence, words: String
    ) throws {
        let certificate = try Self.certificate.get()
        let steps: [Wire.Step] = [
            .open(1), .client(1, Wire.clientHello(name: name)), .server(1, Wire.serverHello),
            .server(1, Wire.certificates([certificate])), .client(1, Wire.alert(alert)),
        ]
        let seconds = Int(Date().timeIntervalSince1970) + days * Self.day
        let verdicts = diagnosed(steps, seconds: seconds)
        let found = verdicts.map { "\($0.confidence) \($0.cause): \($0.summary)" }
        #expect(verdicts.first?.cause == cause && verdicts.first?.confidence == confidence, "\(found)")
        if cause != "server-certificate-not-trusted" {
            #expect(verdicts.first?.summary.lowercased().contains(words) == true, "\(found)")
        }
        let told = try #require(track(Wire.capture(steps)).connections.first?.serverCertificates.first)
        #expect(told.keyUsage == ["digitalSignature", "keyEncipherment"])
        #expect(told.subjectAltNames.contains("192.0.2.7") && told.subjectAltNames.contains("2001:db8::7"))
    }

    @Test("a backend that does not answer the Client Hello is told from one that refuses it")
    func unanswered() {
        let silent = diagnosed([.open(1), .client(1, good), .close(1, byClient: true)], log: "handshake timeout")
        #expect(silent.first?.cause == "handshake-timeout", "\(silent.map(\.cause))")
        let reset = diagnosed([.open(1), .client(1, good), .reset(1, byClient: false)])
        #expect(reset.map(\.cause) == ["handshake-refused"] && reset.first?.confidence != .certain, "\(reset)")
    }

    @Test("connections to other addresses are left out once the backend's is seen")
    func addresses() {
        let steps: [Wire.Step] = [.open(1), .client(1, noName), .server(1, Wire.alert(40))]
        for (address, count) in [("10.0.0.2", 1), ("192.0.2.9", 1)] {
            var input = DiagnosisInput(
                playbook: "runtime-issues", keyAlias: nil, serverPort: 443, backendIPs: [address])
            input.add(capture: track(Wire.capture(steps)), path: "c.pcap")
            #expect(Diagnosis.run(input).verdicts.count == count)
        }
    }
}
