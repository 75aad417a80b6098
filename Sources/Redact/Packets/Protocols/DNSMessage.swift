import Packets

/// What of a DNS message (RFC 1035) stays: header, names, and the data of the common kinds of records.
enum DNSMessage {
    /// A, NS, CNAME, SOA, PTR, MX, AAAA, SRV. All other data becomes zero: TXT may hold anything, OPT holds cookies.
    private static let keptTypes: Set<UInt16> = [1, 2, 5, 6, 12, 15, 28, 33]

    /// Zeroes what may not stay of the message in `range`: all of it when it is no DNS message from start to end.
    static func scrub(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        guard let dataToZero = readable(bytes.span.extracting(range)) else { return bytes.zero(range) }
        for part in dataToZero { bytes.zero(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound) }
    }

    private static func readable(_ message: Span<UInt8>) -> [Range<Int>]? {
        guard let questions = message.uint16(at: 4), let answers = message.uint16(at: 6),
            let authorities = message.uint16(at: 8), let additional = message.uint16(at: 10)
        else { return nil }
        guard questions <= 4 else { return nil }
        var offset = 12
        for _ in 0..<questions {
            guard let end = endOfName(message, at: offset), end + 4 <= message.count else { return nil }
            offset = end + 4
        }
        var zero: [Range<Int>] = []
        for _ in 0..<(Int(answers) + Int(authorities) + Int(additional)) {
            guard let end = endOfName(message, at: offset), let type = message.uint16(at: end),
                let length = message.uint16(at: end + 8), end + 10 + Int(length) <= message.count
            else { return nil }
            let data = end + 10..<end + 10 + Int(length)
            if !keptTypes.contains(type) || !plausible(type, data.count) { zero.append(data) }
            offset = data.upperBound
        }
        return offset == message.count ? zero : nil
    }

    private static func plausible(_ type: UInt16, _ length: Int) -> Bool {
        switch type {
        case 1: length == 4
        case 28: length == 16
        default: length <= 600
        }
    }

    /// Walks over a name, compressed or not (RFC 1035 section 4.1.4); pointers are not followed.
    private static func endOfName(_ message: Span<UInt8>, at start: Int) -> Int? {
        var offset = start
        while let length = message.byte(at: offset), offset - start <= 255 {
            if length == 0 { return offset + 1 }
            if length >= 0xC0 { return offset + 2 <= message.count ? offset + 2 : nil }
            guard length <= 63 else { return nil }
            offset += 1 + Int(length)
        }
        return nil
    }
}
