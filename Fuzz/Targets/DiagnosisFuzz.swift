import Diagnose

/// Captures as the diagnosis reads them: any bytes, and any bytes as the streams of a connection.
enum DiagnosisFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let hello: [UInt8] =
            [22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3] + [UInt8](repeating: 5, count: 32) + [0, 0, 2, 0, 47, 1, 0]
        let certificate: [UInt8] = [22, 3, 3, 0, 14, 11, 0, 0, 10, 0, 0, 7, 0, 0, 4, 0x30, 2, 5, 0]
        let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 42]
        return [
            [0, 9, 255] + hello + hello, [0, 9, 100] + hello + certificate + alert,
            [0, 9, 30] + [0x80, 46, 1, 0, 2] + hello, [1, 50, 0] + capture(hello, cut: 40, size: 255),
            [1, 50, 0] + blocks(hello),
        ]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let isRaw = input.byte() & 1 == 1
        let chunk = Int(input.byte()) + 1
        let size = Int(input.byte()) + 1
        let bytes = isRaw ? input.rest() : capture(input.rest(), cut: chunk, size: size)
        let whole = track(bytes, chunk: bytes.count + 1)
        promise(track(bytes, chunk: chunk) == whole, "chunks of \(chunk) make no difference")
        for connection in whole { promise(!HandshakeLadder.lines(connection).isEmpty, "it can be drawn") }
    }

    private static func track(_ bytes: [UInt8], chunk: Int) -> [TLSConnection] {
        let tracker = ConversationTracker()
        var start = 0
        while start < bytes.count {
            let end = min(start + chunk, bytes.count)
            tracker.append(bytes[start..<end])
            start = end
        }
        tracker.finish()
        return tracker.connections
    }

    /// A pcapng file of one raw IP packet with the bytes in a TCP segment.
    static func blocks(_ payload: [UInt8]) -> [UInt8] {
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            return little(type) + little(padded.count + 12) + padded + little(padded.count + 12)
        }
        let count = 40 + payload.count
        var packet: [UInt8] = [0x45, 0, UInt8(count >> 8), UInt8(count & 255), 0, 1, 0, 0, 64, 6, 0, 0]
        packet += [10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, 1, 187, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 24, 1, 0, 0, 0, 0, 0]
        packet += payload
        return block(0x0A0D_0D0A, little(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))
            + block(1, [101, 0, 0, 0] + little(65_535) + [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0])
            + block(6, little(0) + little(1) + little(2) + little(count) + little(count) + packet)
    }

    /// A connection in raw IP packets: segments of `size` bytes, the first `cut` bytes from the client, then by turns.
    private static func capture(_ payload: [UInt8], cut: Int, size: Int) -> [UInt8] {
        var segments: [(isClient: Bool, bytes: [UInt8])] = []
        var start = 0
        while start < payload.count {
            let end = min(start + (start == 0 ? cut : size), payload.count)
            segments.append((start == 0 || start / size % 2 == 0, Array(payload[start..<end])))
            start = end
        }
        return capture(segments)
    }

    /// A connection of these segments, which the server ends.
    static func capture(_ segments: [(isClient: Bool, bytes: [UInt8])]) -> [UInt8] {
        func big(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var out: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4] + big(0, 8) + big(65_535, 4) + big(101, 4)
        var next = [1, 1]
        func add(_ isClient: Bool, _ flags: UInt8, _ part: [UInt8]) {
            let ends: [UInt8] = isClient ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
            let ports = isClient ? big(12_345, 2) + big(443, 2) : big(443, 2) + big(12_345, 2)
            let sequence = next[isClient ? 0 : 1] - (flags & 2 == 2 ? 1 : 0)
            var packet: [UInt8] = [0x45, 0] + big(40 + part.count, 2) + [0, 1, 0, 0, 64, 6, 0, 0] + ends
            packet +=
                ports + big(sequence, 4) + big(next[isClient ? 1 : 0], 4) + [0x50, flags, 1, 0, 0, 0, 0, 0] + part
            next[isClient ? 0 : 1] += part.count
            out += big(0, 8) + big(packet.count, 4) + big(packet.count, 4) + packet
        }
        add(true, 2, [])
        add(false, 18, [])
        for (isClient, bytes) in segments { add(isClient, 24, bytes) }
        add(false, 17, [])
        return out
    }
}

/// Distinguished names, from DER and from text.
enum NameFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [
            [0] + Array("CN=a, O=\"b, c\"+OU=d\\2C, C=AU".utf8), [0] + Array("/C=AU/O=b/CN=http/host".utf8),
            [1, 0x30, 14, 0x31, 12, 0x30, 10, 6, 3, 0x55, 4, 3, 0x0C, 3, 0x61, 0x20, 0x62],
        ]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let isDER = input.byte() & 1 == 1
        let bytes = input.rest()
        let name =
            isDER ? DistinguishedName(der: bytes) : DistinguishedName(text: String(decoding: bytes, as: UTF8.self))
        guard let name, !name.isEmpty else { return }
        promise(name.matches(name), "a name is the same as itself")
        promise(!name.description.isEmpty, "a name can be written")
    }
}
