internal import Crypto
internal import Platform
internal import Redact

/// Random or derived identifiers.
enum Identifier {
    /// 16 hex digits; from the run's key where time stands still.
    static func random(using context: RunContext) -> String {
        guard context.clock.fixed != nil else { return hex(SymmetricKey(size: .init(bitCount: 64)).bytes) }
        return String(context.redactor.marker(rule: "id", value: Array(context.playbook.id.utf8)).suffix(12))
    }

    /// A random UUID of version 4, or one derived from `seed` (version 8, RFC 9562 section 5.8).
    static func uuid(seed: [UInt8]?) -> String {
        var bytes: [UInt8]
        if let seed {
            bytes = Array(SHA256.hash(data: seed).prefix(16))
            bytes[6] = bytes[6] & 0x0F | 0x80
        } else {
            bytes = SymmetricKey(size: .bits128).bytes
            bytes[6] = bytes[6] & 0x0F | 0x40
        }
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(hex(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension SymmetricKey {
    var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension Identifier {
    /// 32 random bytes.
    static func randomKey() -> [UInt8] { SymmetricKey(size: .bits256).bytes }
}
