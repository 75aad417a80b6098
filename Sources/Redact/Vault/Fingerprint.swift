internal import Crypto
internal import FoundationEssentials

/// Makes the markers of one run: the same secret always gets the same, and nobody without the key can test a guess.
///
/// A code is the first 48 bits of SHA-256 over the key, 32 bytes, and the value. As only a part of the digest is ever
/// shown, it can't be extended to that of a longer value; a quarter of the time of HMAC counts where every line of a
/// configuration is a secret.
struct Fingerprint: Sendable {
    private let key: [UInt8]

    /// - Parameter key: 32 bytes.
    init(key: [UInt8]) throws(RedactionError) {
        guard key.count == 32 else {
            throw RedactionError(.badKey, subject: "fingerprint key", reason: "\(key.count) bytes long instead of 32")
        }
        self.key = key
    }

    /// `REDACTED.<rule id>.<12 hex>`.
    func marker(rule: String, value: [UInt8]) -> String {
        var text: [UInt8] = []
        Marker.write(rule: rule, code: code(value), to: &text)
        return text.text
    }

    /// The 48 bits of a value's marker.
    func code(_ value: [UInt8]) -> UInt64 { Self.code(SHA256.hash(data: key + value)) }

    /// For values that are too long to be held; ``marker(rule:digest:)`` makes the same marker of its digest.
    func hasher() -> SHA256 {
        var hasher = SHA256()
        hasher.update(data: key)
        return hasher
    }

    static func marker(rule: String, digest: SHA256.Digest) -> String {
        var text: [UInt8] = []
        Marker.write(rule: rule, code: code(digest), to: &text)
        return text.text
    }

    static func code(_ digest: SHA256.Digest) -> UInt64 {
        unsafe digest.withUnsafeBytes { unsafe $0.prefix(6).reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
