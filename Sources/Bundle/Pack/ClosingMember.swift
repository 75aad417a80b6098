internal import Crypto

/// The last gzip member of a bundle: empty, with the SHA-256 of all bytes before the digest itself in an extra field
/// (subfield `AC`), and with where the index begins (subfield `AO`).
///
/// gzip's own check sum covers what comes out, not what goes in: a changed byte of the packed data may unpack to the
/// same content. With this, every changed byte shows. Other programs see a member that adds nothing.
struct ClosingMember: Equatable {
    /// Where the members of the index begin; nil in bundles of version 0.1, which have none.
    var indexOffset: Int?

    /// The longest form.
    static let maxCount = 70
    /// Bytes behind the digest: an empty final block, CRC-32 and length of nothing.
    private static let tail: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    private static let head: [UInt8] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]
    private static let digestField: [UInt8] = [UInt8(ascii: "A"), UInt8(ascii: "C"), 32, 0]

    /// What stands before the digest, and is part of what it covers where there is an index.
    private var front: [UInt8] {
        guard let indexOffset else { return ClosingMember.head + [36, 0] + ClosingMember.digestField }
        let offset = (0..<8).map { UInt8(truncatingIfNeeded: indexOffset >> (8 * $0)) }
        return ClosingMember.head + [48, 0, UInt8(ascii: "A"), UInt8(ascii: "O"), 8, 0] + offset
            + ClosingMember.digestField
    }

    var count: Int { front.count + 32 + ClosingMember.tail.count }

    /// - Parameter hash: of everything before.
    func bytes(for hash: SHA256) -> [UInt8] {
        var hash = hash
        if indexOffset != nil { hash.update(data: front) }
        return front + Array(hash.finalize()) + ClosingMember.tail
    }

    /// Recognises the closing member at the end of `bytes`, whatever its digest; nil if there is none.
    init?(endOf bytes: [UInt8]) {
        for hasIndex in [true, false] {
            var candidate = ClosingMember(indexOffset: hasIndex ? 0 : nil)
            guard bytes.count >= candidate.count else { continue }
            let member = Array(bytes.suffix(candidate.count))
            if hasIndex {
                let number = member[16..<24].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                guard let offset = Int(exactly: number) else { continue }
                candidate.indexOffset = offset
            }
            if member.starts(with: candidate.front), member.suffix(10).elementsEqual(ClosingMember.tail) {
                self = candidate
                return
            }
        }
        return nil
    }

    init(indexOffset: Int?) { self.indexOffset = indexOffset }
}
