import Redact
import Testing

private let secret = "hunter2-s3cr3t"
private let hello = CaptureBuilder.record(
    22, CaptureBuilder.clientHello(name: "backend.example.com", ticket: Array("ticket-s3cr3t".utf8)))
private let payload = hello + CaptureBuilder.record(23, Array("\(secret)-\(secret)".utf8))

private func big(_ value: UInt16) -> [UInt8] { CaptureBuilder.big(value) }

/// An IPv6 packet of 2001:db8::1 and 2001:db8::2.
private func v6(next: UInt8, extensions: [UInt8] = [], _ body: [UInt8]) -> [UInt8] {
    let address: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11)
    return [0x60, 0, 0, 0] + big(UInt16(extensions.count + body.count)) + [next, 64] + address + [1] + address + [2]
        + extensions + body
}

/// A TCP segment for `v6`, with a right checksum.
private func segment6(_ payload: [UInt8]) -> [UInt8] {
    var tcp = big(50_000) + big(443) + CaptureBuilder.big(UInt32(1_001)) + [0, 0, 0, 0, 0x50, 0x18, 1, 0, 0, 0, 0, 0]
    tcp += payload
    let addresses = Array(v6(next: 6, [])[8..<40])
    let sum = CaptureBuilder.checksum(addresses + [0, 0] + big(UInt16(tcp.count)) + [0, 0, 0, 6] + tcp)
    tcp[16] = UInt8(sum >> 8)
    tcp[17] = UInt8(sum & 0xFF)
    return tcp
}

private func scrubbed(_ frames: [[UInt8]], linkType: UInt32 = 1) -> (before: [UInt8], after: [UInt8], ScrubSummary) {
    var builder = CaptureBuilder(linkType: linkType)
    for frame in frames { builder.frame(frame) }
    let (after, summary) = scrub(builder.bytes)
    return (builder.bytes, after, summary)
}

@Suite("Packets: layers")
struct PacketLayerTests {
    private static let packet = CaptureBuilder.packet(.client, seq: 1_001, payload)

    /// Link type and frame: the same segment behind every kind of header.
    private static let frames: [(String, UInt32, [UInt8])] = {
        let mac: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        let inner = mac + [8, 0] + packet
        func ip(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
            CaptureBuilder.ethernet(
                CaptureBuilder.ip(protocolNumber: number, from: [1, 1, 1, 1], to: [2, 2, 2, 2], body))
        }
        let vxlan =
            big(UInt16(40_000)) + big(UInt16(4_789)) + big(UInt16(16 + inner.count)) + [0, 0, 8, 0, 0, 0, 0, 0, 7, 0]
        return [
            ("VLAN", 1, mac + [0x81, 0, 0, 5, 8, 0] + packet),
            ("QinQ", 1, mac + [0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0] + packet),
            ("MPLS", 1, mac + [0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64] + packet),
            ("PPPoE", 1, mac + [0x88, 0x64, 0x11, 0, 0, 1] + big(UInt16(packet.count + 2)) + [0, 0x21] + packet),
            ("PPP", 9, [0xFF, 3, 0, 0x21] + packet), ("Cisco HDLC", 104, [0x0F, 0, 8, 0] + packet),
            ("IP in IP", 1, ip(4, packet)), ("GRE", 1, ip(47, [0, 0, 8, 0] + packet)),
            ("GRE with key and number", 1, ip(47, [0x30, 0, 0x65, 0x58, 0, 0, 0, 1, 0, 0, 0, 2] + inner)),
            ("VXLAN", 1, ip(17, vxlan + inner)), ("6in4", 1, ip(41, v6(next: 6, segment6(payload)))),
            (
                "IPv6 extension headers", 1,
                CaptureBuilder.ethernet(
                    v6(next: 0, extensions: [60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0], segment6(payload)),
                    type: 0x86DD)
            ),
            (
                "IPv4 options", 101,
                [0x46, 0] + big(UInt16(packet.count + 4)) + Array(packet[4..<20]) + [1, 1, 1, 0] + Array(packet[20...])
            ),
        ]
    }()

    @Test("TLS behind every kind of header keeps its handshake", .enabled(if: Tools.has("tshark")), arguments: 0..<13)
    func headers(number: Int) throws {
        let (name, linkType, frame) = PacketLayerTests.frames[number]
        let (before, after, summary) = scrubbed([frame], linkType: linkType)
        #expect(after.count == before.count)
        #expect(!contains(after, "s3cr3t"), "\(name)")
        #expect(summary.framesDropped == 0)
        let fields = [
            "frame.protocols", "ip.src", "ipv6.src", "vlan.id", "tcp.seq_raw", "tls.handshake.extensions_server_name",
            "tls.record.length",
        ]
        let read = try Tools.tshark(before, fields: fields)
        #expect(read.contains("backend.example.com"), "\(name): \(read)")
        #expect(try Tools.tshark(after, fields: fields) == read, "\(name)")
        // The test's own IPv4 options make no right header checksum; that of TCP is.
        let status = try Tools.tshark(after, fields: ["tcp.checksum.status"], options: ["tcp.check_checksum:TRUE"])
        #expect(status == "1\n", "\(name)")
    }

    @Test(
        "a segment in IP fragments, in any order, is put together", .enabled(if: Tools.has("tshark")),
        arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]], [false, true])
    func fragments(order: [Int], isV6: Bool) throws {
        let body = isV6 ? segment6(payload) : Array(PacketLayerTests.packet[20...])
        let cuts = [0, 24, 120, body.count]
        let pieces = (0..<3).map { index -> [UInt8] in
            let piece = Array(body[cuts[index]..<cuts[index + 1]])
            let place = UInt16(cuts[index])
            if isV6 {
                let word = place | (index < 2 ? 1 : 0)
                return CaptureBuilder.ethernet(
                    v6(next: 44, extensions: [6, 0] + big(word) + [0, 0, 0, 9], piece), type: 0x86DD)
            }
            return CaptureBuilder.ethernet(
                CaptureBuilder.ip(
                    protocolNumber: 6, from: [10, 0, 0, 1], to: [10, 0, 0, 2],
                    flags: place / 8 | (index < 2 ? 0x2000 : 0), piece))
        }
        let (before, after, summary) = scrubbed(order.map { pieces[$0] })
        #expect(after.count == before.count)
        #expect(!contains(after, "s3cr3t"))
        #expect(summary.notes.isEmpty)
        let fields = ["frame.number", "tls.handshake.extensions_server_name", "tls.record.length"]
        let read = try Tools.tshark(before, fields: fields)
        #expect(read.contains("backend.example.com"))
        #expect(try Tools.tshark(after, fields: fields) == read)
        let status = try Tools.tshark(after, fields: ["tcp.checksum.status"], options: ["tcp.check_checksum:TRUE"])
        #expect(status.contains("1"))
    }

    @Test("fragments that never become whole have no payload left, and are reported")
    func lostFragments() {
        let body = Array(PacketLayerTests.packet[20...])
        let first = CaptureBuilder.ip(
            protocolNumber: 6, from: [10, 0, 0, 1], to: [10, 0, 0, 2], flags: 0x2000, Array(body[..<120]))
        let last = CaptureBuilder.ip(
            protocolNumber: 6, from: [10, 0, 0, 1], to: [10, 0, 0, 2], flags: 16, Array(body[128...]))
        let (_, after, summary) = scrubbed([CaptureBuilder.ethernet(first), CaptureBuilder.ethernet(last)])
        #expect(!contains(after, "s3cr3t"))
        #expect(!contains(after, "backend"))
        #expect(summary.notes.contains { $0.hasPrefix("2 IP fragments") })
    }

    @Test("a cut by the snap length leaves what was captured before it", arguments: [60, 100, 150, 178])
    func snapLength(length: Int) {
        var builder = CaptureBuilder()
        builder.frame(CaptureBuilder.segment(.client, seq: 1_000, flags: 2, []))
        let frame = CaptureBuilder.segment(.client, seq: 1_001, payload)
        builder.frame(Array(frame[..<length]), length: frame.count)
        let next = CaptureBuilder.segment(
            .client, seq: 1_001 + UInt32(payload.count), CaptureBuilder.record(21, [2, 42]))
        builder.frame(next)
        let (after, _) = scrub(builder.bytes)
        #expect(!contains(after, "s3cr3t"))
        #expect(Array(after.suffix(7)) == CaptureBuilder.record(21, [2, 42]))
        if length == 178 { #expect(contains(after, "backend.example.com")) }
    }

    @Test("of a TCP header that the snap length cut within its options the fixed part stays")
    func snapLengthInOptions() {
        let whole = CaptureBuilder.segment(
            .client, seq: 7, flags: 2, options: [2, 4, 5, 180, 34, 8, 1, 2, 3, 4, 5, 6], [])
        var builder = CaptureBuilder()
        builder.frame(Array(whole.prefix(60)), length: whole.count)
        let frame = scrub(builder.bytes).bytes.dropFirst(40)
        #expect(Array(frame) == whole.prefix(54) + [UInt8](repeating: 0, count: 6))
    }

    @Test("QUIC and other datagrams become zero")
    func datagrams() {
        for port: UInt16 in [443, 1_812, 161, 4_789, 5_353] {
            let frame = CaptureBuilder.udp(source: 40_000, destination: port, [0xC3] + Array(secret.utf8))
            #expect(!contains(scrubbed([frame]).after, secret))
        }
    }

    @Test(
        "a checksum that was wrong stays wrong, one left to the card becomes right", .enabled(if: Tools.has("tshark")))
    func wrongChecksums() throws {
        var frames = [10, 20, 30].map { CaptureBuilder.segment(.client, seq: UInt32($0) * 1_000, payload) }
        frames[0][50] ^= 0x40
        let packet = CaptureBuilder.packet(.client, seq: 20_000, payload)
        let pseudo = Array(packet[12..<20]) + [0, 6] + big(UInt16(packet.count - 20))
        let partial = ~CaptureBuilder.checksum(pseudo)
        frames[1][50] = UInt8(partial >> 8)
        frames[1][51] = UInt8(partial & 0xFF)
        let (_, after, _) = scrubbed(frames)
        let status = try Tools.tshark(after, fields: ["tcp.checksum.status"], options: ["tcp.check_checksum:TRUE"])
        #expect(status == "0\n1\n1\n")
    }
}

@Suite("Packets: hostile")
struct PacketHostileTests {
    private static func capture() -> [UInt8] {
        var conversation = Conversation()
        conversation.client(payload)
        conversation.server(Array("GET /?a=\(secret) HTTP/1.1\r\n\r\n".utf8))
        conversation.builder.frame(CaptureBuilder.udp(source: 53, destination: 9, [UInt8](repeating: 1, count: 30)))
        return conversation.builder.bytes
    }

    /// The same as a pcapng file.
    private static func blocks(_ capture: [UInt8]) -> [UInt8] {
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            let length = CaptureBuilder.little(UInt32(12 + body.count))
            return CaptureBuilder.little(type) + length + body + length
        }
        var all = block(0x0A0D_0D0A, [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))
        all += block(1, [1, 0, 0, 0, 0, 0, 4, 0])
        var offset = 24
        while offset < capture.count {
            let length = Int(capture[offset + 8]) | Int(capture[offset + 9]) << 8
            let data = Array(capture[offset + 16..<offset + 16 + length])
            let size = CaptureBuilder.little(UInt32(length))
            all += block(
                6,
                [UInt8](repeating: 0, count: 12) + size + size + data
                    + [UInt8](repeating: 0, count: (4 - length % 4) % 4))
            offset += 16 + length
        }
        return all
    }

    @Test("every truncation, and every length of 0 or 2^32-1, gives no secret and no crash", arguments: [false, true])
    func truncated(asBlocks: Bool) {
        let capture = asBlocks ? PacketHostileTests.blocks(PacketHostileTests.capture()) : PacketHostileTests.capture()
        #expect(scrub(capture).summary.frames == 5)
        for end in 0..<capture.count { #expect(!contains(scrub(Array(capture[..<end])).bytes, "s3cr3t")) }
        for value: UInt8 in [0, 0xFF] {
            for size in [2, 4] {
                for start in stride(from: 0, through: capture.count - size, by: 2) {
                    var copy = capture
                    for index in start..<start + size { copy[index] = value }
                    #expect(scrub(copy).bytes.count <= capture.count + 12)
                }
            }
        }
    }

    @Test("more connections than the table holds are forgotten, and that is told")
    func manyConnections() {
        var builder = CaptureBuilder()
        for index in 0..<17_000 {
            var frame = CaptureBuilder.ethernet(
                CaptureBuilder.packet(.client, seq: 1_000, flags: 2, port: UInt16(index), []))
            frame[27] = UInt8(index >> 8)
            builder.frame(frame)
        }
        let (bytes, summary) = scrub(builder.bytes)
        #expect(bytes == builder.bytes)
        #expect(summary.notes.contains { $0.hasPrefix("616 connections") })
    }

    @Test("frames that wait for ever are bounded in number, in bytes and in time")
    func waiting() {
        let scrubber = PacketScrubber()
        var out: [UInt8] = []
        var builder = CaptureBuilder()
        builder.frame(CaptureBuilder.segment(.client, seq: 1_000, flags: 2, []))
        builder.frame(CaptureBuilder.segment(.client, seq: 2_000, Array(secret.utf8)))
        for index in 0..<10_000 {
            builder.frame(CaptureBuilder.udp(source: 1, destination: UInt16(index), Array(secret.utf8)))
        }
        scrubber.append(builder.bytes[...], to: &out)
        #expect(out.count > builder.bytes.count / 2)
        _ = scrubber.finish(to: &out)
        #expect(out.count == builder.bytes.count)
        #expect(!contains(out, secret))
    }
}
