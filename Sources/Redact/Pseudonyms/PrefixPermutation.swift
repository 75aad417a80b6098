internal import Crypto
internal import Synchronization

/// A keyed permutation of bit strings that keeps common prefixes: two values that agree in their first *k* bits, and no
/// more, are mapped to two that agree in their first *k* bits, and no more (Xu, Fan, Ammar, Moon 2002, "Crypto-PAn").
///
/// Whether a bit is flipped is decided by a pseudorandom function of the bits before it. One HMAC-SHA-256 over the bytes
/// before a byte decides for the whole byte: its 255 possible prefixes select one bit each of the 256.
final class PrefixPermutation: Sendable {
    /// What is permuted. Each kind has its own permutation.
    enum Kind: UInt8 {
        case ipv4 = 4
        case ipv6 = 6
        case mac = 48

        /// The number of bits.
        var width: Int {
            switch self {
            case .ipv4: 32
            case .ipv6: 128
            case .mac: 48
            }
        }
    }

    private struct Prefix: Hashable {
        let kind: Kind
        let bytes: Int
        let bits: UInt128
    }

    /// 256 decisions, of which the first is never asked for.
    private struct Flips {
        let words: (UInt64, UInt64, UInt64, UInt64)

        subscript(node: Int) -> Bool {
            let word =
                switch node >> 6 {
                case 0: words.0
                case 1: words.1
                case 2: words.2
                default: words.3
                }
            return word >> UInt64(node & 63) & 1 == 1
        }
    }

    /// What is remembered at most: some 6 MiB.
    private static let capacity = 50_000

    private let key: SymmetricKey
    private let known = Mutex<[Prefix: Flips]>([:])

    init(key: SymmetricKey) {
        self.key = key
    }

    /// - Parameters:
    ///   - value: its bits stand at the top.
    ///   - start: the first bit that may change.
    ///   - pinned: bits that never change.
    func apply(_ value: UInt128, _ kind: Kind, from start: Int, pinned: UInt128 = 0) -> UInt128 {
        walk(value, kind, from: start, pinned: pinned) { bit, flip in (original: bit, result: bit != flip) }
    }

    /// The value that ``apply(_:_:from:pinned:)`` makes into `value`, given the same `start` and `pinned`.
    func invert(_ value: UInt128, _ kind: Kind, from start: Int, pinned: UInt128 = 0) -> UInt128 {
        walk(value, kind, from: start, pinned: pinned) { bit, flip in (original: bit != flip, result: bit != flip) }
    }

    private func walk(
        _ value: UInt128, _ kind: Kind, from start: Int, pinned: UInt128,
        _ step: (_ bit: Bool, _ flip: Bool) -> (original: Bool, result: Bool)
    ) -> UInt128 {
        guard start < kind.width else { return value }
        let first = start / 8 * 8
        // The prefix, as it was before the permutation.
        var original = first == 0 ? 0 : (value >> UInt128(128 - first)) << UInt128(128 - first)
        var result = original
        for offset in stride(from: first, to: kind.width, by: 8) {
            let flips = flips(Prefix(kind: kind, bytes: offset / 8, bits: original))
            var node = 1
            for position in offset..<(offset + 8) {
                let mask: UInt128 = 1 << UInt128(127 - position)
                let mayFlip = position >= start && pinned & mask == 0
                let bits = step(value & mask != 0, mayFlip && flips[node])
                if bits.original { original |= mask }
                if bits.result { result |= mask }
                node = node << 1 | (bits.original ? 1 : 0)
            }
        }
        return result
    }

    private func flips(_ prefix: Prefix) -> Flips {
        if let flips = known.withLock({ $0[prefix] }) { return flips }
        var message = [prefix.kind.rawValue, UInt8(prefix.bytes)]
        for index in 0..<prefix.bytes {
            message.append(UInt8(truncatingIfNeeded: prefix.bits >> UInt128(120 - 8 * index)))
        }
        let code = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        func word(_ index: Int) -> UInt64 {
            code[(8 * index)..<(8 * index + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let flips = Flips(words: (word(0), word(1), word(2), word(3)))
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[prefix] = flips
        }
        return flips
    }
}
