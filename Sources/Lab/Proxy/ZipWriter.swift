import Foundation

/// A zip archive in memory (PKWARE APPNOTE 6.3), members deflated as `gzip` deflates them.
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
    mutating func add(_ name: String, _ content: Data) async throws {
        let gzip = try await Command.check("gzip", ["-n", "-c"], input: content)
        // A gzip member without a name is 10 bytes of header, deflate, CRC-32 and size (RFC 1952): zip has the same parts.
        guard gzip.count >= 18 else { throw LabError(.commandFailed, "gzip", "printed \(gzip.count) bytes") }
        let member = Member(
            name: Array(name.utf8), deflated: gzip.dropFirst(10).dropLast(8),
            crc: Self.number(gzip.suffix(8).prefix(4)),
            size: UInt32(content.count), offset: UInt32(bytes.count))
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

    private static func number(_ bytes: Data) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
