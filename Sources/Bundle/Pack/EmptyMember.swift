/// A gzip member that unpacks to nothing and carries something in its extra field (RFC 1952, 2.3.1.1).
enum EmptyMember {
    /// Flag 4: there is an extra field. No time, unknown system.
    private static let head: [UInt8] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]
    /// An empty final block, CRC-32 and length of nothing.
    private static let tail: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    typealias Field = (identifier: [UInt8], content: [UInt8])

    static func bytes(fields: [Field]) -> [UInt8] {
        let extra = fields.flatMap { $0.identifier + word($0.content.count) + $0.content }
        return head + word(extra.count) + extra + tail
    }

    /// The fields of the member at the front of `bytes`, and its size; nil if it is another kind of member.
    static func parse(_ bytes: ArraySlice<UInt8>) -> (fields: [Field], count: Int)? {
        let start = bytes.startIndex
        guard bytes.count >= head.count + 2, bytes.prefix(head.count).elementsEqual(head) else { return nil }
        let length = number(bytes[(start + head.count)...])
        let end = start + head.count + 2 + length
        guard end + tail.count <= bytes.endIndex, bytes[end..<(end + tail.count)].elementsEqual(tail) else {
            return nil
        }
        var fields: [Field] = []
        var rest = bytes[(start + head.count + 2)..<end]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let size = number(rest.dropFirst(2))
            guard rest.count >= 4 + size else { return nil }
            fields.append((Array(rest.prefix(2)), Array(rest.dropFirst(4).prefix(size))))
            rest = rest.dropFirst(4 + size)
        }
        return (fields, end + tail.count - start)
    }

    private static func word(_ value: Int) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8 & 0xff)] }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(bytes[bytes.startIndex]) | Int(bytes[bytes.startIndex + 1]) << 8
    }
}
