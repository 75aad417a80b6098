/// Ranges of addresses that a permutation maps to themselves (RFC 6890, RFC 4291).
struct AddressRange: Sendable {
    /// What happens below the prefix.
    enum Inside {
        /// Addresses stay as they are.
        case fixed
        /// Addresses are permuted among themselves.
        case permuted
    }

    /// At the top of the word.
    let bits: UInt128
    let length: Int
    let inside: Inside

    private init(_ bits: UInt128, _ length: Int, _ inside: Inside) {
        self.bits = bits
        self.length = length
        self.inside = inside
    }

    private static func v4(_ a: UInt128, _ b: UInt128, _ length: Int, _ inside: Inside) -> AddressRange {
        AddressRange(a << 120 | b << 112, length, inside)
    }

    /// Unspecified and "this network", loopback, link-local, multicast, and what is above it: broadcast and netmasks
    /// stay; private addresses and those of carriers stay private.
    static let ipv4 = [
        v4(0, 0, 8, .fixed), v4(10, 0, 8, .permuted), v4(100, 64, 10, .permuted), v4(127, 0, 8, .fixed),
        v4(169, 254, 16, .fixed), v4(172, 16, 12, .permuted), v4(192, 168, 16, .permuted), v4(224, 0, 3, .fixed),
    ]

    /// Unique local addresses stay such. The interface part of a link-local address, and the end of a solicited-node
    /// multicast address, name an interface card, so they change. Addresses that hold an IPv4 address are mapped by it.
    static let ipv6 = [
        AddressRange(0, 96, .fixed), AddressRange(0xFFFF << 32, 96, .fixed),
        AddressRange(0x0064_FF9B << 96, 96, .fixed), AddressRange(0xFC << 120, 7, .permuted),
        AddressRange(0xFE80 << 112, 64, .permuted), AddressRange(0xFF << 120, 8, .fixed),
    ]

    static let solicitedNode = AddressRange(0xFF02 << 112 | 0x1_FF00_0000, 104, .permuted)

    func contains(_ value: UInt128) -> Bool { (value ^ bits) >> UInt128(128 - length) == 0 }

    /// The first bit of `value` that a permutation may change without moving any address into or out of a range: behind
    /// the bit that tells it from each range outside, behind the prefix of the one it lies in.
    static func firstFreeBit(of value: UInt128, in ranges: [AddressRange], width: Int) -> Int {
        ranges.reduce(0) { first, range in
            if range.contains(value) { return max(first, range.inside == .fixed ? width : range.length) }
            return max(first, (value ^ range.bits).leadingZeroBitCount + 1)
        }
    }
}
