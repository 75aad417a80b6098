/// Whether bytes in the middle of a stream begin a TLS record, judged strictly: nothing is known of what came before.
public enum TLSRecordCheck {
    /// TLSPlaintext holds 2^14 bytes, TLSCiphertext of TLS 1.2 up to 2,048 more (RFC 5246 section 6.2.3).
    public static let maximumRecordLength = 16_384 + 2_048
    public static let maximumMessageLength = 131_072
    /// The handshake messages that are sent in clear (RFC 5246 section 7.4, RFC 8446 section 4).
    public static let clearMessages: Set<UInt8> = [0, 1, 2, 4, 11, 12, 13, 14, 15, 16, 22]

    /// What a stream tells of itself at the start of a segment.
    public enum Kind: Sendable { case changeCipherSpec, alert, handshake, encrypted }

    /// What begins here; nil when it is no record, or one that cannot be told from chance.
    public static func kind(of bytes: ArraySlice<UInt8>) -> Kind? { kind(of: bytes.span) }

    package static func kind(of bytes: Span<UInt8>) -> Kind? {
        guard bytes.count > 5, bytes[1] == 3, bytes[2] <= 4, let word = bytes.uint16(at: 3) else { return nil }
        let length = Int(word)
        guard length > 0, length <= maximumRecordLength else { return nil }
        switch bytes[0] {
        case 20: return length == 1 && bytes[5] == 1 ? .changeCipherSpec : nil
        case 21: return length == 2 && (1...2).contains(bytes[5]) ? .alert : nil
        case 22: return isClearHandshake(bytes, from: 5, end: 5 + length) ? .handshake : nil
        case 23: return length >= 17 ? .encrypted : nil
        default: return nil
        }
    }

    /// Whether the messages from `start` on are sent in clear, as far as they are there and within the record that ends
    /// at `end`. The last of them, be it a part of its header alone, may run beyond it.
    package static func isClearHandshake(_ bytes: Span<UInt8>, from start: Int, end: Int) -> Bool {
        // What is behind the record is the header of another one.
        let known = bytes.extracting(0..<min(bytes.count, end))
        guard start < known.count else { return false }
        var offset = start
        while offset < known.count {
            let type = known[offset]
            guard isClearMessage(type) else { return false }
            guard let word = known.uint32(at: offset) else { return isBeginning(known, at: offset) }
            let length = Int(word & 0xFF_FFFF)
            guard length <= maximumMessageLength, isPlausible(known, type: type, length, at: offset + 4) else {
                return false
            }
            offset += 4 + length
        }
        return true
    }

    /// Whether the first bytes of a message's length fit its type.
    private static func isBeginning(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
        guard let high = bytes.byte(at: offset + 1) else { return true }
        return Int(high) << 16 <= maximumMessageLength
    }

    /// Whether messages of this type are sent in clear: ``clearMessages``.
    package static func isClearMessage(_ type: UInt8) -> Bool { type < 32 && 0x0041_F817 >> UInt32(type) & 1 == 1 }

    /// A look into the message as far as it is there: enough that chance does not pass.
    private static func isPlausible(_ bytes: Span<UInt8>, type: UInt8, _ length: Int, at start: Int) -> Bool {
        switch type {
        case 0, 14: return length == 0
        case 1, 2:
            return length >= 38 && bytes.byte(at: start).map { $0 == 3 } != false
                && bytes.byte(at: start + 1).map { $0 <= 4 } != false
        case 11:
            guard let word = bytes.uint32(at: start) else { return true }
            // TLS 1.2: the length of the list is all that precedes it.
            return Int(word >> 8) == length - 3
        default: return length >= 2
        }
    }
}
