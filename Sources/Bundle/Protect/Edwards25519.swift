/// The map from an Ed25519 public key to the Curve25519 key of the same point: u = (1 + y) / (1 - y) mod 2^255 - 19
/// (RFC 7748, section 4.1). Public keys only, so nothing here needs constant time.
enum Edwards25519 {
    /// - Returns: nil for the one point that has no counterpart, and for no field element.
    static func montgomery(_ publicKey: [UInt8]) -> [UInt8]? {
        guard publicKey.count == 32 else { return nil }
        var bytes = publicKey
        // The top bit is the sign of x, which u does not depend on.
        bytes[31] &= 0x7f
        let y = Element(bytes)
        guard y.bytes == bytes else { return nil }
        let below = Element.one - y
        guard below != Element.zero else { return nil }
        return ((Element.one + y) * below.inverse).bytes
    }

    /// A number modulo 2^255 - 19, always fully reduced.
    private struct Element: Equatable {
        private var limbs: [UInt64]
        private static let prime: [UInt64] = [
            0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff,
        ]
        static let zero = Element(limbs: [0, 0, 0, 0])
        static let one = Element(limbs: [1, 0, 0, 0])

        private init(limbs: [UInt64]) { self.limbs = limbs }

        init(_ bytes: [UInt8]) {
            limbs = [0, 0, 0, 0]
            for (index, byte) in bytes.enumerated() { limbs[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8) }
            reduce()
        }

        var bytes: [UInt8] {
            limbs.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
        }

        /// From less than 2^256 to less than the prime.
        private mutating func reduce() {
            while limbs.lexicographicallyReversedAtLeast(Element.prime) {
                var borrow = false
                for index in 0..<4 {
                    let (first, one) = limbs[index].subtractingReportingOverflow(Element.prime[index])
                    let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
                    limbs[index] = second
                    borrow = one || two
                }
            }
        }

        static func + (left: Element, right: Element) -> Element {
            var sum = left.limbs
            var carry = false
            for index in 0..<4 {
                let (first, one) = sum[index].addingReportingOverflow(right.limbs[index])
                let (second, two) = first.addingReportingOverflow(carry ? 1 : 0)
                sum[index] = second
                carry = one || two
            }
            var result = Element(limbs: sum)
            result.reduce()
            return result
        }

        static func - (left: Element, right: Element) -> Element {
            // prime - right, which is not negative.
            var negative = prime
            var borrow = false
            for index in 0..<4 {
                let (first, one) = negative[index].subtractingReportingOverflow(right.limbs[index])
                let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
                negative[index] = second
                borrow = one || two
            }
            return left + Element(limbs: negative)
        }

        static func * (left: Element, right: Element) -> Element {
            var wide = [UInt64](repeating: 0, count: 8)
            for i in 0..<4 {
                var carry: UInt64 = 0
                for j in 0..<4 {
                    carry = multiplyAdd(left.limbs[i], right.limbs[j], carry, into: &wide[i + j])
                }
                wide[i + 4] = carry
            }
            // 2^256 is 38 here; twice, since the first round leaves a small rest.
            var low = Array(wide[..<4])
            var carry: UInt64 = 0
            for index in 0..<4 { carry = multiplyAdd(wide[index + 4], 38, carry, into: &low[index]) }
            while carry > 0 {
                var addend = carry * 38
                for index in 0..<4 {
                    let (sum, overflow) = low[index].addingReportingOverflow(addend)
                    low[index] = sum
                    addend = overflow ? 1 : 0
                }
                carry = addend
            }
            var result = Element(limbs: low)
            result.reduce()
            return result
        }

        /// `place` += a * b + carry; returns the new carry.
        private static func multiplyAdd(_ a: UInt64, _ b: UInt64, _ carry: UInt64, into place: inout UInt64) -> UInt64 {
            var (high, low) = a.multipliedFullWidth(by: b)
            for addend in [carry, place] {
                let (sum, overflow) = low.addingReportingOverflow(addend)
                low = sum
                if overflow { high += 1 }
            }
            place = low
            return high
        }

        /// By Fermat: to the power of the prime less two, whose bits are all set but the second and fourth lowest.
        var inverse: Element {
            var result = Element.one
            for bit in (0..<255).reversed() {
                result = result * result
                if bit != 2, bit != 4 { result = result * self }
            }
            return result
        }
    }
}

extension [UInt64] {
    /// Whether the number, lowest limb first, is at least the other one.
    fileprivate func lexicographicallyReversedAtLeast(_ other: [UInt64]) -> Bool {
        for (mine, theirs) in zip(reversed(), other.reversed()) where mine != theirs { return mine > theirs }
        return true
    }
}
