import Diagnose
import Foundation
import Redact
import Testing

private let captures = ["tls12-ok", "tls12-no-client-cert", "tls12-ca-mismatch", "tls13-no-client-cert"]

@Suite("Conversations: Java's handshakes")
struct ConversationTests {
    private func only(_ name: String) throws -> TLSConnection {
        let connections = track(try Tools.fixture("jsse/\(name).pcap")).connections
        try #require(connections.count == 1)
        return connections[0]
    }

    @Test(
        "an empty certificate and the alert that answers it", arguments: ["tls12-no-client-cert", "tls12-ca-mismatch"])
    func emptyCertificate(name: String) throws {
        let connection = try only(name)
        #expect(connection.tls)
        #expect(connection.version == "TLS 1.2")
        #expect(connection.outcome == .failed)
        #expect(connection.clientCertificate?.frame == 16)
        #expect(connection.clientCertificate?.count == 0)
        #expect(connection.certificateRequest?.frame == 12)
        #expect(connection.certificateRequest?.authorities.isEmpty == false)
        let alert = try #require(connection.alerts.first)
        #expect(connection.alerts.count == 1)
        #expect(alert.frame == 17)
        #expect(alert.from == .server)
        #expect(alert.level == "fatal")
        #expect(alert.code == 42)
        #expect(alert.description == "bad_certificate")
        #expect(!alert.encrypted)
        #expect(
            connection.messages.map(\.type) == [
                "client_hello", "server_hello", "certificate", "server_key_exchange", "certificate_request",
                "server_hello_done", "certificate", "alert", "client_key_exchange",
            ])
    }

    @Test("a handshake that completes")
    func ok() throws {
        let connection = try only("tls12-ok")
        #expect(connection.outcome == .completed)
        #expect(connection.clientCertificate?.count ?? 0 > 0)
        #expect(connection.clientCertificate?.certificates.first?.subject.isEmpty == false)
    }

    @Test("TLS 1.3 hides the alert, its length tells of it")
    func hidden() throws {
        let connection = try only("tls13-no-client-cert")
        #expect(connection.version == "TLS 1.3")
        #expect(connection.outcome == .failed)
        #expect(connection.alerts.map(\.encrypted) == [true])
        #expect(connection.alerts.first?.from == .server)
        #expect(connection.alerts.first?.frame == 16)
        #expect(connection.warnings.contains { $0.contains("empty Certificate") && $0.contains("frame 15") })
    }

    /// `GET / HTTP/1.0` is as long as a padded close_notify.
    @Test("an alert that answers a short request ends the handshake, a goodbye before it does not")
    func goodbye() throws {
        let start: [Wire.Step] = [
            .open(1), .client(1, Wire.clientHello), .server(1, Wire.serverHello13), .server(1, Wire.hidden(900)),
            .client(1, Wire.hidden(800)), .client(1, Wire.hidden(53)), .client(1, Wire.hidden(35)),
        ]
        let answered = start + [.server(1, Wire.hidden(19)), .close(1, byClient: true), .close(1, byClient: false)]
        #expect(try #require(track(Wire.capture(answered)).connections.first).outcome == .failed)
        let left = start + [.close(1, byClient: true), .server(1, Wire.hidden(19)), .close(1, byClient: false)]
        #expect(try #require(track(Wire.capture(left)).connections.first).outcome == .completed)
    }

    @Test("the scrubbed capture tells the same", arguments: captures)
    func scrubbed(name: String) throws {
        let capture = try Tools.fixture("jsse/\(name).pcap")
        let scrubber = PacketScrubber()
        var out: [UInt8] = []
        scrubber.append(capture[...], to: &out)
        _ = scrubber.finish(to: &out)
        #expect(track(out).connections == track(capture, step: 13).connections)
    }

    @Test(
        "messages, frames, names and dates are those of tshark", .enabled(if: Tools.has("tshark")), arguments: captures)
    func sameAsTshark(name: String) throws {
        let capture = try Tools.fixture("jsse/\(name).pcap")
        let connection = try only(name)
        let rows = try Tools.tshark(
            capture, filter: "tls.handshake.type",
            fields: ["frame.number", "tls.handshake.type", "tls.handshake.length"])
        let expected = rows.flatMap { row in
            zip(row[1].split(separator: ","), row[2].split(separator: ",")).map { "\(row[0]) \($1)" }
        }
        let clear = connection.messages.filter {
            !["encrypted", "alert", "change_cipher_spec", "application_data"].contains($0.type)
        }
        #expect(clear.map { "\($0.frame) \($0.length)" } == expected)
        let hello = try Tools.tshark(
            capture, filter: "tls.handshake.type == 2", fields: ["frame.number", "tls.handshake.ciphersuite"])
        #expect(hello.count == 1)
        #expect(connection.cipher?.hasPrefix("TLS_") == true)
    }

    @Test("certificates are as openssl reads them", .enabled(if: Tools.has("openssl") && Tools.has("tshark")))
    func certificates() throws {
        let capture = try Tools.fixture("jsse/tls12-ok.pcap")
        let connection = try only("tls12-ok")
        let rows = try Tools.tshark(capture, filter: "tls.handshake.type == 11", fields: ["tls.handshake.certificate"])
        let ders = rows.flatMap { $0[0].split(separator: ",").map(String.init) }
        let ours = connection.serverCertificates + (connection.clientCertificate?.certificates ?? [])
        try #require(ders.count == ours.count)
        for (der, certificate) in zip(ders, ours) {
            let text = try Tools.withFolder { folder in
                let bytes = stride(from: 0, to: der.utf8.count, by: 2).compactMap {
                    UInt8(String(Array(der)[$0..<$0 + 2]), radix: 16)
                }
                try Tools.write(bytes, folder + "/c.der")
                return try Tools.run([
                    "openssl", "x509", "-inform", "DER", "-in", folder + "/c.der", "-noout", "-subject", "-issuer",
                    "-serial", "-fingerprint", "-sha256", "-nameopt", "RFC2253",
                ])
            }
            #expect(text.contains("subject=\(certificate.subject)\n"), "\(text)")
            #expect(text.contains("issuer=\(certificate.issuer)\n"), "\(text)")
            let serial = text.split(separator: "\n").first { $0.hasPrefix("serial=") }?.dropFirst(7) ?? ""
            let digits = certificate.serial.replacingOccurrences(of: ":", with: "").uppercased()
            #expect(digits.drop { $0 == "0" } == serial.drop { $0 == "0" })
            let print = text.replacingOccurrences(of: ":", with: "").lowercased()
            #expect(print.contains(certificate.sha256))
        }
    }

    @Test("failed handshakes are told while the capture runs")
    func live() throws {
        let capture = try Tools.fixture("jsse/tls12-no-client-cert.pcap")
        let tracker = ConversationTracker()
        var failedAt: Int?
        for start in stride(from: 0, to: capture.count, by: 64) {
            tracker.append(capture[start..<min(start + 64, capture.count)])
            if failedAt == nil, !tracker.failedHandshakes(serverPort: nil).isEmpty { failedAt = tracker.packets }
        }
        #expect(failedAt == 17)
        #expect(tracker.failedHandshakes(serverPort: 24_431).count == 1)
        #expect(tracker.failedHandshakes(serverPort: 443).isEmpty)
        #expect(tracker.handshakeCount == 1)
    }

    @Test("a capture cut anywhere or with bits turned never traps")
    func damaged() throws {
        let capture = try Tools.fixture("jsse/tls12-ok.pcap")
        for end in stride(from: 0, to: capture.count, by: 5) { _ = track(Array(capture[..<end])).connections }
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<2_000 {
            var copy = capture
            for _ in 0...random(5) { copy[random(copy.count)] ^= UInt8(1 + random(255)) }
            _ = track(copy).connections
        }
    }

    @Test("encodes with the field names of the contract")
    func names() throws {
        let data = try JSONEncoder().encode(only("tls12-no-client-cert"))
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in [
            "client", "server", "firstFrame", "startedAt", "tls", "offeredVersions", "version", "cipher",
            "serverCertificates", "certificateRequest", "clientCertificate", "alerts", "messages", "outcome",
            "warnings",
        ] { #expect(object[key] != nil, "\(key)") }
        let certificate = try #require((object["serverCertificates"] as? [[String: Any]])?.first)
        #expect(
            Set(certificate.keys).isSuperset(of: [
                "subject", "issuer", "serial", "notBefore", "notAfter", "subjectAltNames", "sha256",
            ]))
    }
}
