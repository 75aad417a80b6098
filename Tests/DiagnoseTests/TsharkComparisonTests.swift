import Diagnose
import Foundation
import Testing

/// Handshakes of OpenSSL, GnuTLS, NSS and Java over loopback, captured with tcpdump once (see
/// `Tests/Fixtures/tls/README.md`): versions TLS 1.0 to 1.3, IPv4 and IPv6, each cause.
private let captures: [String] = {
    let folder = Tools.packageRoot.appending(path: "Tests/Fixtures/tls")
    let live = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "live").path())) ?? []
    let causes = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    let java = ["tls12-ok", "tls12-no-client-cert", "tls12-ca-mismatch", "tls13-no-client-cert"]
    return live.map { "tls/live/" + $0 } + causes.filter { $0.hasSuffix(".pcap") }.map { "tls/" + $0 }
        + java.map { "jsse/\($0).pcap" }
}().sorted()

/// Compares field by field with what tshark reads in the same files.
@Suite("Captures: as tshark reads them", .enabled(if: Tools.has("tshark"), "needs tshark"))
struct TsharkComparisonTests {
    private static let types: [String: Int] = [
        "hello_request": 0, "client_hello": 1, "server_hello": 2, "new_session_ticket": 4, "encrypted_extensions": 8,
        "certificate": 11, "server_key_exchange": 12, "certificate_request": 13, "server_hello_done": 14,
        "certificate_verify": 15, "client_key_exchange": 16, "finished": 20, "certificate_status": 22,
    ]

    private static let fields = [
        "frame.number", "tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.ciphersuite",
        "tls.alert_message.level", "tls.alert_message.desc", "tls.handshake.certificate", "x509af.serialNumber",
        "tls.handshake.extensions_alpn_str", "tls.handshake.version", "tls.handshake.extensions.supported_version",
        "x509sat.uTF8String", "x509sat.printableString",
    ]

    private struct Seen {
        var messages: [String] = []
        var alerts: [String] = []
        var names: Set<String> = []
        var certificates: Set<String> = []
        var serials: Set<String> = []
    }

    @Test(
        "messages, frames, alerts, names, certificates, serial numbers, version and cipher suite", arguments: captures)
    func same(name: String) throws {
        let capture = try Tools.fixture(name)
        let rows = try Tools.tshark(
            capture, filter: "tls", fields: Self.fields, options: ["-d", "tcp.port==20000-24999,tls"])
        let connections = track(capture).connections
        #expect(try ours(connections) == theirs(rows), "\(name)")
        try agree(connections.first, rows.last { $0[1].split(separator: ",").contains("2") }, name)
    }

    /// Version and cipher suite are what the Server Hello says.
    private func agree(_ connection: TLSConnection?, _ hello: [String]?, _ name: String) throws {
        guard let hello, let cipher = hello[3].split(separator: ",").last else {
            #expect(connection?.version == nil, "\(name)")
            return
        }
        let names = try Self.cipherNames.get()
        #expect(connection?.cipher == names[cipher.dropFirst(2).uppercased()], "\(name)")
        let version = (hello[10].isEmpty ? hello[9] : hello[10]).split(separator: ",").last
        let words = ["0x0301": "TLS 1.0", "0x0302": "TLS 1.1", "0x0303": "TLS 1.2", "0x0304": "TLS 1.3"]
        #expect(connection?.version == version.flatMap { words[String($0)] }, "\(name)")
    }

    private static let cipherNames = Result { try Tools.cipherNames() }

    private func ours(_ connections: [TLSConnection]) -> [[String]] {
        var seen = Seen()
        for connection in connections {
            for message in connection.messages {
                if let type = Self.types[message.type] { seen.messages.append("\(message.frame) \(type)") }
            }
            for alert in connection.alerts where !alert.encrypted {
                seen.alerts.append("\(alert.frame) \(alert.level == "fatal" ? 2 : 1) \(alert.code ?? -1)")
            }
            if let sni = connection.sni { seen.names.insert(sni) }
            for certificate in connection.serverCertificates + (connection.clientCertificate?.certificates ?? []) {
                seen.certificates.insert(certificate.sha256)
                seen.serials.insert(certificate.serial.replacingOccurrences(of: ":", with: ""))
            }
        }
        return list(seen)
    }

    private func theirs(_ rows: [[String]]) throws -> [[String]] {
        var seen = Seen()
        for row in rows {
            func values(_ index: Int) -> [String] { row[index].split(separator: ",").map(String.init) }
            seen.messages += values(1).map { "\(row[0]) \($0)" }
            seen.alerts += zip(values(4), values(5)).map { "\(row[0]) \($0) \($1)" }
            seen.names.formUnion(values(2))
            for hex in values(6) { seen.certificates.insert(try Tools.sha256(hex: hex)) }
            seen.serials.formUnion(
                values(7).map { $0.replacingOccurrences(of: ":", with: "").replacingOccurrences(of: "0x", with: "") })
        }
        return list(seen)
    }

    private func list(_ seen: Seen) -> [[String]] {
        [
            seen.messages.sorted(), seen.alerts.sorted(), seen.names.sorted(), seen.certificates.sorted(),
            seen.serials.sorted(),
        ]
    }
}
