internal import Packets

/// Reads a message front to back; every read past its end answers nil.
struct ByteCursor {
    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    var isAtEnd: Bool { offset >= end }

    mutating func uint8() -> UInt8? {
        guard offset < end else { return nil }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func uint16() -> UInt16? {
        guard let value = bytes.uint16(at: offset), offset + 2 <= end else { return nil }
        offset += 2
        return value
    }

    mutating func uint24() -> Int? {
        guard let high = uint8(), let low = uint16() else { return nil }
        return Int(high) << 16 | Int(low)
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= end - offset else { return nil }
        offset += count
        return Array(bytes[offset - count..<offset])
    }

    /// A vector with a length of one, two or three bytes before it (RFC 8446 section 3.4).
    mutating func vector8() -> [UInt8]? { uint8().flatMap { bytes(Int($0)) } }
    mutating func vector16() -> [UInt8]? { uint16().flatMap { bytes(Int($0)) } }
    mutating func vector24() -> [UInt8]? { uint24().flatMap { bytes($0) } }
}
