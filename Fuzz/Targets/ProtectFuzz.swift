import Crypto
import Glibc
import SupportBundle
import SystemPackage

/// Keys, encrypted bundles and signatures: a changed byte opens nothing and is no signature.
enum ProtectFuzz: FuzzTarget {
    /// The files of one case, in memory: /dev/shm is a tmpfs.
    private static let folder: String = {
        var template = Array("/dev/shm/protect-fuzz-XXXXXX\0".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { fatalError("no folder") }
        atexit {
            for name in ["b.age", "b.age.sig"] { unsafe unlink(ProtectFuzz.folder + "/" + name) }
            unsafe rmdir(ProtectFuzz.folder)
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }.filter { $0 != 0 }, as: UTF8.self)
    }()

    private static let age: (recipient: String, identity: String) = {
        let raw = [UInt8](repeating: 9, count: 32)
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: raw) else { fatalError("no key") }
        return (
            bech32("age", Array(key.publicKey.rawRepresentation)), bech32("age-secret-key-", raw).uppercased()
        )
    }()

    private static let signer: (file: [UInt8], allowed: [UInt8]) = {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 5, count: 32)) else {
            fatalError("no key")
        }
        let raw = Array(key.publicKey.rawRepresentation)
        func string(_ bytes: [UInt8]) -> [UInt8] { [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }
        let kind = string(Array("ssh-ed25519".utf8))
        let wire = kind + string(raw)
        let secret = string(Array(key.rawRepresentation) + raw)
        var inner = [UInt8](repeating: 7, count: 8) + kind + string(raw) + secret + string([])
        var next: UInt8 = 1
        while inner.count % 8 != 0 {
            inner.append(next)
            next += 1
        }
        let none = string(Array("none".utf8))
        let blob =
            Array("openssh-key-v1\0".utf8) + none + none + string([]) + [0, 0, 0, 1] + string(wire) + string(inner)
        let text = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64(blob) + "\n-----END OPENSSH PRIVATE KEY-----\n"
        return (Array(text.utf8), Array("joe ssh-ed25519 \(base64(wire))\n".utf8))
    }()

    /// An encrypted and signed bundle, and its signature.
    private static let delivered: (bytes: [UInt8], signature: [UInt8]) = {
        do {
            var delivery = BundleDelivery()
            delivery.recipients = [try AgeRecipient(age.recipient)]
            delivery.signingKey = try SigningKey(file: signer.file, name: "key")
            let plain = try OutputFile(path: FilePath(folder + "/b"))
            try plain.write(BundleFuzz.bundle(Array("secret text\n".utf8)))
            _ = try delivery.deliver(plain) { path throws(BundleError) in try OutputFile(path: path) }
            return (read("b.age"), read("b.age.sig"))
        } catch {
            fatalError("\(error)")
        }
    }()

    static var seeds: [[UInt8]] {
        [
            [0] + delivered.bytes, [1] + delivered.signature, [2] + Array(age.recipient.utf8),
            [3] + Array(age.identity.utf8),
            [4] + signer.file, [5] + signer.allowed, [6, 0, 0, 1], [6, 0, 200, 4], [7, 0, 60, 1],
        ]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let kind = input.byte() % 8
        let bytes = input.rest()
        switch kind {
        case 0: _ = verify(bytes, delivered.signature)
        case 1:
            let isRight = bytes == delivered.signature
            let report = verify(delivered.bytes, bytes)
            promise(
                isRight || report == nil || report?.problems.contains { $0.kind == .signature } == true
                    || isSameSignature(bytes), "it is no signature")
        case 2: _ = try? AgeRecipient.list(file: bytes, name: "fuzz")
        case 3: _ = try? AgeIdentity.list(file: bytes, name: "fuzz")
        case 4: _ = try? SigningKey(file: bytes, name: "fuzz")
        case 5: _ = AllowedSigners(file: bytes)
        case 6, 7:
            // One changed byte of the encrypted bundle, or of its signature.
            var (bundle, signature) = delivered
            let place = Int(bytes.first ?? 0) << 8 | Int(bytes.dropFirst().first ?? 0)
            let mask = (bytes.dropFirst(2).first ?? 0) | 1
            if kind == 6 { bundle[place % bundle.count] ^= mask } else { signature[place % signature.count] ^= mask }
            let report = verify(bundle, signature)
            promise(
                report.map { !$0.problems.isEmpty } ?? true || kind == 7 && isSameSignature(signature),
                "a change of \(kind == 6 ? "the bundle" : "its signature") is seen")
        default: break
        }
    }

    /// The armour may be broken into lines in other places.
    private static func isSameSignature(_ bytes: [UInt8]) -> Bool {
        func letters(_ bytes: [UInt8]) -> [UInt8] { bytes.filter { $0 > 0x20 && $0 < 0x7F } }
        return letters(bytes) == letters(delivered.signature)
    }

    private static func verify(_ bundle: [UInt8], _ signature: [UInt8]) -> VerifyReport? {
        write("b.age", bundle)
        write("b.age.sig", signature)
        guard let identities = try? AgeIdentity.list(file: Array(age.identity.utf8), name: "own") else {
            fatalError("promise broken: our own identity is read")
        }
        return try? BundleVerifier(threads: 1).verify(
            path: FilePath(folder + "/b.age"), identities: identities,
            allowedSigners: AllowedSigners(file: signer.allowed))
    }

    private static func write(_ name: String, _ bytes: [UInt8]) {
        guard let file = unsafe fopen(folder + "/" + name, "w") else { fatalError("no file") }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    private static func read(_ name: String) -> [UInt8] {
        guard let file = unsafe fopen(folder + "/" + name, "r") else { fatalError("no file") }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    /// BIP 173, without a limit of length.
    private static func bech32(_ prefix: String, _ bytes: [UInt8]) -> String {
        let letters = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l")
        var (bits, count, values) = (0, 0, [Int]())
        for byte in bytes {
            (bits, count) = (bits << 8 | Int(byte), count + 8)
            while count >= 5 {
                count -= 5
                values.append(bits >> count & 31)
            }
        }
        if count > 0 { values.append(bits << (5 - count) & 31) }
        let head = prefix.utf8.map { Int($0) >> 5 } + [0] + prefix.utf8.map { Int($0) & 31 }
        var sum = 1
        for value in head + values + [Int](repeating: 0, count: 6) {
            let top = sum >> 25
            sum = (sum & 0x1FF_FFFF) << 5 ^ value
            for (bit, factor) in [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3].enumerated()
            where top >> bit & 1 == 1 { sum ^= factor }
        }
        sum ^= 1
        return prefix + "1" + String((values + (0..<6).map { sum >> (5 * (5 - $0)) & 31 }).map { letters[$0] })
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        String(decoding: EncodedFuzz.base64(bytes), as: UTF8.self)
    }
}
