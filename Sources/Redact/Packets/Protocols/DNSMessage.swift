import Packets

/// What of a DNS message (RFC 1035) stays: header, names, and the data of the common kinds of records.
struct DNSMessage {
    private var zero: [Range<Int>] = []
    /// Where names begin.
    private var names: [Int] = []
    private var addresses: [Range<Int>] = []

    /// Zeroes what may not stay of the message in `range`: all of it when it is no DNS message from start to end.
    static func scrub(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, _ book: PacketNames?) {
        guard let message = DNSMessage(bytes.span.extracting(range)) else { return bytes.zero(range) }
        var part = bytes._mutatingExtracting(range)
        for data in message.zero { part.zero(data) }
        if let book { message.rewrite(&part, book) }
    }

    private init?(_ message: Span<UInt8>) {
        guard let questions = message.uint16(at: 4), let answers = message.uint16(at: 6),
            let authorities = message.uint16(at: 8), let additional = message.uint16(at: 10), questions <= 4
        else { return nil }
        var offset = 12
        for _ in 0..<questions {
            names.append(offset)
            guard let end = DNSMessage.endOfName(message, at: offset), end + 4 <= message.count else { return nil }
            offset = end + 4
        }
        for _ in 0..<(Int(answers) + Int(authorities) + Int(additional)) {
            names.append(offset)
            guard let end = DNSMessage.endOfName(message, at: offset), let type = message.uint16(at: end),
                let length = message.uint16(at: end + 8), end + 10 + Int(length) <= message.count
            else { return nil }
            let data = end + 10..<end + 10 + Int(length)
            if !keeps(data, type: type, in: message) { zero.append(data) }
            offset = data.upperBound
        }
        guard offset == message.count else { return nil }
    }

    /// A, NS, CNAME, SOA, PTR, MX, AAAA, SRV. All other data becomes zero: TXT may hold anything, OPT holds cookies.
    private mutating func keeps(_ data: Range<Int>, type: UInt16, in message: Span<UInt8>) -> Bool {
        switch type {
        case 1 where data.count == 4, 28 where data.count == 16:
            addresses.append(data)
            return true
        case 2, 5, 12: return keepsNames(data, 1, skip: 0, rest: 0, in: message)
        case 6: return keepsNames(data, 2, skip: 0, rest: 20, in: message)
        case 15: return keepsNames(data, 1, skip: 2, rest: 0, in: message)
        case 33: return keepsNames(data, 1, skip: 6, rest: 0, in: message)
        default: return false
        }
    }

    /// Whether the data are so many names, `skip` bytes before and `rest` bytes behind them.
    private mutating func keepsNames(_ data: Range<Int>, _ count: Int, skip: Int, rest: Int, in message: Span<UInt8>)
        -> Bool
    {
        var offset = data.lowerBound + skip
        var found: [Int] = []
        for _ in 0..<count {
            found.append(offset)
            guard let end = DNSMessage.endOfName(message, at: offset) else { return false }
            offset = end
        }
        guard offset + rest == data.upperBound else { return false }
        names += found
        return true
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

    /// Gives names and addresses others of the same length. A label that several names share is written once.
    private func rewrite(_ bytes: inout MutableSpan<UInt8>, _ book: PacketNames) {
        let original = (0..<bytes.count).map { bytes[$0] }
        var written: Set<Int> = []
        for start in names {
            let labels = DNSMessage.labels(original.span, at: start)
            guard let first = labels.first else { continue }
            let name = labels.dropFirst().reduce(Array(original[first])) { $0 + [0x2E] + original[$1] }
            let new = book.host(name)
            var position = 0
            for label in labels {
                if written.insert(label.lowerBound).inserted {
                    for offset in 0..<label.count { bytes[label.lowerBound + offset] = new[position + offset] }
                }
                position += label.count + 1
            }
        }
        for address in addresses {
            if address.count == 4 {
                book.ipv4(&bytes, at: address.lowerBound)
            } else {
                book.ipv6(&bytes, at: address.lowerBound)
            }
        }
    }

    /// The labels of a name, pointers followed.
    private static func labels(_ message: Span<UInt8>, at start: Int) -> [Range<Int>] {
        var labels: [Range<Int>] = []
        var offset = start
        for _ in 0..<64 {
            guard let length = message.byte(at: offset), length > 0 else { break }
            if length >= 0xC0 {
                guard let pointer = message.uint16(at: offset), Int(pointer & 0x3FFF) < offset else { break }
                offset = Int(pointer & 0x3FFF)
                continue
            }
            guard offset + 1 + Int(length) <= message.count else { break }
            labels.append(offset + 1..<offset + 1 + Int(length))
            offset += 1 + Int(length)
        }
        return labels
    }
}
