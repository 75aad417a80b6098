/// Times of manifests and answers: ISO 8601 in its complete extended form, `2026-11-23T10:00:00.123+01:00`.
public enum ISO8601Time {
    /// Milliseconds since 1970, rounded down; nil for what is no such time.
    public static func milliseconds(_ text: String) -> Int? {
        microseconds(text).map { GregorianCalendar.floored($0, by: 1_000).quotient }
    }

    /// Microseconds since 1970; nil for what is no such time. More digits are left out.
    public static func microseconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8.prefix(40))
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":") else { return nil }
        let numbers = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)].map { start, count in
            Int(String(decoding: bytes[start..<start + count], as: UTF8.self)) ?? -1
        }
        guard
            let seconds = GregorianCalendar.seconds(
                year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
                second: numbers[5])
        else { return nil }
        var fraction = 0
        if bytes.count > 20, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }.prefix(6)
            fraction = Int(String(decoding: digits, as: UTF8.self)) ?? 0
            for _ in digits.count..<6 { fraction *= 10 }
        }
        return (seconds - offset(of: text)) * 1_000_000 + fraction
    }

    /// Seconds east of UTC; 0 where the text does not tell.
    public static func offset(of text: String) -> Int {
        let rest = Array(text.utf8.dropFirst(19).prefix(20))
        guard let place = rest.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
            return 0
        }
        let digits = rest[(place + 1)...].filter { (0x30...0x39).contains($0) }.prefix(4)
        guard digits.count == 4, let number = Int(String(decoding: digits, as: UTF8.self)) else { return 0 }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return rest[place] == UInt8(ascii: "-") ? -seconds : seconds
    }
}
