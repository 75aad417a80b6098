/// Base64 that hides what the detectors look for: found by what the words of secrets look like in it.
enum EncodedText {
    /// Characters looked at before and behind a stem.
    private static let before = 256
    private static let behind = 2_048

    private static let words = [
        "password", "Password", "PASSWORD", "passwd", "secret", "Secret", "SECRET", "apikey", "api_key", "apiKey",
        "token", "Token", "TOKEN", "Authorization", "authorization", "Basic ", "Bearer ", "PRIVATE KEY-", "AKIA",
        "ghp_", "://", "https:/", "http://", "ldap://", "amqp://", "redis://", "mongodb", "postgres", "jdbc:",
        "eyJhbGci", "eyJ0eXAi",
    ]

    /// Four characters of each word at each of the three places where base64 can begin in it, encoded once and twice.
    static let stems: Set<UInt32> = {
        let once = words.flatMap { stems(of: Array($0.utf8)) }
        return Set((once + once.flatMap(stems)).map { LeakAnchors.word($0) })
    }()

    private static func stems(of word: [UInt8]) -> [[UInt8]] {
        [LiteralForm.base64, .base64After1, .base64After2].compactMap { form in
            var stable: [UInt8] = []
            form.write(word[...], to: &stable)
            // A stem of less than four characters says nothing.
            return stable.count >= 4 ? Array(stable.prefix(4)) : nil
        }
    }

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
