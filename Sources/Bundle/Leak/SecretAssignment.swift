/// `password=…`, `"password": "…"`, `<Password>…`, `name="password" value="…"` and their escaped forms, with a value
/// that is no marker, mask, reference or word. The name decides; entropy alone never does.
enum SecretAssignment {
    private struct Name {
        let text: [UInt8]
        let rule: String
        /// What may follow and still be the same name.
        let suffixes: [[UInt8]]
    }

    private static let names: [Name] = [
        ("password", "password", []), ("passwd", "password", []), ("passphrase", "password", []),
        ("pwd", "password", []),
        ("secret", "secret", ["_key", "-key", "key", "_access_key", "accesskey"]), ("apikey", "api-key", []),
        ("api_key", "api-key", []), ("api-key", "api-key", []), ("access_key", "api-key", []),
        ("accesskey", "api-key", []), ("private_key", "private-key", []), ("privatekey", "private-key", []),
        ("token", "token", []),
    ].map { Name(text: Array($0.0.utf8), rule: $0.1, suffixes: $0.2.map { Array($0.utf8) }) }

    private static let quotedEnds = Array("\"'\\<>&".utf8)
    private static let bareEnds = Array("\"'\\<>&,;)]}|".utf8)
    private static let escapedEquals = Array("%3d".utf8)
    private static let escapedColon = Array("%3a".utf8)
    private static let valueWord = Array("value".utf8)

    static var namesInLowerCase: [[UInt8]] { names.map(\.text) }

    /// The rule that fires for a name that begins at `start`.
    static func rule(_ text: Span<UInt8>, at start: Int) -> String? {
        for name in names where text.hasLowercased(name.text, at: start) {
            var end = start + name.text.count
            if let suffix = name.suffixes.first(where: { text.hasLowercased($0, at: end) }) { end += suffix.count }
            guard !ASCII.isWord(text.at(end)), ![0x2e, 0x2d].contains(text.at(end)) else { continue }
            if holdsLiteral(text, nameStart: start, nameEnd: end, name: name) { return name.rule }
        }
        return nil
    }

    private static func holdsLiteral(_ text: Span<UInt8>, nameStart: Int, nameEnd: Int, name: Name) -> Bool {
        let afterQuote = skipQuotes(text, from: nameEnd)
        let nameIsQuoted = afterQuote > nameEnd
        var index = text.end(from: afterQuote, limit: 4, while: isBlank)
        var spaced = false
        var isElement = false
        switch text.at(index) {
        case 0x3d:  // =
            index += text.at(index + 1) == 0x3e ? 2 : 1
            if text.at(index) == 0x3d { return false }
        case 0x3a:  // :
            index += text.at(index + 1) == 0x3d ? 2 : 1
            if text.at(index) == 0x3a { return false }
            spaced = isBlank(text.at(index))
        case 0x3e where index == afterQuote:  // > of a start tag
            if isClosingTag(text, before: nameStart) { return false }
            index += 1
            isElement = true
        case 0x25
        where text.hasLowercased(escapedEquals, at: index) || text.hasLowercased(escapedColon, at: index):
            index += 3
        default:
            guard nameIsQuoted, let value = pairedValue(text, from: index) else { return false }
            index = value
        }
        if !isElement { index = text.end(from: index, limit: 4, while: isBlank) }
        guard let opened = openQuotes(text, from: index) else { return false }
        let isQuoted = opened > index
        let end = text.end(from: opened, limit: 4096) { byte in
            if byte < 0x20 || byte == 0x7f { return false }
            if isElement { return byte != 0x3c }
            if isQuoted { return !quotedEnds.contains(byte) }
            return byte != 0x20 && !bareEnds.contains(byte)
        }
        return isSecret(text.copy(opened..<end), name: name, isQuoted: isQuoted || isElement, spaced: spaced)
    }

    private static func isSecret(_ value: [UInt8], name: Name, isQuoted: Bool, spaced: Bool) -> Bool {
        guard SecretValue.isLiteral(value) else { return false }
        // Prose: `password: required for …`, `no such token: abc`.
        if !isQuoted, spaced, SecretValue.isAllLetters(value) { return false }
        if isQuoted, value.contains(0x20), value.split(separator: 0x20).count > 3 { return false }
        switch name.rule {
        case "token":
            // UUIDs name requests (`Postman-Token`), they open nothing.
            return value.count >= 16 && !SecretValue.isNumber(value) && !SecretValue.isUUID(value)
                && value.contains(where: ASCII.isDigit)
                && !value.contains(0x20)
        case "secret", "api-key", "private-key":
            return value.count >= 8 && !SecretValue.isNumber(value) && !value.contains(0x20)
                && (isQuoted || !SecretValue.isAllLetters(value))
        default:
            return !SecretValue.isNumber(value) || value.count >= 6
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Quotes of any kind and depth of escaping.
    private static func skipQuotes(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = text.end(from: start, limit: 8) { $0 == 0x22 || $0 == 0x27 || $0 == 0x5c }
        for mark in quoteMarks where text.hasLowercased(mark, at: index) {
            index += mark.count
            break
        }
        return index
    }

    /// Behind the quotes that open a value; nil when they close again at once.
    private static func openQuotes(_ text: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index - start < 8 {
            var end = text.end(from: index, limit: 4) { $0 == 0x5c }
            if [0x22, 0x27].contains(text.at(end)) {
                end += 1
            } else if let mark = quoteMarks.first(where: { text.hasLowercased($0, at: end) }) {
                end += mark.count
            } else {
                break
            }
            if text.has(text.copy(index..<end), at: end) { return nil }
            index = end
        }
        return index
    }

    private static let quoteMarks = ["&quot;", "&#34;", "&#39;", "&apos;", "%22", "%27"].map { Array($0.utf8) }

    /// `name="x" value="`, `"name":"x","value":"`: where the value begins.
    private static func pairedValue(_ text: Span<UInt8>, from start: Int) -> Int? {
        var index = text.end(from: start, limit: 4) { isBlank($0) || $0 == 0x2c }
        index = skipQuotes(text, from: index)
        guard text.hasLowercased(valueWord, at: index) else { return nil }
        index = skipQuotes(text, from: index + 5)
        index = text.end(from: index, limit: 4, while: isBlank)
        guard [0x3a, 0x3d].contains(text.at(index)) else { return nil }
        return index + 1
    }

    private static func isClosingTag(_ text: Span<UInt8>, before nameStart: Int) -> Bool {
        var index = nameStart - 1
        let last = max(0, nameStart - 64)
        while index >= last, ASCII.isWord(text.at(index)) || text.at(index) == 0x2d || text.at(index) == 0x3a {
            index -= 1
        }
        return text.at(index) == 0x2f
    }
}
