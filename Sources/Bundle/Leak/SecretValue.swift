/// Judges a value that stands where a secret would: is it one, or a marker, a mask, a reference, a word?
enum SecretValue {
    /// - Parameter minimum: fewer bytes are no secret worth the alarm.
    static func isLiteral(_ value: [UInt8], minimum: Int = 4) -> Bool {
        guard value.count >= minimum, let first = value.first else { return false }
        // Texts only: control characters are a sign of bytes that happen to fit.
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return false }
        let span = value.span
        if span.find(SecretShapes.marker, from: 0, limit: value.count) != nil { return false }
        if value.allSatisfy({ masks.contains($0) }) { return false }
        if span.find(Array("****".utf8), from: 0, limit: value.count) != nil { return false }
        // References and templates: ${x}, {x}, %{x}, $(x), @x@, <x>, [x].
        if referenceMarks.contains(first) { return false }
        for prefix in referencePrefixes where span.hasLowercased(prefix, at: 0) { return false }
        if first == 0x2f, value.dropFirst().contains(0x2f) { return false }
        if value.contains(0x28) { return false }
        if isObjectIdentity(value) || isQualifiedName(value) { return false }
        return !words.contains(value.map(ASCII.lowercased))
    }

    static func isAllLetters(_ value: [UInt8]) -> Bool { value.allSatisfy(ASCII.isLetter) }

    static func isNumber(_ value: [UInt8]) -> Bool {
        value.allSatisfy { ASCII.isDigit($0) || [0x2d, 0x2e, 0x2b].contains($0) }
    }

    static func isUUID(_ value: [UInt8]) -> Bool {
        value.count == 36
            && value.enumerated().allSatisfy { index, byte in
                let lower = ASCII.lowercased(byte)
                return [8, 13, 18, 23].contains(index)
                    ? byte == 0x2d : ASCII.isDigit(byte) || (0x61...0x66).contains(lower)
            }
    }

    /// Java's `[B@1b2c3d`.
    private static func isObjectIdentity(_ value: [UInt8]) -> Bool {
        guard let at = value.lastIndex(of: 0x40), at > 0 else { return false }
        let tail = value[(at + 1)...]
        return (4...8).contains(tail.count) && tail.allSatisfy { ASCII.isDigit($0) || (0x61...0x66).contains($0) }
            && (value.first == 0x5b || value[..<at].contains(0x2e))
    }

    /// `com.apigee.security.Key`: words of letters with two dots or more between them.
    private static func isQualifiedName(_ value: [UInt8]) -> Bool {
        let parts = value.split(separator: 0x2e, omittingEmptySubsequences: false)
        return parts.count >= 3
            && parts.allSatisfy { part in part.count >= 2 && part.allSatisfy { ASCII.isLetter($0) || $0 == 0x5f } }
    }

    private static let masks = Set("*xX.#-_?=".utf8)
    private static let referenceMarks = Set("${%@<[(&".utf8)
    private static let referencePrefixes = [
        "ref://", "ref:", "http://", "https://", "file:", "env:", "vault:", "\\u", "./", "~/",
    ]
    .map { Array($0.utf8) }
    private static let words: Set<[UInt8]> = Set(
        """
        true false null none nil undefined yes no empty blank required missing invalid expired wrong incorrect unset \
        hidden masked protected provided changed string text secret password passwd token key value example unknown \
        default enabled disabled optional not removed redacted object array number boolean bytes bearer basic digest \
        deprecated failed failure success error supplied specified configured found matched
        """.split(separator: " ").map { Array($0.utf8) })
}
