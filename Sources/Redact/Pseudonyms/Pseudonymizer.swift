internal import Crypto
internal import Synchronization

/// Gives addresses and names other names, the same for the same key: in text, captures, items and on all nodes.
///
/// IP addresses keep their relations: what shared a subnet still does, private ones stay private. The rewritten address
/// stands in packets; text shows it behind `ip-`, so that nobody takes it for a true one and a second pass leaves it.
/// Names are shown as 64 bits of HMAC-SHA-256 behind a readable kind.
public final class Pseudonymizer: Sendable {
    /// What a pseudonym stands in for; part of what is hashed, so that kinds never collide.
    enum Kind: String {
        case host, domain, subdomain, user
    }

    private let permutation: PrefixPermutation
    private let nameKey: SymmetricKey
    /// Of which the key of a map is derived.
    let mapKey: [UInt8]
    private let names = Mutex<[String: String]>([:])
    private let addresses = Mutex<[UInt32: String]>([:])
    /// What was replaced, for the customer's reverse map; nil unless it was asked for.
    let journal: PseudonymJournal?

    /// What is remembered at most.
    private static let capacity = 20_000

    /// - Parameters:
    ///   - key: 32 bytes; two of one key give the same pseudonyms.
    ///   - recording: whether to remember what was replaced, for the pseudonym map.
    /// - Throws: ``RedactionError`` `.badKey`.
    public init(key: [UInt8], recording: Bool = false) throws(RedactionError) {
        guard key.count == 32 else {
            throw RedactionError(.badKey, subject: "pseudonym key", reason: "\(key.count) bytes long instead of 32")
        }
        permutation = PrefixPermutation(key: Self.derived(key, "addresses"))
        nameKey = Self.derived(key, "names")
        mapKey = key
        journal = recording ? PseudonymJournal() : nil
    }

    /// A key for one purpose only.
    static func derived(_ key: [UInt8], _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Array("apigee-collect pseudonyms v1: \(purpose)".utf8),
            outputByteCount: 32)
    }

    // MARK: - Addresses

    /// The IPv4 address that stands for `address`.
    public func ipv4(_ address: UInt32) -> UInt32 { ipv4(address, permutation.apply) }

    /// The IPv4 address that `pseudonym` stands for.
    public func originalIPv4(_ pseudonym: UInt32) -> UInt32 { ipv4(pseudonym, permutation.invert) }

    /// The IPv6 address that stands for `address`, both as numbers in network order.
    public func ipv6(_ address: UInt128) -> UInt128 { ipv6(address, permutation.apply, ipv4) }

    /// The IPv6 address that `pseudonym` stands for.
    public func originalIPv6(_ pseudonym: UInt128) -> UInt128 { ipv6(pseudonym, permutation.invert, originalIPv4) }

    /// The hardware address (EUI-48, in the low 48 bits) that stands for `address`: group addresses stay, universal ones
    /// stay universal, local ones local; one vendor's stay together.
    public func mac(_ address: UInt64) -> UInt64 { mac(address, permutation.apply, ipv6) }

    /// The hardware address that `pseudonym` stands for.
    public func originalMAC(_ pseudonym: UInt64) -> UInt64 { mac(pseudonym, permutation.invert, originalIPv6) }

    private typealias Walk = (UInt128, PrefixPermutation.Kind, Int, UInt128) -> UInt128

    private func ipv4(_ address: UInt32, _ walk: Walk) -> UInt32 {
        let value = UInt128(address) << 96
        let first = AddressRange.firstFreeBit(of: value, in: AddressRange.ipv4, width: 32)
        return UInt32(truncatingIfNeeded: walk(value, .ipv4, first, 0) >> 96)
    }

    private func ipv6(_ address: UInt128, _ walk: Walk, _ embedded: (UInt32) -> UInt32) -> UInt128 {
        if AddressRange.ipv6[..<3].contains(where: { $0.contains(address) }) {
            return (address >> 32) << 32 | UInt128(embedded(UInt32(truncatingIfNeeded: address)))
        }
        if AddressRange.solicitedNode.contains(address) {
            return walk(address, .ipv6, AddressRange.solicitedNode.length, 0)
        }
        let first = AddressRange.firstFreeBit(of: address, in: AddressRange.ipv6, width: 128)
        return walk(address, .ipv6, first, 0)
    }

    private func mac(_ address: UInt64, _ walk: Walk, _ group: (UInt128) -> UInt128) -> UInt64 {
        let value = UInt128(address) << 80
        guard address != 0, address >> 40 & 1 == 0 else {
            // RFC 2464: such an address ends as its IPv6 group does.
            guard address >> 24 == 0x33_33FF else { return address }
            let end = group(AddressRange.solicitedNode.bits | UInt128(address & 0xFF_FFFF))
            return 0x33_33FF << 24 | UInt64(truncatingIfNeeded: end & 0xFF_FFFF)
        }
        // The two low bits of the first byte: group, and locally administered.
        let pinned: UInt128 = 0b11 << 120
        var result = walk(value, .mac, 0, pinned)
        // Nothing becomes the empty address, which stays: what would is walked on.
        if result == 0 { result = walk(result, .mac, 0, pinned) }
        return UInt64(truncatingIfNeeded: result >> 80)
    }

    /// The text of an IPv4 address, remembered.
    func remembered(_ address: UInt32, _ make: () -> String) -> String {
        if let text = addresses.withLock({ $0[address] }) { return text }
        let text = make()
        addresses.withLock { addresses in
            if addresses.count >= Self.capacity { addresses.removeAll(keepingCapacity: true) }
            addresses[address] = text
        }
        return text
    }

    // MARK: - Names

    /// 16 hex digits that stand for a name.
    func digits(_ kind: Kind, _ name: String) -> String {
        let text = "\(kind.rawValue)\u{0}\(name)"
        return remembered(text) {
            RuleSet.hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: nameKey).prefix(8))
        }
    }

    /// What was made of `key` before, or else what `make` makes.
    func remembered(_ key: String, _ make: () -> String) -> String {
        if let text = names.withLock({ $0[key] }) { return text }
        let text = make()
        names.withLock { names in
            if names.count >= Self.capacity { names.removeAll(keepingCapacity: true) }
            names[key] = text
        }
        return text
    }
}
