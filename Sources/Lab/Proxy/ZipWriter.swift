import Foundation

/// A zip archive in memory (PKWARE APPNOTE 6.3), every member deflated.
struct ZipWriter {
    private struct Member {
        let name: [UInt8]
        let deflated: Data
        let crc: UInt32
        let size: UInt32
        let offset: UInt32
    }

    private var bytes = Data()
    private var members: [Member] = []

    /// Adds a file.
    mutating func add(_ name: String, _ content: Data) {
        let member = Member(
            name: Array(name.utf8), deflated: Deflate.fixed(content), crc: CRC32.checksum(content),
            size: UInt32(content.count),
            offset: UInt32(bytes.count))
        append(0x0403_4b50 as UInt32)
        appendCommon(member)
        bytes.append(contentsOf: member.name)
        bytes.append(member.deflated)
        members.append(member)
    }

    /// The whole archive.
    mutating func finish() -> Data {
        let start = UInt32(bytes.count)
        for member in members {
            append(0x0201_4b50 as UInt32)
            append(20 as UInt16)
            appendCommon(member)
            // Comment, disk, internal and external attributes: none.
            append(0 as UInt16)
            append(0 as UInt16)
            append(0 as UInt16)
            append(0 as UInt32)
            append(member.offset)
            bytes.append(contentsOf: member.name)
        }
        let length = UInt32(bytes.count) - start
        append(0x0605_4b50 as UInt32)
        append(0 as UInt16)
        append(0 as UInt16)
        append(UInt16(members.count))
        append(UInt16(members.count))
        append(length)
        append(start)
        append(0 as UInt16)
        return bytes
    }

    /// The fields that the local header and the central directory have in common.
    private mutating func appendCommon(_ member: Member) {
        append(20 as UInt16)
        append(0 as UInt16)
        append(8 as UInt16)
        // Noon of 1 January 2026 in MS-DOS form.
        append(0x6000 as UInt16)
        append(0x5c21 as UInt16)
        append(member.crc)
        append(UInt32(member.deflated.count))
        append(member.size)
        append(UInt16(member.name.count))
        append(0 as UInt16)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        for index in 0..<(value.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> (index * 8))) }
    }
}

/// Deflate (RFC 1951) with fixed Huffman codes and no repetitions: enough that no text stands in clear.
enum Deflate {
    static func fixed(_ content: Data) -> Data {
        var output = Data()
        var current: UInt8 = 0
        var used: UInt8 = 0
        func put(_ bit: Bool) {
            if bit { current |= 1 << used }
            used += 1
            if used == 8 {
                output.append(current)
                (current, used) = (0, 0)
            }
        }
        // The last block, with fixed codes; numbers start with their lowest bit, codes with their highest.
        put(true)
        put(true)
        put(false)
        func code(_ value: Int, bits: Int) {
            for shift in (0..<bits).reversed() { put(value >> shift & 1 == 1) }
        }
        for byte in content {
            byte < 144 ? code(0x30 + Int(byte), bits: 8) : code(0x190 + Int(byte) - 144, bits: 9)
        }
        code(0, bits: 7)
        while used != 0 { put(false) }
        return output
    }
}

/// The CRC-32 of zip and gzip (RFC 1952 section 8).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }

    static func checksum(_ content: Data) -> UInt32 {
        ~content.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
