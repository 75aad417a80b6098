import Packets
import Testing

/// A frame as either reader tells of it.
private struct Seen: Equatable {
    var number: Int
    var linkType: Int
    var time: CaptureTime
    var originalLength: Int
    var bytes: [UInt8]
}

private struct Scan {
    var frames: [Seen] = []
    var count = 0
    var damage: String?

    /// Reads a file in place, in pieces of `step` bytes.
    init(_ bytes: [UInt8], step: Int = 4_096) {
        var scanner = CaptureScanner()
        for start in stride(from: 0, to: bytes.count, by: step) {
            ByteView.with(bytes[start..<min(start + step, bytes.count)]) { view in
                scanner.feed(view)
                while let frame = scanner.next() {
                    frames.append(
                        Seen(
                            number: frame.number, linkType: frame.linkType, time: frame.time,
                            originalLength: frame.originalLength, bytes: frame.bytes.array))
                }
            }
        }
        scanner.finish()
        count = scanner.frameCount
        damage = scanner.damage
    }
}

/// The frames that the other reader finds, which copies them.
private func parsed(_ bytes: [UInt8]) -> [Seen] {
    var links: [Int] = []
    return elements(bytes).compactMap { element in
        switch element {
        case .section: links = []
        case .interface(let interface): links.append(interface.linkType.number)
        case .frame(let frame):
            return Seen(
                number: frame.number, linkType: links[frame.interface], time: frame.time,
                originalLength: Int(frame.originalLength), bytes: frame.data)
        case .skipped, .broken: break
        }
        return nil
    }
}

/// Writes pcapng block by block, right or wrong.
private struct Blocks {
    var order: ByteOrder
    var bytes: [UInt8] = []

    func word(_ value: UInt32) -> [UInt8] {
        let big = (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
        return order == .big ? big : big.reversed()
    }

    func half(_ value: UInt16) -> [UInt8] {
        Array(order == .big ? word(UInt32(value)).suffix(2) : word(UInt32(value)).prefix(2))
    }

    mutating func block(_ type: UInt32, _ body: [UInt8], length: UInt32? = nil, trailer: UInt32? = nil) {
        let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        let length = length ?? UInt32(padded.count + 12)
        bytes += word(type) + word(length) + padded + word(trailer ?? length)
    }

    mutating func section(mark: UInt32 = 0x1A2B_3C4D, version: UInt16 = 1, length: UInt32? = nil) {
        block(
            0x0A0D_0D0A, word(mark) + half(version) + half(0) + [UInt8](repeating: 0xFF, count: 8), length: length)
    }

    mutating func interface(_ link: UInt16, snapLength: UInt32 = 0, options: [(UInt16, [UInt8])] = []) {
        var body = half(link) + half(0) + word(snapLength)
        for (code, value) in options {
            body += half(code) + half(UInt16(value.count)) + value
            body += [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        }
        block(1, body + (options.isEmpty ? [] : half(0) + half(0)))
    }

    mutating func packet(_ interface: UInt32, ticks: UInt64, _ data: [UInt8], captured: UInt32? = nil) {
        let stamp = word(UInt32(ticks >> 32)) + word(UInt32(truncatingIfNeeded: ticks))
        block(6, word(interface) + stamp + word(captured ?? UInt32(data.count)) + word(1_500) + data)
    }

    mutating func oldPacket(_ interface: UInt16, ticks: UInt64, _ data: [UInt8]) {
        let stamp = word(UInt32(ticks >> 32)) + word(UInt32(truncatingIfNeeded: ticks))
        block(2, half(interface) + half(0) + stamp + word(UInt32(data.count)) + word(1_500) + data)
    }
}

@Suite("Captures: read in place")
struct ScannerTests {
    /// Every kind of block, in both byte orders one behind the other.
    private static func everything(_ order: ByteOrder) -> [UInt8] {
        var all: [UInt8] = []
        for order in [order, order == .big ? .little : .big] {
            var file = Blocks(order: order)
            file.section()
            // Names, statistics, secrets and what nobody knows are passed over.
            file.block(4, [UInt8](repeating: 3, count: 44))
            file.interface(1, snapLength: 6, options: [(1, Array("a comment".utf8)), (9, [9])])
            file.interface(
                101,
                options: [
                    (9, [0x83]),
                    (14, order == .big ? file.word(0) + file.word(3_600) : file.word(3_600) + file.word(0)),
                ])
            file.interface(113)
            file.packet(0, ticks: 1_700_000_000_123_456_789, [1, 2, 3])
            file.block(10, [UInt8](repeating: 1, count: 300))
            file.packet(1, ticks: 9, [4, 5, 6, 7, 8])
            file.oldPacket(2, ticks: 1_700_000_000_000_001, [9])
            file.block(3, file.word(4_000) + [1, 2, 3, 4, 5, 6, 7, 8])
            file.block(3, file.word(2) + [1, 2, 0, 0])
            file.block(0xBAD, Array("anything".utf8))
            // Of an interface that is not there, longer than its block, and longer than any frame may be.
            file.packet(9, ticks: 1, [1])
            file.packet(0, ticks: 1, [1, 2, 3, 4], captured: 5)
            file.block(6, [UInt8](repeating: 0, count: 400_000))
            file.packet(2, ticks: 5, [0xEE])
            all += file.bytes
        }
        return all
    }

    @Test("pcapng gives the frames that the other reader finds", arguments: [ByteOrder.big, .little])
    func pcapng(order: ByteOrder) throws {
        let bytes = Self.everything(order)
        let expected = parsed(bytes)
        #expect(
            expected.map(\.bytes).prefix(6) == [
                [1, 2, 3], [4, 5, 6, 7, 8], [9], [1, 2, 3, 4, 5, 6], [1, 2], [0xEE],
            ])
        #expect(expected.map(\.linkType).prefix(6) == [1, 101, 113, 1, 1, 113])
        #expect(expected.count == 12)
        #expect(expected[0].time == CaptureTime(seconds: 1_700_000_000, nanoseconds: 123_456_789))
        #expect(expected[1].time == CaptureTime(seconds: 3_601, nanoseconds: 125_000_000))
        #expect(expected[2].time == CaptureTime(seconds: 1_700_000_000, nanoseconds: 1_000))
        for step in [1, 7, 4_096, bytes.count] {
            let scan = Scan(bytes, step: step)
            #expect(scan.frames == expected, "in pieces of \(step)")
            #expect(scan.count == 18 && scan.damage == nil)
        }
    }

    @Test("classic files of all forms, that of old Red Hat kernels, too", arguments: [1, 5, 4_096])
    func classic(step: Int) throws {
        let bytes = try fixture("jsse/tls12-ok.pcap")
        #expect(Scan(bytes, step: step).frames == parsed(bytes))
        #expect(Scan(bytes, step: step).damage == nil)
        for order in [ByteOrder.big, .little] {
            let file = Blocks(order: order)
            for (magic, extra, nanoseconds) in [
                (UInt32(0xA1B2_C3D4), 0, Int32(7_000)), (0xA1B2_3C4D, 0, 7), (0xA1B2_CD34, 8, 7_000),
            ] {
                let header = file.word(magic) + file.half(2) + file.half(4) + file.word(0) + file.word(0)
                let record =
                    file.word(5) + file.word(7) + file.word(3) + file.word(60) + [UInt8](repeating: 9, count: extra)
                let scan = Scan(header + file.word(65_535) + file.word(101) + record + [1, 2, 3], step: step)
                #expect(
                    scan.frames == [
                        Seen(
                            number: 1, linkType: 101, time: CaptureTime(seconds: 5, nanoseconds: nanoseconds),
                            originalLength: 60, bytes: [1, 2, 3])
                    ])
                #expect(scan.damage == nil)
            }
        }
    }

    private static let damages: [(String, @Sendable (inout Blocks) -> Void)] = [
        ("without byte-order mark", { $0.section(mark: 1) }),
        ("a section header that cannot be read", { $0.section(version: 2) }),
        ("a section header that cannot be read", { $0.section(length: 20) }),
        ("a block of 13 bytes after frame 1", { $0.block(6, [], length: 13) }),
        ("a block of 8 bytes after frame 1", { $0.block(6, [], length: 8) }),
        ("two different lengths", { $0.block(6, [UInt8](repeating: 0, count: 24), trailer: 40) }),
        ("an interface description that cannot be read", { $0.block(1, [1, 0, 0, 0]) }),
        ("an interface description that cannot be read", { for _ in 0..<1_024 { $0.interface(1) } }),
        ("ends inside of a frame or block", { $0.bytes += [6, 0] }),
        ("ends inside of a frame or block", { $0.block(4, [1, 2, 3, 4], length: 4_000) }),
    ]

    @Test(
        "damage ends a pcapng file with a reason, and what was before it counts", arguments: damages.indices, [1, 64])
    func damage(index: Int, step: Int) {
        var file = Blocks(order: .little)
        file.section()
        file.interface(1)
        file.packet(0, ticks: 1, [1, 2, 3])
        Self.damages[index].1(&file)
        let scan = Scan(file.bytes, step: step)
        #expect(scan.frames.map(\.bytes) == [[1, 2, 3]])
        #expect(scan.damage?.contains(Self.damages[index].0) == true, "\(scan.damage ?? "none")")
    }

    @Test("what is no capture is told")
    func foreign() {
        let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]
        var third = header
        third[4] = 3
        let cases: [([UInt8], String)] = [
            ([], "not even a file header"), ([0xD4, 0xC3], "ends inside"), (Array(header.dropLast()), "ends inside"),
            ([UInt8](repeating: 0x41, count: 30), "no pcap or pcapng file"),
            ([0x1F, 0x8B] + [UInt8](repeating: 0, count: 30), "gzip-compressed"),
            (third, "pcap version 3"),
            (header + [0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0], "frame 1 claims 2147483647 bytes"),
        ]
        for (bytes, reason) in cases {
            let scan = Scan(bytes)
            #expect(scan.frames.isEmpty)
            #expect(scan.damage?.contains(reason) == true, "\(scan.damage ?? "none") instead of: \(reason)")
        }
    }

    @Test("a pcapng file cut anywhere gives a prefix of its frames")
    func cut() {
        let whole = Self.everything(.big)
        let frames = Scan(whole).frames
        for end in stride(from: 1, to: 1_200, by: 3) {
            let scan = Scan(Array(whole[..<end]), step: 50)
            #expect(scan.frames == Array(frames.prefix(scan.frames.count)))
        }
    }
}
