/// Tells values that are secrets from references, paths, truth values and other harmless ones.
struct ValueJudge {
    let judgement: Judgement

    /// Tells whether `value` (decoded) is no secret although its name is one.
    ///
    /// - Parameter isProse: the value is unquoted in running text, where words may follow a colon.
    func isHarmless(_ value: [UInt8], rule: NameRule, strength: NameRule.Strength, isProse: Bool) -> Bool {
        if isStandIn(value) || isPath(value) { return true }
        if Self.constants.contains(value.map(\.lowercased).text) || isPlainURL(value) || isClassName(value) {
            return true
        }
        if isProse, isProseWord(value) { return true }
        if rule.isDigits {
            let digits = value.count { $0.isDigit }
            return digits < 3 || value.contains { !$0.isDigit && $0 != .dash && $0 != .space && $0 != .dot }
        }
        if !rule.allowsWords, value.count < 24,
            value.allSatisfy({ $0.isLetter || $0 == .dash || $0 == UInt8(ascii: "_") }), !isScrambled(value)
        {
            return true
        }
        return strength == .strong ? false : !looksSecret(value, isWeak: strength == .weak)
    }

    /// Letters of both cases without the shape of words: a capital in less than every fourth place, as in
    /// `PwIybfWanEyU`, where words joined by capitals have longer humps.
    private func isScrambled(_ value: [UInt8]) -> Bool {
        let capitals = value.count { $0.isUpper }
        return value.count >= 12 && capitals >= 4 && capitals < value.count && value.count < capitals * 4
    }

    /// Tells whether `value` is nothing, a marker, a mask, or a reference to where the secret is.
    func isStandIn(_ value: [UInt8]) -> Bool {
        guard let first = value.first(where: { !$0.isSpace }) else { return true }
        return Marker.isMarker(value) || isMask(value) || isReference(value, first)
    }

    private static let constants: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "none", "nil", "undefined", "n/a", "0", "1", "-1", "[]",
        "{}",
    ]

    /// Letters and digits mixed, long enough, and none of the well-known harmless shapes.
    private func looksSecret(_ value: [UInt8], isWeak: Bool) -> Bool {
        if isScrambled(value) { return true }
        guard value.count >= 8, value.contains(where: \.isDigit) || value.contains(where: { !$0.isName }) else {
            return false
        }
        guard value.contains(where: \.isLetter) else { return false }
        if isObjectIdentity(value) { return false }
        if value.contains(.space) || value.contains(UInt8(ascii: "(")) { return false }
        return !isWeak || (value.contains(where: \.isDigit) && !isUUID(value) && !value.contains(.colon))
    }

    /// All of one masking character, or a placeholder in brackets.
    private func isMask(_ value: [UInt8]) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        if !first.isAlphanumeric || first.lowercased == UInt8(ascii: "x"), value.allSatisfy({ $0 == first }) {
            return true
        }
        // U+2022, the bullet of masked input fields.
        if value.count % 3 == 0,
            stride(from: 0, to: value.count, by: 3).allSatisfy({ Array(value[$0..<($0 + 3)]) == [0xE2, 0x80, 0xA2] })
        {
            return true
        }
        let inner = value.dropFirst().dropLast()
        let isWordy = inner.allSatisfy { $0.isName || $0.isBlank }
        return value.count > 2 && isWordy
            && (first == .less && last == .greater || first == UInt8(ascii: "[") && last == UInt8(ascii: "]"))
    }

    /// A name of something that holds the secret: `${x}`, `{x.y}`, `$(x)`, `$X`, `%X%`, `@X@`, `ref://x`, `private.x`.
    private func isReference(_ value: [UInt8], _ first: UInt8) -> Bool {
        let text = value.map(\.lowercased)
        let last = value.last ?? 0
        let brace = UInt8(ascii: "}")
        if first == UInt8(ascii: "{") {
            return last == brace
                && !value.dropFirst().dropLast().contains(where: {
                    !$0.isName && $0 != UInt8(ascii: "{") && $0 != brace && $0 != .space
                })
        }
        if first == .dollar || first == UInt8(ascii: "#") {
            let second = value.count > 1 ? value[1] : 0
            if second == UInt8(ascii: "{") { return last == brace }
            if second == UInt8(ascii: "(") { return last == UInt8(ascii: ")") }
            if first == .dollar, second.isLetter || second == UInt8(ascii: "_") {
                return value.dropFirst().allSatisfy { $0.isUpper || $0.isDigit || $0 == UInt8(ascii: "_") }
                    || value.dropFirst().allSatisfy { $0.isLower || $0 == UInt8(ascii: "_") }
            }
            return false
        }
        if value.count > 2, first == last, first == .percent || first == .at {
            return value.dropFirst().dropLast().allSatisfy(\.isName)
        }
        return ["ref://", "secretref:", "env:", "valuefrom"].contains { text.starts(with: $0.utf8) }
            || (text.starts(with: "private.".utf8)
                && value.dropFirst(8).allSatisfy { $0.isLetter || $0 == .dot || $0 == UInt8(ascii: "_") })
    }

    private static let roots: Set<String> = [
        "opt", "etc", "var", "usr", "home", "tmp", "root", "mnt", "srv", "run", "data", "private", "users", "app",
        "proc",
        "dev", "keys", "secrets", "certs", "conf", "config",
    ]

    private func isPath(_ value: [UInt8]) -> Bool {
        let lower = value.map(\.lowercased)
        if ["file:", "classpath:", "./", "../", "~/"].contains(where: { lower.starts(with: $0.utf8) }) { return true }
        if value.count > 3, value[0].isLetter, value[1] == .colon, value[2] == .backslash { return true }
        guard value.first == .slash, value.allSatisfy({ $0.isName || $0 == .slash }) else { return false }
        let parts = lower.split(separator: .slash).map { String(decoding: $0, as: UTF8.self) }
        return parts.count >= 2 && Self.roots.contains(parts[0])
    }

    private func isPlainURL(_ value: [UInt8]) -> Bool {
        guard let colon = value.firstIndex(of: .colon), colon > 1, value[..<colon].allSatisfy(\.isLetter) else {
            return false
        }
        return value[(colon + 1)...].starts(with: "//".utf8)
    }

    /// `com.acme.Thing`: at least three parts, the last one capitalised.
    private func isClassName(_ value: [UInt8]) -> Bool {
        guard value.allSatisfy({ $0.isWord || $0 == .dot || $0 == .dollar }) else { return false }
        let parts = value.split(separator: .dot, omittingEmptySubsequences: false)
        return parts.count >= 3 && parts.last?.first?.isUpper == true
            && parts.dropLast().allSatisfy { $0.first?.isLower == true && $0.allSatisfy { $0.isLower || $0.isDigit } }
    }

    /// Java's `Type@1a2b3c4d`.
    private func isObjectIdentity(_ value: [UInt8]) -> Bool {
        guard let at = value.firstIndex(of: .at) else { return false }
        let hash = value[(at + 1)...]
        return (5...8).contains(hash.count) && hash.allSatisfy(\.isHex)
            && value[..<at].allSatisfy { $0.isName || $0 == .dollar }
    }

    private func isUUID(_ value: [UInt8]) -> Bool {
        value.count == 36
            && value.enumerated().allSatisfy {
                [8, 13, 18, 23].contains($0.offset) ? $0.element == .dash : $0.element.isHex
            }
    }

    private func isProseWord(_ value: [UInt8]) -> Bool {
        var word = value[...]
        while let last = word.last, last == .dot || last == .comma || last == UInt8(ascii: "!") {
            word = word.dropLast()
        }
        return judgement.prose.contains(word.map(\.lowercased).text)
    }
}
