/// Bech32 (BIP 173) without its limit of 90 characters, as age writes keys.
enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// The human-readable part in lower case, and the bytes; nil for anything that breaks a rule.
    static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        let lower = text.lowercased()
        guard text == lower || text == text.uppercased(), text.utf8.count <= 1000 else { return nil }
        let characters = Array(lower.utf8)
        guard let separator = characters.lastIndex(of: UInt8(ascii: "1")), separator > 0,
            characters.count - separator > 6, characters[..<separator].allSatisfy({ (33...126).contains($0) })
        else { return nil }
        var values: [UInt8] = []
        for character in characters[(separator + 1)...] {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            values.append(UInt8(value))
        }
        let prefix = characters[..<separator]
        guard checksum(prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 } + values) == 1,
            let bytes = regroup(values.dropLast(6))
        else { return nil }
        return (String(decoding: prefix, as: UTF8.self), bytes)
    }

    private static func checksum(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        return values.reduce(1) { sum, value in
            let top = sum >> 25
            let next = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            return generator.enumerated().reduce(next) { $0 ^ (top >> $1.offset & 1 == 1 ? $1.element : 0) }
        }
    }

    /// Groups of five bits to bytes; what is left over must be zero and shorter than a group.
    private static func regroup(_ values: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits = 0
        var held: UInt32 = 0
        for value in values {
            held = held << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
                held &= (1 << UInt32(bits)) - 1
            }
        }
        return bits < 5 && held == 0 ? bytes : nil
    }
}
