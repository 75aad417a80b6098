internal import Crypto
internal import FoundationEssentials

/// The primitives of age v1 (https://age-encryption.org/v1).
enum AgeCrypto {
    /// HKDF-SHA-256 to 32 bytes (RFC 5869). By hand, since an empty input key is allowed here.
    static func derive(_ secret: [UInt8], salt: [UInt8], info: String) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: 32)
        let extracted = HMAC<SHA256>.authenticationCode(
            for: secret, using: SymmetricKey(data: salt.isEmpty ? zeros : salt))
        return Array(
            HMAC<SHA256>.authenticationCode(
                for: Array(info.utf8) + [1], using: SymmetricKey(data: Array(extracted))))
    }

    /// X25519 of RFC 7748; nil where the result would be zero, or the lengths are wrong.
    static func multiply(_ scalar: [UInt8], _ point: [UInt8]) -> [UInt8]? {
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar),
            let other = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: point),
            let shared = try? key.sharedSecretFromKeyAgreement(with: other)
        else { return nil }
        let bytes = unsafe shared.withUnsafeBytes { unsafe Array($0) }
        return bytes.allSatisfy { $0 == 0 } ? nil : bytes
    }

    /// Encrypts a file key under a wrapping key that is used once.
    static func wrap(_ fileKey: [UInt8], by key: [UInt8]) throws -> [UInt8] {
        let nonce = try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12))
        let box = try ChaChaPoly.seal(fileKey, using: SymmetricKey(data: key), nonce: nonce)
        return Array(box.ciphertext) + Array(box.tag)
    }

    static func unwrap(_ body: [UInt8], by key: [UInt8]) -> [UInt8]? {
        guard body.count == 32, let nonce = try? ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)),
            let box = try? ChaChaPoly.SealedBox(nonce: nonce, ciphertext: body.prefix(16), tag: body.suffix(16)),
            let key = try? ChaChaPoly.open(box, using: SymmetricKey(data: key))
        else { return nil }
        return Array(key)
    }

    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

/// One `-> …` of an age header.
struct AgeStanza: Equatable {
    var arguments: [String]
    var body: [UInt8]

    /// With the body in lines of 64 characters, the last one shorter.
    var text: String {
        let encoded = Array(Base64.encode(body, padded: false).utf8)
        var result = "-> " + arguments.joined(separator: " ") + "\n"
        for start in stride(from: 0, through: encoded.count, by: 64) {
            result += String(decoding: encoded[start..<min(encoded.count, start + 64)], as: UTF8.self) + "\n"
        }
        return result
    }
}

/// Who can open an encrypted bundle: an age or an SSH public key.
public struct AgeRecipient: Sendable, Equatable {
    private enum Kind: Equatable { case x25519, ssh(SSHPublicKey) }
    private let kind: Kind
    /// Of Curve25519.
    private let point: [UInt8]

    static let x25519Info = "age-encryption.org/v1/X25519"
    static let sshInfo = "age-encryption.org/v1/ssh-ed25519"

    /// - Parameter text: `age1…`, or `ssh-ed25519 AAAA… comment`.
    /// - Throws: ``BundleError`` `.badKey`.
    public init(_ text: String) throws(BundleError) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        switch words.first {
        case SSHPublicKey.kind?:
            guard words.count > 1, let wire = Base64.decode(words[1]), let key = SSHPublicKey(wire: wire),
                let point = Edwards25519.montgomery(key.raw)
            else { throw BundleError(.badKey, "recipient", "is a damaged ssh-ed25519 key") }
            kind = .ssh(key)
            self.point = point
        case "ssh-rsa"?:
            throw BundleError(
                .badKey, "recipient", "is an ssh-rsa key, which is not supported",
                hint: "use an age key (age1…) or an ssh-ed25519 key")
        case let word? where words.count == 1 && word.lowercased().hasPrefix("age1"):
            guard let (prefix, bytes) = Bech32.decode(word), prefix == "age", bytes.count == 32 else {
                throw BundleError(.badKey, "recipient", "'\(word)' is mistyped or no X25519 recipient of age")
            }
            kind = .x25519
            point = bytes
        default:
            throw BundleError(
                .badKey, "recipient", "is neither an age key (age1…) nor an ssh-ed25519 key",
                hint: "give the key, or a file with one key a line")
        }
    }

    /// The recipients of a file: one a line, empty lines and comments (`#`) apart.
    /// - Throws: ``BundleError`` `.badKey` for a line that is none, and for a file without any.
    public static func list(file bytes: [UInt8], name: String) throws(BundleError) -> [AgeRecipient] {
        var result: [AgeRecipient] = []
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let line = String(line.last == "\r" ? line.dropLast() : line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do throws(BundleError) {
                result.append(try AgeRecipient(line))
            } catch {
                throw BundleError(
                    .badKey, name, "line \(number + 1): the \(error.subject) \(error.reason)", hint: error.hint)
            }
        }
        guard !result.isEmpty else { throw BundleError(.badKey, name, "holds no recipient") }
        return result
    }

    /// The file key, for this recipient alone.
    /// - Parameter ephemeral: the secret of the one-time key; random but in tests.
    func wrap(_ fileKey: [UInt8], ephemeral: [UInt8] = AgeCrypto.random(32)) throws(BundleError) -> AgeStanza {
        let unusable = BundleError(.badKey, "recipient", "is no usable key")
        var base = [UInt8](repeating: 0, count: 32)
        base[0] = 9
        guard let share = AgeCrypto.multiply(ephemeral, base), var shared = AgeCrypto.multiply(ephemeral, point) else {
            throw unusable
        }
        var arguments = ["X25519"]
        var info = AgeRecipient.x25519Info
        if case .ssh(let key) = kind {
            let tweak = AgeCrypto.derive([], salt: key.wire, info: AgeRecipient.sshInfo)
            guard let tweaked = AgeCrypto.multiply(tweak, shared) else { throw unusable }
            shared = tweaked
            info = AgeRecipient.sshInfo
            arguments = [SSHPublicKey.kind, key.ageTag]
        }
        let wrapping = AgeCrypto.derive(shared, salt: share + point, info: info)
        do {
            return AgeStanza(
                arguments: arguments + [Base64.encode(share, padded: false)],
                body: try AgeCrypto.wrap(fileKey, by: wrapping))
        } catch {
            throw unusable
        }
    }
}

extension SSHPublicKey {
    /// What tells a recipient's stanzas apart.
    var ageTag: String { Base64.encode(Array(SHA256.hash(data: wire).prefix(4)), padded: false) }
}

/// A private key that opens encrypted bundles.
public struct AgeIdentity: Sendable {
    private let ssh: SSHPublicKey?
    private let scalar: [UInt8]
    private let point: [UInt8]

    /// The identities of a file: `AGE-SECRET-KEY-1…` lines, or one unencrypted OpenSSH private key.
    /// - Throws: ``BundleError`` `.badKey`.
    public static func list(file bytes: [UInt8], name: String) throws(BundleError) -> [AgeIdentity] {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("-----BEGIN") {
            let key = try SSHPrivateKey(file: bytes, name: name)
            guard let point = Edwards25519.montgomery(key.publicKey.raw) else {
                throw BundleError(.badKey, name, "is no usable key")
            }
            let scalar = Array(SHA512.hash(data: key.seed).prefix(32))
            return [AgeIdentity(ssh: key.publicKey, scalar: scalar, point: point)]
        }
        var result: [AgeIdentity] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            var base = [UInt8](repeating: 0, count: 32)
            base[0] = 9
            guard let (prefix, scalar) = Bech32.decode(String(line)), prefix == "age-secret-key-", scalar.count == 32,
                let point = AgeCrypto.multiply(scalar, base)
            else { throw BundleError(.badKey, name, "is neither an identity file of age nor an SSH private key") }
            result.append(AgeIdentity(ssh: nil, scalar: scalar, point: point))
        }
        guard !result.isEmpty else { throw BundleError(.badKey, name, "holds no identity") }
        return result
    }

    private init(ssh: SSHPublicKey?, scalar: [UInt8], point: [UInt8]) {
        self.ssh = ssh
        self.scalar = scalar
        self.point = point
    }

    /// The file key in a stanza, if it is for this identity.
    func unwrap(_ stanza: AgeStanza) -> [UInt8]? {
        let names = stanza.arguments
        guard let last = names.last, let share = Base64.decode(last, padded: false), share.count == 32,
            var shared = AgeCrypto.multiply(scalar, share)
        else { return nil }
        var info = AgeRecipient.x25519Info
        if let ssh {
            let tweak = AgeCrypto.derive([], salt: ssh.wire, info: AgeRecipient.sshInfo)
            guard names.count == 3, names[0] == SSHPublicKey.kind, names[1] == ssh.ageTag,
                let tweaked = AgeCrypto.multiply(tweak, shared)
            else { return nil }
            shared = tweaked
            info = AgeRecipient.sshInfo
        } else if names.count != 2 || names[0] != "X25519" {
            return nil
        }
        return AgeCrypto.unwrap(stanza.body, by: AgeCrypto.derive(shared, salt: share + point, info: info))
    }
}
