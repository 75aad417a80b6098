import Packets
import Testing

private func half(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

private let text = Array("abcd".utf8)
/// From port 443 to port 49152.
private let tcp: [UInt8] =
    [0x01, 0xBB, 0xC0, 0x00, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0, 0, 0, 0, 0, 0] + text

private func v4(_ number: UInt8, fragment: Int = 0, total: Int? = nil, _ body: [UInt8]) -> [UInt8] {
    [0x45, 0] + half(total ?? 20 + body.count) + [0, 7] + half(fragment) + [64, number, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        + body
}

private func v6(_ next: UInt8, _ body: [UInt8]) -> [UInt8] {
    let network: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11)
    return [0x60, 0, 0, 0] + half(body.count) + [next, 64] + network + [1] + network + [2] + body
}

private func ethernet(_ type: Int, _ body: [UInt8]) -> [UInt8] { [UInt8](repeating: 2, count: 12) + half(type) + body }

private let packet = v4(6, tcp)
private let inner = ethernet(0x0800, packet)

/// Name, link type, frame: the same segment behind every kind of header.
private let frames: [(name: String, link: Int, frame: [UInt8])] = [
    ("Ethernet", 1, inner), ("padding", 1, inner + [0, 0, 0, 0, 0, 0]),
    ("VLAN", 1, ethernet(0x8100, [0, 5, 8, 0] + packet)),
    ("QinQ", 1, ethernet(0x88A8, [0, 5, 0x81, 0, 0, 6, 8, 0] + packet)),
    ("MPLS", 1, ethernet(0x8847, [0, 1, 0, 64, 0, 2, 1, 64] + packet)),
    ("SNAP", 1, ethernet(8 + packet.count, [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + packet)),
    ("PPPoE", 1, ethernet(0x8864, [0x11, 0, 0, 1] + half(packet.count + 2) + [0, 0x21] + packet)),
    ("PPPoE link", 51, [0x11, 0, 0, 1] + half(packet.count + 2) + [0, 0x21] + packet),
    ("PPP", 9, [0xFF, 3, 0, 0x21] + packet), ("PPP, short", 50, [0x21] + packet),
    ("PPP with IPv6", 9, [0, 0x57] + v6(6, tcp)), ("Cisco HDLC", 104, [0x0F, 0, 8, 0] + packet),
    ("loopback", 0, [2, 0, 0, 0] + packet), ("raw", 101, packet), ("no total length", 101, v4(6, total: 0, tcp)),
    ("firewall log of BSD", 117, [61] + [UInt8](repeating: 0, count: 63) + packet),
    ("IPsec of BSD", 109, [UInt8](repeating: 0, count: 12) + packet),
    ("firewall log of Linux", 239, [2, 0, 0, 1, 6, 0, 1, 0, 1, 2, 0, 0, 48, 0, 9, 0] + packet),
    ("Linux cooked", 113, [UInt8](repeating: 0, count: 14) + [8, 0] + packet),
    ("Linux cooked 2", 276, [8, 0] + [UInt8](repeating: 0, count: 18) + packet),
    ("IP in IP", 101, v4(4, packet)), ("6in4", 101, v4(41, v6(6, tcp))), ("4in6", 101, v6(4, packet)),
    ("GRE", 101, v4(47, [0, 0, 8, 0] + packet)),
    (
        "GRE with checksum, key and number", 101,
        v4(47, [0xB0, 0, 0x65, 0x58] + [UInt8](repeating: 1, count: 12) + inner)
    ),
    (
        "VXLAN", 101,
        v4(17, [0x9C, 0x40, 0x12, 0xB5] + half(16 + inner.count) + [0, 0, 8, 0, 0, 0, 0, 0, 7, 0] + inner)
    ),
    ("IPv6", 101, v6(6, tcp)),
    (
        "IPv6 options", 101,
        v6(0, [60, 0, 1, 4, 0, 0, 0, 0, 43, 1] + [UInt8](repeating: 0, count: 14) + [6, 0, 0, 0, 0, 0, 0, 0] + tcp)
    ),
    ("authentication header", 101, v6(51, [6, 1] + [UInt8](repeating: 0, count: 10) + tcp)),
    ("a fragment that is whole", 101, v6(44, [6, 0, 0, 0, 0, 0, 0, 9] + tcp)),
]

/// What stands in the only frame of a capture.
private func read<R>(_ frame: [UInt8], link: Int, length: Int? = nil, _ body: (ScannedPacket) -> R) -> R? {
    let record =
        half(0) + half(5) + half(0) + half(0) + half(0) + half(frame.count) + half(0) + half(length ?? frame.count)
    let file =
        [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0] + half(link) + record + frame
    var scanner = CaptureScanner()
    return ByteView.with(file) { view in
        scanner.feed(view)
        return scanner.next().map { body(SegmentReader.read($0)) }
    }
}

@Suite("Headers: read in place")
struct TunnelTests {
    @Test("the same segment behind every kind of header", arguments: frames.indices)
    func segments(index: Int) {
        let (name, link, frame) = frames[index]
        let found = read(frame, link: link) { packet in
            guard case .segment(let segment) = packet else { return false }
            #expect(segment.sourcePort == 443 && segment.destinationPort == 49_152)
            #expect(segment.sequence == 1 && segment.acknowledgement == 2)
            #expect(segment.payload.array == text && segment.payloadLength == 4)
            let end: UInt64 = segment.addresses.isIPv6 ? 2 : 0x0A00_0002
            #expect(segment.addresses.destinationLow == end)
            return true
        }
        #expect(found == true, "\(name)")
        // Cut by the snap length anywhere, it never traps, and tells how long the payload was.
        for count in 0..<frame.count {
            _ = read(Array(frame[..<count]), link: link, length: frame.count) { packet in
                guard case .segment(let segment) = packet else { return }
                #expect(segment.payload.array == Array(text.prefix(segment.payload.count)), "\(name) cut at \(count)")
                #expect(segment.payloadLength == 4, "\(name) cut at \(count)")
            }
        }
    }

    @Test("pieces of a datagram say where they belong")
    func fragments() {
        let cases: [([UInt8], Int, Bool, UInt32)] = [
            (v4(6, fragment: 0x2000, tcp), 0, true, 7), (v4(6, fragment: 3, tcp), 24, false, 7),
            (v6(44, [6, 0, 0, 1, 0, 0, 0, 9] + tcp), 0, true, 9),
            (v6(44, [6, 0, 0, 24, 0, 0, 0, 9] + tcp), 24, false, 9),
        ]
        for (frame, offset, hasMore, identification) in cases {
            let found = read(frame, link: 101) { packet in
                guard case .fragment(let piece) = packet else { return false }
                return piece.offset == offset && piece.hasMore == hasMore && piece.identification == identification
                    && piece.protocolNumber == 6 && piece.payload.array == tcp
            }
            #expect(found == true)
        }
    }

    @Test("what is no TCP, or wrapped without end, is passed over")
    func others() {
        var nested = packet
        for _ in 0..<12 { nested = v4(4, nested) }
        var options = tcp
        for _ in 0..<16 { options = [60, 0, 0, 0, 0, 0, 0, 0] + options }
        var long = tcp
        long[12] = 0xF0
        let cases: [(String, Int, [UInt8])] = [
            ("ARP", 1, ethernet(0x0806, [UInt8](repeating: 1, count: 28))),
            ("a name query", 101, v4(17, [0x9C, 0x40, 0, 53, 0, 24, 0, 0] + [UInt8](repeating: 0, count: 16))),
            ("GRE of another version", 101, v4(47, [0, 1, 8, 0] + packet)),
            ("802.2 that is no SNAP", 1, ethernet(43, [0x42, 0x42, 3] + [UInt8](repeating: 0, count: 40))),
            ("SNAP within SNAP", 1, ethernet(60, [0xAA, 0xAA, 3, 0, 0, 0, 0, 60] + [UInt8](repeating: 0, count: 52))),
            ("netlink", 113, [0, 0, 0x03, 0x38] + [UInt8](repeating: 0, count: 10) + [8, 0] + packet),
            ("tunnels without end", 101, nested), ("options without end", 101, v6(60, options)),
            ("a TCP header longer than its packet", 101, v4(6, long)),
            ("IP of version 5", 101, [0x55] + packet.dropFirst()),
            ("an attribute of no length", 239, [2, 0, 0, 1, 0, 0, 9, 0] + packet), ("an unknown link", 105, packet),
            ("other words of PPP", 9, [0xC0, 0x21] + packet),
        ]
        for (name, link, frame) in cases {
            let isOther = read(frame, link: link) { packet in
                if case .other = packet { true } else { false }
            }
            #expect(isOther == true, "\(name)")
        }
    }
}
