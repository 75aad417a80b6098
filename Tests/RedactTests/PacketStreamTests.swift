import Redact
import Testing

private let secret = "Basic czNjcjN0OnBhc3N3b3Jk"

extension Conversation {
    fileprivate func scrubbed() -> (bytes: [UInt8], summary: ScrubSummary) {
        let result = scrub(builder.bytes)
        #expect(result.bytes.count == builder.bytes.count)
        #expect(!contains(result.bytes, secret))
        return result
    }
}

private let hello = CaptureBuilder.clientHello(name: "backend.example.com", ticket: Array(secret.utf8))
private let http = Array("GET /?apikey=abc HTTP/1.1\r\nHost: x\r\nAuthorization: \(secret)\r\n\r\n".utf8)
private let unknown = Array("ATTR \(secret) 1\r\n".utf8)
private let badCertificate = CaptureBuilder.record(21, [2, 42])

@Suite("Packets: streams")
struct PacketStreamTests {
    @Test("what is not known becomes zero")
    func plain() {
        var conversation = Conversation()
        conversation.client(unknown)
        conversation.server(unknown)
        let (bytes, summary) = conversation.scrubbed()
        #expect(summary.findings == ["packet-payload": 2])
        #expect(conversation.zeroed(bytes) == 2 * unknown.count)
    }

    @Test("the ticket in a ClientHello goes, its name stays", arguments: [1, 2, 3, 5, 50, 400])
    func splitHello(size: Int) {
        var conversation = Conversation()
        let record = CaptureBuilder.record(22, hello)
        for start in stride(from: 0, to: record.count, by: size) {
            conversation.client(Array(record[start..<min(start + size, record.count)]))
        }
        conversation.server(badCertificate)
        let (bytes, summary) = conversation.scrubbed()
        #expect(contains(payloads(bytes).flatMap { $0 }, "backend.example.com"))
        #expect(summary.findings["tls-session-ticket"] == 1)
        #expect(conversation.zeroed(bytes) == secret.utf8.count)
    }

    @Test("a message over several records is followed")
    func splitMessage() {
        var conversation = Conversation()
        for start in stride(from: 0, to: hello.count, by: 20) {
            conversation.client(CaptureBuilder.record(22, Array(hello[start..<min(start + 20, hello.count)])))
        }
        #expect(conversation.zeroed(conversation.scrubbed().bytes) == secret.utf8.count)
    }

    @Test("records that hold a part of a message's header alone are followed", arguments: 1...6)
    func tinyRecords(size: Int) {
        var conversation = Conversation()
        let rest = Array(hello.dropFirst(size))
        conversation.client(CaptureBuilder.record(22, Array(hello.prefix(size))) + CaptureBuilder.record(22, rest))
        // Behind a whole message the header of another one, in its part.
        let done = CaptureBuilder.message(14, [])
        conversation.server(CaptureBuilder.record(22, done + [14, 0]) + CaptureBuilder.record(22, [0, 0]))
        #expect(conversation.zeroed(conversation.scrubbed().bytes) == secret.utf8.count)
    }

    @Test("of a hello stays what is offered, in any segments", arguments: [1, 2, 3, 7, 1_000])
    func helloContents(size: Int) {
        func big(_ value: Int) -> [UInt8] { CaptureBuilder.big(UInt16(value)) }
        func part(_ type: Int, _ content: [UInt8]) -> [UInt8] { big(type) + big(content.count) + content }
        let opaque = Array(secret.utf8)
        let name = Array("backend.example.com".utf8)
        let protocols: [UInt8] = [2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)
        let kept: [[UInt8]] = [
            part(0, big(name.count + 3) + [0] + big(name.count) + name), part(16, big(protocols.count) + protocols),
            part(10, big(6) + [0x2A, 0x2A, 0, 29, 0x11, 0xEC]), part(13, big(4) + [4, 3, 8, 4]), part(11, [1, 0]),
            part(43, [4, 3, 4, 3, 3]), part(45, [1, 1]), part(23, []), part(0xFF01, [0]), part(5, [1, 0, 0, 0, 0]),
        ]
        let share = big(4 + opaque.count) + big(29) + big(opaque.count)
        let long = [UInt8(opaque.count)] + opaque
        // What stays of them, and what becomes zero.
        let cut: [([UInt8], [UInt8])] = [
            (big(35) + big(opaque.count), opaque), (big(51) + big(share.count + opaque.count) + share, opaque),
            (big(65_037) + big(opaque.count), opaque), (big(21) + big(opaque.count), opaque),
            (big(0xFF01) + big(long.count) + long.prefix(1), opaque),
            (big(16) + big(2 + long.count) + big(long.count) + long.prefix(1), opaque),
            (big(0) + big(7 + opaque.count) + big(5 + opaque.count) + [0] + big(2 + opaque.count), [32, 32] + opaque),
        ]
        let before = kept.joined() + cut.flatMap { $0 + $1 }
        let after = kept.joined() + cut.flatMap { $0 + [UInt8](repeating: 0, count: $1.count) }
        let head: [UInt8] = [3, 3] + [UInt8](repeating: 0x5A, count: 32) + [0, 0, 4, 0x13, 1, 0xC0, 0x2F, 1, 0]
        func record(_ extensions: some Sequence<UInt8>, _ tail: [UInt8]) -> [UInt8] {
            let all = Array(extensions)
            return CaptureBuilder.record(22, CaptureBuilder.message(1, head + big(all.count) + all + tail))
        }
        var conversation = Conversation()
        let bytes = record(before, opaque)
        for start in stride(from: 0, to: bytes.count, by: size) {
            conversation.client(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        let scrubbed = payloads(conversation.scrubbed().bytes).flatMap { $0 }
        #expect(scrubbed == record(after, [UInt8](repeating: 0, count: opaque.count)))
    }

    @Test("lists of a hello are no place for text")
    func helloLists() {
        let text = Array("password".utf8)
        let old: [UInt8] = [0x80, 33, 1, 3, 1, 0, 6, 0, 0, 0, 18] + text.prefix(6) + [UInt8](repeating: 7, count: 18)
        for message in [
            CaptureBuilder.record(
                22,
                CaptureBuilder.message(
                    1, [3, 3] + [UInt8](repeating: 1, count: 32) + [0, 0, UInt8(text.count)] + text + [1, 0])), old,
        ] {
            var conversation = Conversation()
            conversation.client(message)
            let bytes = conversation.scrubbed().bytes
            #expect(!contains(bytes, "pas"))
            #expect(!contains(bytes, "wor"))
        }
    }

    @Test("what was made zero in a record is not read as messages when it is scrubbed again", arguments: 1...8)
    func zerosAreNoMessages(rest: Int) {
        let done = CaptureBuilder.message(14, [])
        var conversation = Conversation()
        conversation.client(CaptureBuilder.record(22, hello))
        conversation.server(CaptureBuilder.record(22, done))
        conversation.server(CaptureBuilder.record(22, done + [UInt8](repeating: 99, count: rest)))
        conversation.server(CaptureBuilder.record(22, hello))
        let once = conversation.scrubbed().bytes
        #expect(scrub(once).bytes == once)
    }

    @Test("of a page without a head its first word stays", arguments: ["<!DOCTYPE HTML PUBLIC>", "<html><body>"])
    func page(text: String) {
        var conversation = Conversation()
        conversation.client(CaptureBuilder.record(22, hello))
        conversation.server(Array((text + secret).utf8))
        let bytes = conversation.scrubbed().bytes
        #expect(contains(bytes, String(text.prefix(5))))
        #expect(!contains(bytes, "PUBLIC"))
        #expect(!contains(bytes, "body"))
    }

    @Test("segments out of order are put in order first")
    func outOfOrder() {
        var conversation = Conversation()
        let record = CaptureBuilder.record(22, hello)
        let pieces = stride(from: 0, to: record.count, by: 40).map {
            ($0, Array(record[$0..<min($0 + 40, record.count)]))
        }
        for (start, piece) in pieces.reversed() {
            conversation.builder.frame(CaptureBuilder.segment(.client, seq: 1_001 + UInt32(start), ack: 9_001, piece))
        }
        conversation.clientNext = 1_001 + UInt32(record.count)
        conversation.server(badCertificate)
        let (bytes, summary) = conversation.scrubbed()
        #expect(conversation.zeroed(bytes) == secret.utf8.count)
        #expect(summary.notes.isEmpty)
    }

    @Test("a late copy stays where it is the same, and is zero where it differs")
    func retransmission() {
        var conversation = Conversation()
        let record = CaptureBuilder.record(22, hello)
        conversation.client(record)
        conversation.clientNext = 1_001
        conversation.client(record)
        conversation.clientNext = 1_001
        conversation.client(Array(http.prefix(record.count)))
        let (bytes, _) = conversation.scrubbed()
        #expect(!contains(bytes, "GET "))
        #expect(conversation.zeroed(bytes) >= 2 * secret.utf8.count + 40)
    }

    @Test("after bytes that are missing only a record that can be told stays")
    func missing() {
        var conversation = Conversation()
        conversation.client(CaptureBuilder.record(22, hello))
        conversation.clientNext += 500
        conversation.client(http)
        conversation.client(CaptureBuilder.record(22, CaptureBuilder.message(16, Array(secret.utf8))))
        conversation.client(badCertificate)
        let (bytes, summary) = conversation.scrubbed()
        #expect(Array(bytes.suffix(7)) == badCertificate)
        #expect(!summary.notes.isEmpty)
    }

    @Test("the middle of a connection: application data goes, an alert stays")
    func midStream() {
        var conversation = Conversation(open: false)
        conversation.client(http)
        conversation.client(CaptureBuilder.record(23, Array(secret.utf8)))
        conversation.server(badCertificate)
        let (bytes, _) = conversation.scrubbed()
        #expect(Array(bytes.suffix(7)) == badCertificate)
    }

    @Test("after ChangeCipherSpec handshake records are ciphertext")
    func encrypted() {
        var conversation = Conversation()
        conversation.client(
            CaptureBuilder.record(22, hello) + CaptureBuilder.record(20, [1])
                + CaptureBuilder.record(22, Array(secret.utf8)) + CaptureBuilder.record(23, Array(secret.utf8)))
        #expect(conversation.scrubbed().summary.findings["tls-finished"] == 1)
    }

    @Test("plain text first, TLS later, as through a forward proxy")
    func tunnel() {
        var conversation = Conversation()
        conversation.client(Array("CONNECT backend:443 HTTP/1.1\r\nProxy-Authorization: \(secret)\r\n\r\n".utf8))
        conversation.server(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        conversation.client(CaptureBuilder.record(22, hello))
        conversation.server(badCertificate)
        let (bytes, _) = conversation.scrubbed()
        #expect(contains(bytes, "backend.example.com"))
        #expect(contains(bytes, "CONNECT backend:443 HTTP/1.1\r\nProxy-Authorization: \0\0"))
        #expect(Array(bytes.suffix(7)) == badCertificate)
    }

    @Test("new connections on the same ports begin anew")
    func portsUsedAgain() {
        var conversation = Conversation()
        conversation.client(http)
        conversation.builder.frame(CaptureBuilder.segment(.client, seq: 77_000, flags: 0x02, []))
        conversation.clientNext = 77_001
        conversation.client(CaptureBuilder.record(22, hello))
        let (bytes, _) = conversation.scrubbed()
        #expect(contains(bytes, "backend.example.com"))
    }

    @Test("a frame that waits leaves by itself when nothing comes")
    func waitingIsBounded() {
        let scrubber = PacketScrubber()
        var out: [UInt8] = []
        var builder = CaptureBuilder()
        builder.frame(CaptureBuilder.segment(.client, seq: 1_000, flags: 0x02, []))
        for index in 0..<1_500 {
            builder.frame(
                CaptureBuilder.segment(.client, seq: 5_000 + UInt32(index) * 100, [UInt8](repeating: 65, count: 100)))
        }
        scrubber.append(builder.bytes[...], to: &out)
        #expect(out.count > builder.bytes.count / 2)
        #expect(scrubber.finish(to: &out).frames == 1_501)
        #expect(out.count == builder.bytes.count)
        #expect(!contains(out, "AAAA"))
    }

    @Test("checksums are right again", .enabled(if: Tools.has("tshark")))
    func checksums() throws {
        var conversation = Conversation()
        conversation.client(http)
        conversation.client(CaptureBuilder.record(22, hello))
        conversation.builder.frame(
            CaptureBuilder.segment(
                .server, seq: 9_001, ack: 1, options: [34, 10] + Array("cookie!!".utf8) + [1, 1], http + [7]))
        let status = try Tools.tshark(
            conversation.scrubbed().bytes, fields: ["tcp.checksum.status"], options: ["tcp.check_checksum:TRUE"])
        #expect(Set(status.split(separator: "\n")) == ["1"])
    }
}

@Suite("Packets: other frames")
struct OtherFrameTests {
    private func only(_ frame: [UInt8], linkType: UInt32 = 1) -> [UInt8] {
        var builder = CaptureBuilder(linkType: linkType)
        builder.frame(frame)
        return Array(scrub(builder.bytes).bytes.dropFirst(40))
    }

    @Test("a name asked for stays, text records and cookies go")
    func dns() {
        let name: [UInt8] = [7] + Array("backend".utf8) + [4] + Array("test".utf8) + [0]
        let question: [UInt8] = name + [0, 16, 0, 1]
        let text: [UInt8] = [
            0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 9, 0, UInt8(secret.utf8.count + 1), UInt8(secret.utf8.count),
        ]
        let message: [UInt8] = [1, 2, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + question + text + Array(secret.utf8)
        let scrubbed = only(CaptureBuilder.udp(source: 53, destination: 4_000, message))
        #expect(contains(scrubbed, "backend"))
        #expect(!contains(scrubbed, secret))
        let odd = only(CaptureBuilder.udp(source: 53, destination: 4_000, Array(secret.utf8)))
        #expect(odd.suffix(secret.utf8.count).allSatisfy { $0 == 0 })
        let other = only(CaptureBuilder.udp(source: 54, destination: 4_000, message))
        #expect(!contains(other, "backend"))
    }

    @Test("what is behind unknown headers becomes zero")
    func unknown() {
        let payload = Array(secret.utf8)
        let frames: [[UInt8]] = [
            CaptureBuilder.ethernet(payload, type: 0x9999),
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(protocolNumber: 47, from: [1, 1, 1, 1], to: [2, 2, 2, 2], payload)),
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(protocolNumber: 6, from: [1, 1, 1, 1], to: [2, 2, 2, 2], flags: 5, payload)),
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(
                    protocolNumber: 1, from: [1, 1, 1, 1], to: [2, 2, 2, 2], [8, 0, 0, 0, 0, 0, 0, 0] + payload)),
            CaptureBuilder.segment(.client, seq: 1, []) + payload,
        ]
        for frame in frames {
            let scrubbed = only(frame)
            #expect(scrubbed.count == frame.count)
            #expect(!contains(scrubbed, secret))
        }
    }

    @Test("frames of a link type that cannot be read are dropped and reported")
    func linkType() {
        var builder = CaptureBuilder(linkType: 127)
        builder.frame(Array(secret.utf8))
        let (bytes, summary) = scrub(builder.bytes)
        #expect(summary.framesDropped == 1)
        #expect(summary.frames == 0)
        #expect(!contains(bytes, secret))
        #expect(summary.notes.contains { $0.contains("DLT127") })
    }

    @Test("what is no capture, or damaged, gives nothing and a note", arguments: [0, 10, 40])
    func garbage(offset: Int) {
        var builder = CaptureBuilder()
        builder.frame(CaptureBuilder.segment(.client, seq: 1, []))
        let bytes = Array(builder.bytes.prefix(offset)) + [UInt8](repeating: 0xEE, count: 16) + Array(secret.utf8)
        let result = scrub(bytes)
        #expect(!contains(result.bytes, secret))
        #expect(!result.summary.notes.isEmpty)
    }

    @Test("pcapng: options and blocks that are no frames are dropped", .enabled(if: Tools.has("editcap")))
    func pcapng() throws {
        let classic = try Tools.fixture("jsse/tls12-no-client-cert.pcap")
        let commented = try Tools.withFile(classic) { path in
            let out = path + "ng"
            _ = try Tools.run(["editcap", "-F", "pcapng", "-a", "3:\(secret)", path, out])
            let bytes = try Tools.withFileBytes(out)
            _ = try Tools.run(["rm", out])
            return bytes
        }
        #expect(contains(commented, secret))
        let (bytes, summary) = scrub(commented)
        #expect(!contains(bytes, secret))
        #expect(summary.findings["pcapng-comment"] == 1)
        let fields = ["frame.number", "frame.time_epoch", "tls.handshake.type", "tls.alert_message.desc"]
        #expect(try Tools.tshark(bytes, fields: fields) == Tools.tshark(classic, fields: fields))
    }
}
