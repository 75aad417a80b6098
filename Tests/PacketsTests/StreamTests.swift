import Packets
import Testing

@Suite("Streams")
struct StreamTests {
    private static let text = Array("The quick brown fox jumps over the lazy dog".utf8)

    private func joined(_ events: [StreamAssembler.Event]) -> [UInt8] {
        events.flatMap { if case .data(_, let bytes, _) = $0 { Array(bytes) } else { [UInt8]() } }
    }

    @Test("any order, overlaps and copies give the same stream", arguments: [UInt32(1), 0xFFFF_FFF0, 0x7FFF_FFFE])
    func order(initial: UInt32) {
        let text = StreamTests.text
        for shift in 0..<10 {
            var assembler = StreamAssembler()
            let isSame = assembler.begin(initialSequence: initial &- 1)
            #expect(isSame)
            var events: [StreamAssembler.Event] = []
            let starts = Array(stride(from: 0, to: text.count, by: 6))
            let turned = Array(starts[(shift % starts.count)...] + starts[..<(shift % starts.count)])
            for start in turned + starts {
                let end = min(start + 9, text.count)
                events += assembler.receive(
                    sequence: initial &+ UInt32(start), bytes: text[start..<end], length: end - start, tag: start)
            }
            #expect(joined(events) == text)
            #expect(!assembler.isWaiting)
        }
    }

    @Test("a gap is given up when too much waits")
    func gap() {
        var assembler = StreamAssembler(byteLimit: 20)
        _ = assembler.begin(initialSequence: 0)
        var events = assembler.receive(sequence: 11, bytes: StreamTests.text[0..<15], length: 15, tag: 1)
        #expect(joined(events).isEmpty)
        events = assembler.receive(sequence: 26, bytes: StreamTests.text[15..<30], length: 15, tag: 2)
        #expect(joined(events) == Array(StreamTests.text[0..<30]))
        guard case .gap(10) = events.first else {
            Issue.record("no gap")
            return
        }
    }

    @Test("a cut segment leaves a gap behind its bytes")
    func cut() {
        var assembler = StreamAssembler()
        let events = assembler.receive(sequence: 5, bytes: StreamTests.text[0..<4], length: 10, tag: 0)
        #expect(joined(events) == Array(StreamTests.text[0..<4]))
        guard case .gap(6) = events.last else {
            Issue.record("no gap")
            return
        }
        #expect(assembler.next == 10)
    }
}

@Suite("Addresses")
struct AddressTests {
    @Test(
        "texts of RFC 5952",
        arguments: [
            (UInt64(0), UInt64(1), "::1"), (0, 0, "::"), (0x2001_0DB8_0000_0000, 1, "2001:db8::1"),
            (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"), (0, 0xFFFF_0A00_0001, "::ffff:10.0.0.1"),
            (0xFE80_0000_0000_0000, 0, "fe80::"),
        ])
    func v6(high: UInt64, low: UInt64, text: String) {
        #expect(IPAddress(v6High: high, low: low).description == text)
    }

    @Test("dotted decimal") func v4() { #expect(IPAddress(v4: 0xC0A8_01FE).description == "192.168.1.254") }
}

@Suite("Headers")
struct HeaderTests {
    private static let ip: [UInt8] =
        [0x45, 0, 0, 44, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        + [0x01, 0xBB, 0xC0, 0x00, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0, 0, 0, 0, 0, 0] + Array("abcd".utf8)

    @Test(
        "the same segment behind every link header",
        arguments: [
            (1, [UInt8](repeating: 1, count: 12) + [8, 0]),
            (1, [UInt8](repeating: 1, count: 12) + [0x81, 0, 0, 5, 8, 0]),
            (1, [UInt8](repeating: 1, count: 12) + [0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0]),
            (113, [0, 0, 0, 1] + [UInt8](repeating: 0, count: 10) + [8, 0]),
            (276, [8, 0] + [UInt8](repeating: 0, count: 6) + [0, 1] + [UInt8](repeating: 0, count: 10)),
            (0, [2, 0, 0, 0]), (108, [0, 0, 0, 2]), (101, []), (228, []),
        ])
    func links(number: Int, header: [UInt8]) throws {
        let frame = header + HeaderTests.ip + [0, 0, 0]
        let layout = try #require(PacketLayout(frame: frame, linkType: LinkType(number: number)))
        guard case .tcp(let segment) = layout.ip?.transport else {
            Issue.record("no TCP")
            return
        }
        #expect(segment.sourcePort == 443)
        #expect(Array(frame[segment.payload]) == Array("abcd".utf8))
    }

    @Test("no prefix of a frame traps, and none reaches beyond itself")
    func prefixes() {
        let v6 =
            [UInt8]([0x60, 0, 0, 0, 0, 40, 0, 64]) + [UInt8](repeating: 1, count: 32) + [44, 0, 0, 0, 0, 0, 0, 0]
            + [6, 0, 0, 0, 0, 0, 0, 0] + HeaderTests.ip[20...]
        for packet in [HeaderTests.ip, v6] {
            for end in 0...packet.count {
                let frame = Array(packet[..<end])
                guard let ip = PacketLayout(frame: frame, linkType: .raw)?.ip else { continue }
                #expect(ip.body.upperBound <= end)
                if case .tcp(let segment) = ip.transport { #expect(segment.payload.upperBound <= end) }
            }
        }
    }
}
