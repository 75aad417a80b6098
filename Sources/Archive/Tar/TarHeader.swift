/// One 512-byte header block of a tar archive, as it stands there (POSIX.1-1988 ustar, GNU and older forms).
struct TarHeader {
    static let bytes = 512

    let block: [UInt8]

    enum Problem: Error { case checksum, size }

    var isZero: Bool { block.allSatisfy { $0 == 0 } }
    var type: UInt8 { block[156] }
    var linkName: [UInt8] { Self.text(block[157..<257]) }
    var mode: UInt32 { UInt32(truncatingIfNeeded: Self.number(block[100..<108]) ?? 0o644) & 0o7777 }
    var modified: Int64 { Self.number(block[136..<148]) ?? 0 }
    /// GNU's old sparse format: whether a further block of the map follows.
    var hasSparseExtension: Bool { block[482] != 0 }

    var size: Int? {
        guard let size = Self.number(block[124..<136]), size >= 0, size <= 1 << 50 else { return nil }
        return Int(size)
    }

    var name: [UInt8] {
        let name = Self.text(block[0..<100])
        // GNU keeps times where POSIX has the front of long names.
        guard Array(block[257..<263]) == Array("ustar\0".utf8) else { return name }
        let prefix = Self.text(block[345..<500])
        return prefix.isEmpty ? name : prefix + [0x2f] + name
    }

    /// Whether the check sum fits: of unsigned bytes by the standard, of signed ones in old writers.
    var isSound: Bool {
        guard let wanted = Self.number(block[148..<156]) else { return false }
        var unsigned: Int64 = 0
        var signed: Int64 = 0
        for (index, byte) in block.enumerated() {
            let value = (148..<156).contains(index) ? 0x20 : byte
            unsigned += Int64(value)
            signed += Int64(Int8(bitPattern: value))
        }
        return wanted == unsigned || wanted == signed
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Octal digits between blanks, or GNU's base 256. Nil for what is no number; empty is 0.
    static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 {
            var value: Int64 = first & 0x40 != 0 ? -1 : Int64(first & 0x3f)
            for byte in field.dropFirst() {
                let (high, overflow) = value.multipliedReportingOverflow(by: 256)
                if overflow { return nil }
                value = high | Int64(byte)
            }
            return value
        }
        var value: Int64 = 0
        for byte in field.drop(while: { $0 == 0x20 }) {
            if byte == 0 || byte == 0x20 { break }
            guard (0x30...0x37).contains(byte) else { return nil }
            value = value << 3 | Int64(byte - 0x30)
        }
        return value
    }
}
