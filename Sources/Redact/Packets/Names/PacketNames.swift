import Packets

/// Gives addresses and names others of the same length, the same ones as in text: see ``Pseudonymizer``.
protocol PacketPseudonyms: Sendable {
    func ipv4(_ address: UInt32) -> UInt32
    func ipv6(_ address: UInt128) -> UInt128
    /// In the low 48 bits.
    func mac(_ address: UInt64) -> UInt64
    /// A host name of the same length, or the name itself where it tells nothing.
    func captured(host: String) -> String
    /// A common name of a certificate: that of a host or a person is replaced.
    func captured(commonName: String) -> String
    /// A person's name or user, always replaced.
    func captured(person: String) -> String
}

/// What rewrites the addresses and names of a capture at level `strict`, and remembers what it gave.
final class PacketNames {
    /// What is remembered at most, of each kind.
    private static let capacity = 16_384

    let pseudonyms: any PacketPseudonyms
    private var addresses: [UInt128: UInt128] = [:]
    private var cards: [UInt64: UInt64] = [:]
    private var hosts: [[UInt8]: [UInt8]] = [:]

    init(_ pseudonyms: any PacketPseudonyms) { self.pseudonyms = pseudonyms }

    /// Rewrites the IPv4 address at `offset`.
    func ipv4(_ bytes: inout MutableSpan<UInt8>, at offset: Int) {
        guard let address = bytes.span.uint32(at: offset) else { return }
        // IPv4 addresses have a place of their own among the keys.
        let key = UInt128(address) | 0xFFFF << 112
        let new = UInt32(truncatingIfNeeded: addresses[key] ?? remember(key, UInt128(pseudonyms.ipv4(address))))
        bytes.store(UInt16(new >> 16), at: offset)
        bytes.store(UInt16(new & 0xFFFF), at: offset + 2)
    }

    func ipv6(_ bytes: inout MutableSpan<UInt8>, at offset: Int) {
        guard let high = bytes.span.uint64(at: offset), let low = bytes.span.uint64(at: offset + 8) else { return }
        let address = UInt128(high) << 64 | UInt128(low)
        let new = addresses[address] ?? remember(address, pseudonyms.ipv6(address))
        for index in 0..<8 {
            bytes.store(UInt16(truncatingIfNeeded: new >> UInt128(112 - 16 * index)), at: offset + 2 * index)
        }
    }

    func mac(_ bytes: inout MutableSpan<UInt8>, at offset: Int) {
        guard let high = bytes.span.uint32(at: offset), let low = bytes.span.uint16(at: offset + 4) else { return }
        let address = UInt64(high) << 16 | UInt64(low)
        let new = cards[address] ?? pseudonyms.mac(address)
        if cards.count >= PacketNames.capacity { cards.removeAll(keepingCapacity: true) }
        cards[address] = new
        for index in 0..<3 {
            bytes.store(UInt16(truncatingIfNeeded: new >> UInt64(32 - 16 * index)), at: offset + 2 * index)
        }
    }

    /// The host name that stands for `name`; as long as it.
    func host(_ name: [UInt8]) -> [UInt8] {
        if let known = hosts[name] { return known }
        var new = Array(pseudonyms.captured(host: String(decoding: name, as: UTF8.self)).utf8)
        if new.count != name.count { new = [UInt8](repeating: 0, count: name.count) }
        if hosts.count >= PacketNames.capacity { hosts.removeAll(keepingCapacity: true) }
        hosts[name] = new
        return new
    }

    func host(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        let new = host(range.map { bytes[$0] })
        for (index, byte) in zip(range, new) { bytes[index] = byte }
    }

    private func remember(_ key: UInt128, _ value: UInt128) -> UInt128 {
        if addresses.count >= PacketNames.capacity { addresses.removeAll(keepingCapacity: true) }
        addresses[key] = value
        return value
    }
}
