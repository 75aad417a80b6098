internal import Crypto

/// The last gzip member of a bundle: empty, with the SHA-256 of all bytes before it in an extra field (RFC 1952,
/// 2.3.1.1, subfield `AC`).
///
/// gzip's own check sum covers what comes out, not what goes in: a changed byte of the packed data may unpack to the
/// same content. With this, every changed byte shows. Other programs see a member that adds nothing.
enum ClosingMember {
    static let count = head.count + SHA256.byteCount + tail.count

    /// Flag 4: there is an extra field; 36 bytes of it: identifiers, 32 as its length, the digest.
    private static let head: [UInt8] =
        [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 36, 0, UInt8(ascii: "A"), UInt8(ascii: "C"), 32, 0]
    /// An empty final block, CRC-32 and length of nothing.
    private static let tail: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// - Parameter hash: of everything before.
    static func bytes(for hash: SHA256) -> [UInt8] { head + Array(hash.finalize()) + tail }
}
