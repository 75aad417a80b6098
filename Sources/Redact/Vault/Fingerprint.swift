internal import Crypto
internal import FoundationEssentials

/// Makes the markers of one run: the same secret always gets the same, and nobody without the key can test a guess.
struct Fingerprint: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: 32 bytes.
    init(key: [UInt8]) throws(RedactionError) {
        guard key.count == 32 else {
            throw RedactionError(.badKey, subject: "fingerprint key", reason: "\(key.count) bytes long instead of 32")
        }
        self.key = SymmetricKey(data: key)
    }

    /// `REDACTED.<rule id>.<12 hex>`, the hex being the first 48 bits of HMAC-SHA-256 over the value.
    func marker(rule: String, value: [UInt8]) -> String {
        Self.marker(rule: rule, code: HMAC<SHA256>.authenticationCode(for: value, using: key))
    }

    /// For values that are too long to be held; ``marker(rule:code:)`` makes the same marker of its code.
    func hasher() -> HMAC<SHA256> { HMAC<SHA256>(key: key) }

    static func marker(rule: String, code: HMAC<SHA256>.MAC) -> String {
        "REDACTED.\(rule).\(RuleSet.hex(code.prefix(6)))"
    }
}
