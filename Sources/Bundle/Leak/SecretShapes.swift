/// Values that give themselves away by their shape. Each looks at one place and says which rule fires there.
enum SecretShapes {
    static let marker = Array("REDACTED.".utf8)
    private static let begin = Array("-----BEGIN ".utf8)
    private static let keyLabel = Array("PRIVATE KEY-----".utf8)
    private static let endMark = Array("-----END".utf8)
    private static let objectStart = Array("eyJ".utf8)
    private static let basicScheme = Array("basic".utf8)
    private static let escapedSpace = Array("%20".utf8)
    private static let bearerScheme = Array("bearer".utf8)
    private static let algorithm = Array("\"alg\"".utf8)
    private static let authorityEnds = Array("/?#\"'<>\\,;()|^`".utf8)

    /// `-----BEGIN … PRIVATE KEY-----` with a body that is still there (RFC 7468).
    static func privateKey(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.has(begin, at: start),
            let label = text.find(keyLabel, from: start + 11, limit: 48)
        else { return false }
        let body = label + 16
        let end = text.find(endMark, from: body, limit: 6000) ?? min(text.count, body + 6000)
        return longestRun(text, in: body..<end, of: ASCII.isBase64) >= 24
    }

    /// A JSON Web Token (RFC 7519): a header that names an algorithm, and two or more parts behind it.
    static func webToken(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.has(objectStart, at: start), !ASCII.isBase64URL(text.at(start - 1)) else { return false }
        let header = text.end(from: start, limit: 4096, while: ASCII.isBase64URL)
        guard header - start >= 12, text.at(header) == 0x2e else { return false }
        let claims = text.end(from: header + 1, limit: 8192, while: ASCII.isBase64URL)
        guard claims - header > 8, text.at(claims) == 0x2e else { return false }
        let signature = text.end(from: claims + 1, limit: 8192, while: ASCII.isBase64URL)
        guard signature - claims > 8 else { return false }
        if text.has(marker, at: header + 1) || text.has(marker, at: claims + 1) { return false }
        let decoded = Base64Text.decode(text.copy(start..<header))
        return decoded.span.find(algorithm, from: 0, limit: decoded.count) != nil
    }

    /// `Basic` with base64 of `user:password` (RFC 7617).
    static func basic(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.hasLowercased(basicScheme, at: start), !ASCII.isWord(text.at(start - 1)) else {
            return false
        }
        var value = start + 5
        if text.has(escapedSpace, at: value) {
            value += 3
        } else {
            value = text.end(from: value, limit: 3) { $0 == 0x20 || $0 == 0x09 }
        }
        guard value > start + 5 else { return false }
        let end = text.end(from: value, limit: 4096, while: { ASCII.isBase64($0) || $0 == 0x2d || $0 == 0x5f })
        guard end - value >= 6 else { return false }
        let decoded = Base64Text.decode(text.copy(value..<end))
        guard let colon = decoded.firstIndex(of: 0x3a), decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            return false
        }
        return SecretValue.isLiteral(Array(decoded[(colon + 1)...]), minimum: 1)
    }

    /// `Bearer` with a token (RFC 6750).
    static func bearer(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.hasLowercased(bearerScheme, at: start), !ASCII.isWord(text.at(start - 1)) else {
            return false
        }
        let value = text.end(from: start + 6, limit: 3) { $0 == 0x20 || $0 == 0x09 }
        guard value > start + 6 else { return false }
        return isToken(text, from: value, atLeast: 16)
    }

    /// Tokens that begin by agreement: prefix, then so many letters and digits.
    static let prefixes: [(prefix: [UInt8], length: Int, rule: String)] = [
        ("AKIA", 16, "aws-key"), ("ASIA", 16, "aws-key"), ("ghp_", 36, "github-token"), ("gho_", 36, "github-token"),
        ("ghu_", 36, "github-token"), ("ghs_", 36, "github-token"), ("ghr_", 36, "github-token"),
        ("github_pat_", 22, "github-token"), ("xoxb-", 20, "slack-token"), ("xoxp-", 20, "slack-token"),
        ("AIza", 35, "google-key"), ("sk_live_", 16, "payment-key"), ("glpat-", 20, "gitlab-token"),
        ("npm_", 36, "npm-token"),
        ("hvs.", 24, "vault-token"), ("pypi-", 50, "pypi-token"),
    ].map { (Array($0.0.utf8), $0.1, $0.2) }

    static func prefixed(_ text: Span<UInt8>, at start: Int) -> String? {
        guard !ASCII.isWord(text.at(start - 1)) else { return nil }
        for (prefix, length, rule) in prefixes where text.has(prefix, at: start) {
            let body = start + prefix.count
            let end = text.end(from: body, limit: 300, while: ASCII.isBase64URL)
            guard end - body >= length else { continue }
            if rule == "aws-key" {
                let isPlain = end - body == 16 && text.copy(body..<end).allSatisfy { !(0x61...0x7a).contains($0) }
                guard isPlain else { continue }
            }
            return rule
        }
        return nil
    }

    /// A password in the user part of a URL (RFC 3986, 3.2.1). `start` is where `://` stands.
    static func userInfo(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.at(start) == 0x3a, ASCII.isWord(text.at(start - 1)) else { return false }
        // JSON may escape the slashes, at any depth.
        let authority = text.end(from: start + 1, limit: 16) { $0 == 0x2f || $0 == 0x5c }
        guard text.copy(start..<authority).count(where: { $0 == 0x2f }) == 2 else { return false }
        let end = text.end(from: authority, limit: 512) {
            $0 > 0x20 && $0 != 0x7f && !authorityEnds.contains($0)
        }
        let bytes = text.copy(authority..<end)
        guard let at = bytes.lastIndex(of: 0x40), let colon = bytes[..<at].firstIndex(of: 0x3a) else { return false }
        return SecretValue.isLiteral(Array(bytes[(colon + 1)..<at]), minimum: 1)
    }

    /// Letters, digits and marks, long enough, with letters and digits among them, and no marker.
    static func isToken(_ text: Span<UInt8>, from start: Int, atLeast minimum: Int) -> Bool {
        let end = text.end(from: start, limit: 8192) {
            ASCII.isBase64URL($0) || [0x2e, 0x7e, 0x2b, 0x2f, 0x3d].contains($0)
        }
        guard end - start >= minimum else { return false }
        let value = text.copy(start..<end)
        return SecretValue.isLiteral(value, minimum: minimum) && value.contains(where: ASCII.isDigit)
            && value.contains(where: ASCII.isLetter)
    }

    private static func longestRun(_ text: Span<UInt8>, in range: Range<Int>, of condition: (UInt8) -> Bool) -> Int {
        var longest = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let end = text.end(from: index, limit: range.upperBound - index, while: condition)
            longest = max(longest, end - index)
            index = end + 1
        }
        return longest
    }
}
