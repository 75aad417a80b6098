/// The order of the bytes of a number, as a capture file was written.
public enum ByteOrder: Sendable, Equatable {
    case big, little
}

/// Bounded reads. Every offset may come from a hostile length field, so all of them answer nil instead of trapping.
extension Array where Element == UInt8 {
    package func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? self[offset] : nil
    }

    package func uint16(at offset: Int, _ order: ByteOrder = .big) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        let a = UInt16(self[offset])
        let b = UInt16(self[offset + 1])
        return order == .big ? a << 8 | b : b << 8 | a
    }

    package func uint32(at offset: Int, _ order: ByteOrder = .big) -> UInt32? {
        guard offset >= 0, offset <= count - 4 else { return nil }
        var value: UInt32 = 0
        for i in 0..<4 {
            let byte = UInt32(self[offset + i])
            value |= order == .big ? byte << UInt32(24 - 8 * i) : byte << UInt32(8 * i)
        }
        return value
    }

    package func uint64(at offset: Int, _ order: ByteOrder = .big) -> UInt64? {
        guard let first = uint32(at: offset, order), let second = uint32(at: offset + 4, order) else { return nil }
        return order == .big ? UInt64(first) << 32 | UInt64(second) : UInt64(second) << 32 | UInt64(first)
    }

    package mutating func append(_ value: UInt16, _ order: ByteOrder) {
        let bytes: [UInt8] = [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        append(contentsOf: order == .big ? bytes : bytes.reversed())
    }

    package mutating func append(_ value: UInt32, _ order: ByteOrder) {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        append(contentsOf: order == .big ? bytes : bytes.reversed())
    }
}
