/// Values that are no secret whatever their name says: moments, versions, algorithms, public keys, what a template fills in.
enum HarmlessShapes {
    static func contains(_ value: [UInt8]) -> Bool {
        guard let first = value.first else { return true }
        if first.isDigit { return isVersion(value) || isTimestamp(value) }
        if first == UInt8(ascii: "_") { return isBlank(value) }
        if first == .less { return value.starts(with: "<%".utf8) }
        if first == .dollar { return value.count > 1 && value.dropFirst().allSatisfy(\.isDigit) }
        if first == UInt8(ascii: "(") { return value.starts(with: "(sensitive".utf8) }
        return isPublicKey(value) || architectures.contains(value) || isAlgorithm(value)
    }

    /// `2026-08-26T11:38:21.129485Z` (RFC 3339). A day alone may be a password.
    private static func isTimestamp(_ value: [UInt8]) -> Bool {
        guard (16...40).contains(value.count), value[13] == .colon else { return false }
        for (index, byte) in value.prefix(10).enumerated()
        where index == 4 || index == 7 ? byte != .dash : !byte.isDigit {
            return false
        }
        return value.dropFirst(10).allSatisfy { $0.isDigit || $0.isOne(of: "T:.,Z+- ") }
    }

    /// `5.40.71`
    private static func isVersion(_ value: [UInt8]) -> Bool {
        value.count <= 15 && value.allSatisfy { $0.isDigit || $0 == .dot } && value.count(where: { $0 == .dot }) >= 2
    }

    /// `__PASSWORD__`
    private static func isBlank(_ value: [UInt8]) -> Bool {
        value.count > 4 && value.starts(with: "__".utf8) && value.suffix(2).elementsEqual("__".utf8)
            && value.allSatisfy { $0.isUpper || $0 == UInt8(ascii: "_") }
    }

    /// A public key of SSH.
    private static func isPublicKey(_ value: [UInt8]) -> Bool {
        (["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-"] as [StaticString]).contains { value.startsFolded($0) }
    }

    /// A signature algorithm, `sha256WithRSAEncryption`.
    private static func isAlgorithm(_ value: [UInt8]) -> Bool {
        guard (9...24).contains(value.count), Self.heads.contains(where: { value.startsFolded($0) })
        else { return false }
        let text = value.map(\.lowercased).text
        return ["withrsa", "withecdsa", "withdsa", "rsaencryption", "with-sha"].contains { text.contains($0) }
    }

    private static let heads: [StaticString] = ["sha", "md5", "ecdsa", "dsa"]

    /// What stands behind the name of a package, `libsecret-1-0:amd64`.
    private static let architectures = WordSet(["amd64", "arm64", "i386", "armhf", "x86_64", "aarch64", "noarch"])
}
