internal import Crypto
internal import FoundationEssentials

/// A detached signature in the SSHSIG format (OpenSSH's PROTOCOL.sshsig), Ed25519 over SHA-512.
struct SSHSignature {
    /// What `ssh-keygen -Y sign -n file` uses for files.
    static let namespace = "file"
    private static let magic = Array("SSHSIG".utf8)
    private static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"

    let key: SSHPublicKey
    let namespace: String
    let hashName: String
    private let reserved: [UInt8]
    private let signature: [UInt8]

    /// Signs a file whose SHA-512 is given.
    init(sha512 digest: [UInt8], by key: SSHPrivateKey) throws(BundleError) {
        self.key = key.publicKey
        namespace = SSHSignature.namespace
        hashName = "sha512"
        reserved = []
        let message = SSHSignature.message(namespace, reserved, hashName, digest)
        do {
            signature = Array(
                try Curve25519.Signing.PrivateKey(rawRepresentation: key.seed).signature(for: Data(message)))
        } catch {
            throw BundleError(.badKey, "signature", "it could not be made")
        }
    }

    /// The text of a `.sig` file.
    var armored: [UInt8] {
        let blob =
            SSHSignature.magic + SSHWire.uint32(1) + SSHWire.string(key.wire) + SSHWire.string(namespace)
            + SSHWire.string(reserved) + SSHWire.string(hashName)
            + SSHWire.string(SSHWire.string(SSHPublicKey.kind) + SSHWire.string(signature))
        let text = Array(Base64.encode(blob).utf8)
        var lines = [SSHSignature.begin]
        for start in stride(from: 0, to: text.count, by: 70) {
            lines.append(String(decoding: text[start..<min(text.count, start + 70)], as: UTF8.self))
        }
        return Array((lines + [SSHSignature.end, ""]).joined(separator: "\n").utf8)
    }

    /// Reads the text of a `.sig` file.
    /// - Throws: ``BundleError`` `.badSignature` for another kind of key or a damaged text.
    init(armored bytes: [UInt8], name: String) throws(BundleError) {
        func bad(_ reason: String) -> BundleError { BundleError(.badSignature, name, reason) }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == SSHSignature.begin, lines.last.map(String.init) == SSHSignature.end,
            let blob = Base64.decode(lines.dropFirst().dropLast().joined())
        else { throw bad("is no SSH signature") }
        var reader = SSHWire(blob)
        guard reader.take(SSHSignature.magic), reader.uint32() == 1, let key = reader.string(),
            let namespace = reader.text(), let reserved = reader.string(), let hashName = reader.text(),
            let outer = reader.string(), reader.rest.isEmpty
        else { throw bad("is a damaged SSH signature") }
        var inner = SSHWire(outer)
        guard let publicKey = SSHPublicKey(wire: key), inner.text() == SSHPublicKey.kind,
            let signature = inner.string(), signature.count == 64, inner.rest.isEmpty
        else { throw bad("is a signature by another kind of key than Ed25519") }
        guard hashName == "sha512" || hashName == "sha256" else { throw bad("uses the hash '\(hashName)'") }
        self.key = publicKey
        self.namespace = namespace
        self.hashName = hashName
        self.reserved = reserved
        self.signature = signature
    }

    /// Whether it is a signature of a file with that digest (of ``hashName``), by ``key``.
    func isRight(digest: [UInt8]) -> Bool {
        let message = SSHSignature.message(namespace, reserved, hashName, digest)
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key.raw) else { return false }
        return namespace == SSHSignature.namespace && key.isValidSignature(Data(signature), for: Data(message))
    }

    private static func message(
        _ namespace: String, _ reserved: [UInt8], _ hashName: String, _ digest: [UInt8]
    ) -> [UInt8] {
        magic + SSHWire.string(namespace) + SSHWire.string(reserved) + SSHWire.string(hashName)
            + SSHWire.string(digest)
    }
}

extension SSHPublicKey {
    /// As `ssh-keygen -l` shows it.
    var fingerprint: String { "SHA256:" + Base64.encode(Array(SHA256.hash(data: wire)), padded: false) }
}

/// The lines of an allowed-signers file (ssh-keygen(1)): who may sign with which key.
///
/// Lines with options other than `namespaces` are not used: what they restrict would go unheeded.
public struct AllowedSigners: Sendable {
    private let keys: [(principals: String, key: SSHPublicKey)]

    public init(file bytes: [UInt8]) {
        var keys: [(principals: String, key: SSHPublicKey)] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let principals = words.first, !principals.hasPrefix("#") else { continue }
            words.removeFirst()
            if let options = words.first, options != SSHPublicKey.kind {
                let allowed = ["namespaces=\"file\"", "namespaces=\"*\""]
                guard allowed.contains(options) else { continue }
                words.removeFirst()
            }
            guard words.count >= 2, words[0] == SSHPublicKey.kind, let wire = Base64.decode(words[1]),
                let key = SSHPublicKey(wire: wire)
            else { continue }
            keys.append((principals, key))
        }
        self.keys = keys
    }

    /// Who signs with that key; nil if nobody may.
    func principals(of key: SSHPublicKey) -> String? { keys.first { $0.key == key }?.principals }
}
