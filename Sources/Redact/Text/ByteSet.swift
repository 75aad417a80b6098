/// A set of bytes.
struct ByteSet: Sendable, Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init(_ characters: StaticString) {
        for byte in [UInt8](characters) { insert(byte) }
    }

    func contains(_ byte: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    /// The byte of a set of one.
    var only: UInt8? {
        let parts = [words.0, words.1, words.2, words.3]
        guard parts.reduce(0, { $0 + $1.nonzeroBitCount }) == 1, let part = parts.firstIndex(where: { $0 != 0 }) else {
            return nil
        }
        return UInt8(part * 64 + parts[part].trailingZeroBitCount)
    }

    func meets(_ other: ByteSet) -> Bool {
        words.0 & other.words.0 != 0 || words.1 & other.words.1 != 0 || words.2 & other.words.2 != 0
            || words.3 & other.words.3 != 0
    }

    static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }
}
