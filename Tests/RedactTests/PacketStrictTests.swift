import Foundation
import Redact
import Testing

private let rules = Result { try RuleSet.builtIn() }

private func strictScrub(_ capture: [UInt8]) throws -> (bytes: [UInt8], redactor: Redactor) {
    let redactor = try Redactor(
        rules: rules.get(), level: .strict, key: testKey)
    return (try redactor.run(redactor.makeStream(.pcap), capture, chunk: 1_000).bytes, redactor)
}

private func big(_ value: UInt16) -> [UInt8] { CaptureBuilder.big(value) }

@Suite("Packets: level strict")
struct PacketStrictTests {
    private static let hello = CaptureBuilder.record(
        22, CaptureBuilder.clientHello(name: "mp01.dc1.acme-corp.com", ticket: []))

    @Test(
        "addresses change in every header, checksums stay right, payload decisions do not change",
        .enabled(if: Tools.has("tshark")))
    func addresses() throws {
        var conversation = Conversation()
        conversation.client(PacketStrictTests.hello)
        conversation.server(CaptureBuilder.record(21, [2, 42]))
        conversation.builder.frame(CaptureBuilder.udp(source: 53, destination: 9, [UInt8](repeating: 1, count: 30)))
        let quoted = CaptureBuilder.packet(.client, seq: 1_001, PacketStrictTests.hello).prefix(28)
        var icmp: [UInt8] = [3, 1, 0, 0, 0, 0, 0, 0] + quoted
        let sum = CaptureBuilder.checksum(icmp)
        (icmp[2], icmp[3]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        conversation.builder.frame(
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(protocolNumber: 1, from: [10, 0, 0, 9], to: [10, 0, 0, 1], icmp)))
        let arp: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]
        conversation.builder.frame(CaptureBuilder.ethernet(arp, type: 0x0806))
        let inner = CaptureBuilder.segment(.client, seq: 9_000, PacketStrictTests.hello)
        var vxlan = big(40_000) + big(4_789) + big(UInt16(16 + inner.count)) + [0, 0, 8, 0, 0, 0, 0, 0, 7, 0] + inner
        let pseudo: [UInt8] = [1, 1, 1, 1, 2, 2, 2, 2, 0, 17] + big(UInt16(vxlan.count))
        let udpSum = CaptureBuilder.checksum(pseudo + vxlan)
        (vxlan[6], vxlan[7]) = (UInt8(udpSum >> 8), UInt8(udpSum & 0xFF))
        conversation.builder.frame(
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(protocolNumber: 17, from: [1, 1, 1, 1], to: [2, 2, 2, 2], vxlan)))

        let before = conversation.builder.bytes
        let (after, redactor) = try strictScrub(before)
        #expect(after.count == before.count)
        let fields = ["eth.src", "eth.dst", "ip.src", "ip.dst", "arp.src.proto_ipv4", "arp.src.hw_mac"]
        let old = try Tools.tshark(before, fields: fields)
        let new = try Tools.tshark(after, fields: fields)
        for address in ["10.0.0.1", "10.0.0.2", "10.0.0.9", "1.1.1.1", "2.2.2.2"] {
            let shown = redactor.captured(address: address)
            #expect(shown != address)
            #expect(old.contains(address) && !new.contains(address + ","), "\(address)")
            #expect(new.contains(shown), "\(address) is \(shown) in text")
        }
        #expect(!new.contains("02:00:00:00:00:01"))
        let kept = ["frame.protocols", "tcp.seq_raw", "tls.alert_message.desc", "tls.handshake.length"]
        #expect(try Tools.tshark(after, fields: kept) == Tools.tshark(before, fields: kept))
        let status = ["ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status"]
        let options = ["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"]
        let right = try Tools.tshark(before, fields: status, options: options)
        #expect(try Tools.tshark(after, fields: status, options: options) == right)
        #expect(right.contains("1,1\t"))
    }

    @Test(
        "names in SNI, Host and DNS change alike, as long as they were, and as text shows them",
        arguments: [3, 60, 4_000])
    func names(size: Int) throws {
        let name = "mp01.dc1.acme-corp.com"
        let labels: [UInt8] = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
        var message: [UInt8] = [1, 2, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0] + labels + [0, 1, 0, 1]
        message += [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 1]
        message += [0xC0, 21, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xC0, 12]
        var conversation = Conversation()
        for start in stride(from: 0, to: PacketStrictTests.hello.count, by: size) {
            let end = min(start + size, PacketStrictTests.hello.count)
            conversation.client(Array(PacketStrictTests.hello[start..<end]))
        }
        conversation.server(Array("GET http://\(name):80/ HTTP/1.1\r\nHost: \(name):8080\r\n\r\n".utf8))
        conversation.builder.frame(CaptureBuilder.udp(source: 53, destination: 9, message))
        let (bytes, redactor) = try strictScrub(conversation.builder.bytes)
        let all = text(payloads(bytes))
        for label in ["mp01", "dc1", "acme"] { #expect(!all.contains(label)) }
        // `mp-<16 hex>.sub-<16 hex>.dom-<16 hex>.com`
        let shown = redactor.shown(host: name).split(separator: ".").map { $0.suffix(16) }
        let captured = "\(shown[0].prefix(4)).\(shown[1].prefix(3)).\(shown[2].prefix(9)).com"
        #expect(all.components(separatedBy: captured).count == 4)
        #expect(all.contains("\u{4}\(shown[0].prefix(4))\u{3}\(shown[1].prefix(3))\u{9}\(shown[2].prefix(9))\u{3}com"))
        let address = redactor.captured(address: "10.0.0.1").split(separator: ".").map { UInt8($0) ?? 0 }
        #expect(bytes.indices.contains { bytes[$0...].starts(with: [0, 9, 0, 4] + address) })
    }

    @Test(
        "certificates keep their shape, serials and authorities; hosts, persons and signatures go",
        .enabled(if: Tools.has("tshark") && Tools.has("openssl")))
    func certificates() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try Tools.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "\(folder)/k.pem", "-out", "\(folder)/c.der", "-outform", "DER", "-days", "9", "-set_serial", "4711",
                "-subj", "/C=AU/O=MyCompany/OU=ITS/GN=Jane/CN=mp01.acme-corp.com/emailAddress=jane.roe@acme-corp.com",
                "-addext", "subjectAltName=DNS:*.acme-corp.com,IP:10.0.0.1,email:jane@acme-corp.com",
            ], strict: true)
        let der = try Tools.withFileBytes("\(folder)/c.der")
        func three(_ count: Int) -> [UInt8] { Array(CaptureBuilder.big(UInt32(count)).dropFirst()) }
        let chain = three(der.count) + der
        let message = CaptureBuilder.message(11, three(chain.count) + chain)
        // Over several records, the first of which holds another message before.
        let stream =
            CaptureBuilder.record(22, CaptureBuilder.message(14, []) + message.prefix(100))
            + CaptureBuilder.record(22, Array(message.dropFirst(100).prefix(2)))
            + CaptureBuilder.record(22, Array(message.dropFirst(102)))
        for size in [7, 150, 5_000] {
            var conversation = Conversation()
            for start in stride(from: 0, to: stream.count, by: size) {
                conversation.server(Array(stream[start..<min(start + size, stream.count)]))
            }
            conversation.client(PacketStrictTests.hello)
            let before = conversation.builder.bytes
            let (after, _) = try strictScrub(before)
            let all = text(payloads(after))
            for name in ["acme-corp", "mp01", "jane", "Jane", "roe"] { #expect(!all.contains(name), "\(name)") }
            let fields = ["x509af.serialNumber", "tls.handshake.certificate_length", "x509sat.CountryName"]
            let read = try Tools.tshark(before, fields: fields)
            #expect(try Tools.tshark(after, fields: fields) == read)
            #expect(read.contains("1267"))
            for kept in ["MyCompany", "ITS"] { #expect(all.contains(kept) || size == 7) }
        }
    }

    @Test("nothing crashes on damaged captures", arguments: ["tls12-ok", "tls12-ca-mismatch"])
    func damaged(name: String) throws {
        let capture = try Tools.fixture("jsse/\(name).pcap")
        var random = SplitMix(state: 4)
        for _ in 0..<60 {
            var copy = capture
            for _ in 0..<20 {
                copy[Int.random(in: 24..<copy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            #expect(try strictScrub(copy).bytes.count <= capture.count)
        }
    }

    @Test("the same handshakes as tshark reads them, but for names", .enabled(if: Tools.has("tshark")))
    func handshakes() throws {
        for name in ["tls12-ok", "tls12-no-client-cert", "tls13-no-client-cert"] {
            let capture = try Tools.fixture("jsse/\(name).pcap")
            let (after, _) = try strictScrub(capture)
            let fields = [
                "frame.len", "tcp.seq_raw", "tls.record.length", "tls.handshake.type", "tls.handshake.ciphersuite",
                "x509af.serialNumber", "tls.alert_message.desc", "tls.handshake.dnames_len", "x509sat.uTF8String",
            ]
            _ = fields.count
            #expect(
                try Tools.tshark(after, fields: Array(fields.dropLast()))
                    == Tools.tshark(capture, fields: Array(fields.dropLast())))
        }
    }
}
