/// The order of the bytes of a number, as a capture file was written.
public enum ByteOrder: Sendable, Equatable {
    case big, little
}

/// Bounded reads. Every offset may come from a hostile length field, so all of them answer nil instead of trapping.
extension Span where Element == UInt8 {
    package func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? self[offset] : nil
    }

    package func uint16(at offset: Int, _ order: ByteOrder = .big) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
        return order == .big ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
    }

    package func uint32(at offset: Int, _ order: ByteOrder = .big) -> UInt32? {
        guard offset >= 0, offset <= count - 4 else { return nil }
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return order == .big ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }

    package func uint64(at offset: Int, _ order: ByteOrder = .big) -> UInt64? {
        guard offset >= 0, offset <= count - 8 else { return nil }
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return order == .big ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
    }
}

extension MutableSpan where Element == UInt8 {
    /// Makes the bytes of a range zero.
    package mutating func zero(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var part = _mutatingExtracting(range)
        part.update(repeating: 0)
    }

    package mutating func store(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(value >> 8)
        self[offset + 1] = UInt8(value & 0xFF)
    }
}

extension Array where Element == UInt8 {
    package func byte(at offset: Int) -> UInt8? { span.byte(at: offset) }

    package func uint16(at offset: Int, _ order: ByteOrder = .big) -> UInt16? { span.uint16(at: offset, order) }

    package func uint32(at offset: Int, _ order: ByteOrder = .big) -> UInt32? { span.uint32(at: offset, order) }

    package func uint64(at offset: Int, _ order: ByteOrder = .big) -> UInt64? { span.uint64(at: offset, order) }

    package mutating func append(_ value: UInt16, _ order: ByteOrder) {
        unsafe Swift.withUnsafeBytes(of: order == .big ? value.bigEndian : value.littleEndian) {
            unsafe append(contentsOf: $0)
        }
    }

    package mutating func append(_ value: UInt32, _ order: ByteOrder) {
        unsafe Swift.withUnsafeBytes(of: order == .big ? value.bigEndian : value.littleEndian) {
            unsafe append(contentsOf: $0)
        }
    }
}
