/// Base64 that hides what the detectors look for: found by what the words of secrets look like in it.
enum EncodedText {
    /// Characters looked at before and behind a stem.
    private static let before = 256
    private static let behind = 2_048

    private static let words = [
        "password", "Password", "PASSWORD", "passwd", "secret", "Secret", "SECRET", "apikey", "api_key", "apiKey",
        "token", "Token", "TOKEN", "Authorization", "authorization", "Basic ", "Bearer ", "PRIVATE KEY-", "AKIA",
        "ghp_", "://",
    ]

    /// Four characters of each word at each of the three places where base64 can begin in it.
    static let stems: [[UInt8]] = {
        var stems: Set<[UInt8]> = []
        for word in words {
            for shift in 0..<3 {
                let bytes = Array(word.utf8)
                let text = Base64Text.encode(Array(repeating: 0, count: shift) + bytes, urlSafe: false)
                let stable = text[..<((shift + bytes.count) * 8 / 6)].dropFirst(shift == 0 ? 0 : shift + 1)
                // A stem of less than four characters says nothing.
                if stable.count >= 4 { stems.insert(Array(stable.prefix(4))) }
            }
        }
        return Array(stems)
    }()

    /// What is encoded around `place`, one text for each way to read it, and where that run ends.
    static func decoded(_ text: Span<UInt8>, at place: Int) -> (texts: [[UInt8]], end: Int) {
        var start = place
        let first = max(0, place - before)
        while start > first, isPart(text[start - 1]) { start -= 1 }
        let end = text.end(from: place, limit: behind, while: isPart)
        let digits = text.copy(start..<end).filter { $0 != 0x0a && $0 != 0x0d }
        guard digits.count >= 16 else { return ([], end) }
        let texts = (0..<4).map { Base64Text.decode(digits.dropFirst($0)) }
        return (texts.filter(isText), end)
    }

    /// Wrapped lines are one text.
    private static func isPart(_ byte: UInt8) -> Bool {
        ASCII.isBase64(byte) || byte == 0x2d || byte == 0x5f || byte == 0x0a || byte == 0x0d
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 8
            && bytes.count { $0 >= 0x20 && $0 < 0x7f || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 } * 20
                >= bytes.count * 19
    }
}
