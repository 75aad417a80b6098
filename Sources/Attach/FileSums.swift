internal import Crypto
internal import FoundationEssentials
internal import SystemPackage

/// A bundle that is open for sending, and the check sums that servers compare by.
final class SourceFile: Sendable {
    let path: String
    let descriptor: FileDescriptor
    let bytes: Int
    let sha256: String
    /// Base64, as Cloud Storage tells them.
    let md5: String
    let crc32c: String

    /// - Throws: ``AttachError`` `.usage` when it can't be read.
    init(_ path: String) throws(AttachError) {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            var (sha, md5, crc) = (SHA256(), Insecure.MD5(), CRC32C())
            var count = 0
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            do {
                while true {
                    let got = try unsafe buffer.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
                    if got == 0 { break }
                    let piece = buffer[..<got]
                    sha.update(data: piece)
                    md5.update(data: piece)
                    crc.update(piece)
                    count += got
                }
            } catch {
                try? file.close()
                throw error
            }
            descriptor = file
            bytes = count
            sha256 = sha.finalize().map { Self.hex($0) }.joined()
            self.md5 = Data(md5.finalize()).base64EncodedString()
            crc32c = Data(crc.bytes).base64EncodedString()
            self.path = path
        } catch {
            throw AttachError(.usage, "'\(path)'", "can't be read", hint: "check the name and the rights")
        }
    }

    deinit { try? descriptor.close() }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// CRC-32 with Castagnoli's polynomial (RFC 3720), four bytes at a time.
struct CRC32C {
    private static let tables: [[UInt32]] = {
        var first = [UInt32](repeating: 0, count: 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            first[index] = value
        }
        var tables = [first]
        for number in 1..<4 {
            tables.append(tables[number - 1].map { $0 >> 8 ^ first[Int($0 & 0xFF)] })
        }
        return tables
    }()

    private var state: UInt32 = 0xFFFF_FFFF

    mutating func update(_ piece: ArraySlice<UInt8>) {
        let (t0, t1, t2, t3) = (Self.tables[0], Self.tables[1], Self.tables[2], Self.tables[3])
        var state = state
        var index = piece.startIndex
        while index + 4 <= piece.endIndex {
            let low = UInt32(piece[index]) | UInt32(piece[index + 1]) << 8
            state ^= low | UInt32(piece[index + 2]) << 16 | UInt32(piece[index + 3]) << 24
            state =
                t3[Int(state & 0xFF)] ^ t2[Int(state >> 8 & 0xFF)] ^ t1[Int(state >> 16 & 0xFF)] ^ t0[Int(state >> 24)]
            index += 4
        }
        while index < piece.endIndex {
            state = state >> 8 ^ t0[Int((state ^ UInt32(piece[index])) & 0xFF)]
            index += 1
        }
        self.state = state
    }

    /// Big endian.
    var bytes: [UInt8] {
        let value = ~state
        return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    }
}
