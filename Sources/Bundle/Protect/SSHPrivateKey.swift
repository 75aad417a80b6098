internal import Crypto
internal import FoundationEssentials

/// An unencrypted Ed25519 key in OpenSSH's own format (PROTOCOL.key).
struct SSHPrivateKey: Sendable {
    let publicKey: SSHPublicKey
    /// RFC 8032's private key.
    let seed: [UInt8]

    /// - Throws: ``BundleError`` `.badKey`.
    init(file bytes: [UInt8], name: String) throws(BundleError) {
        func bad(_ reason: String, hint: String? = nil) -> BundleError {
            BundleError(.badKey, name, reason, hint: hint ?? "make one with: ssh-keygen -t ed25519 -N '' -f FILE")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN OPENSSH PRIVATE KEY-----", lines.last == "-----END OPENSSH PRIVATE KEY-----",
            let blob = Base64.decode(lines.dropFirst().dropLast().joined())
        else { throw bad("is no private key in OpenSSH's format") }
        var reader = SSHWire(blob)
        guard reader.take(Array("openssh-key-v1\0".utf8)), let cipher = reader.text(), let kdf = reader.text(),
            reader.string() != nil, let count = reader.uint32(), let outer = reader.string(),
            let secret = reader.string(), reader.rest.isEmpty
        else { throw bad("is damaged") }
        guard cipher == "none", kdf == "none" else {
            throw bad("is protected by a passphrase", hint: "use a key without one, kept where only you can read it")
        }
        guard count == 1 else { throw bad("holds more than one key") }
        guard let publicKey = SSHPublicKey(wire: outer) else { throw bad("is no Ed25519 key") }
        var inner = SSHWire(secret)
        guard let check = inner.uint32(), inner.uint32() == check, inner.text() == SSHPublicKey.kind,
            inner.string() == publicKey.raw, let pair = inner.string(), pair.count == 64, inner.string() != nil,
            inner.rest.count < 8, inner.rest.elementsEqual(1..<UInt8(1 + inner.rest.count)),
            Array(pair.suffix(32)) == publicKey.raw
        else { throw bad("is damaged") }
        let seed = Array(pair.prefix(32))
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            Array(key.publicKey.rawRepresentation) == publicKey.raw
        else { throw bad("does not fit its own public key") }
        self.publicKey = publicKey
        self.seed = seed
    }
}
