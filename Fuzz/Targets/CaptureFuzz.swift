import Redact

/// Captures: a segment with a secret after any bytes, and bytes that only begin like a capture.
enum CaptureFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let http = Array("GET /?a=b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let tls: [UInt8] =
            [22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3] + [UInt8](repeating: 5, count: 32) + [0, 0, 2, 0, 47, 1, 0]
        return [
            [0, 40, 0, 0] + http, [0, 40, 0, 0] + tls, [1, 40] + capture(http), [1, 40] + capture(tls),
            [1, 40] + DiagnosisFuzz.blocks(tls),
        ]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let isRaw = input.byte() & 1 == 1
        let chunk = Int(input.byte()) + 1
        // Longer than the session of a hello and the length behind it, which stay.
        let secret = input.secret + input.secret + input.secret
        let holdsPublicValues = mayHoldPublicValues(input.rest())
        let bytes = isRaw ? input.rest() : capture(input.rest(with: "\r\nAuthorization: Bearer \(secret)\r\n"))
        let once = check(bytes, .pcap, secret: holdsPublicValues ? nil : secret, chunk: chunk)
        promise(isRaw || once.count <= bytes.count, "a capture does not grow")
    }

    /// Whether there may be the header of a message that stays whole, whatever is in it: certificates, requests for them,
    /// keys and signatures that each listener may know.
    private static func mayHoldPublicValues(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { type, next in
            [11, 12, 13, 15, 22].contains(type) && (next < 3 || next == 22) || type == 0 && next == 47
        }
    }

    /// A capture of raw IP packets (LINKTYPE_RAW) with the bytes in TCP segments of a hundred.
    private static func capture(_ payload: [UInt8]) -> [UInt8] {
        func big(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(value >> (8 * $0) & 255) }
        }
        func little(_ value: Int) -> [UInt8] { big(value, 4).reversed() }
        var out: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + little(0) + little(0) + little(65_535) + little(101)
        for start in stride(from: 0, to: payload.count, by: 100) {
            let part = Array(payload[start..<min(start + 100, payload.count)])
            var packet: [UInt8] =
                [0x45, 0] + big(40 + part.count, 2) + [0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
            packet += [0x30, 0x39, 0, 80] + big(1 + start, 4) + [0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0] + part
            out += little(0) + little(start) + little(packet.count) + little(packet.count) + packet
        }
        return out
    }
}
