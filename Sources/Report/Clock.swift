/// Times of a manifest, ISO 8601 with a zone, for axes and distances.
enum Clock {
    /// Milliseconds since 1970; nil for what is no such time.
    static func milliseconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8.prefix(40))
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":") else { return nil }
        let numbers = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)].map { start, count in
            Int(String(decoding: bytes[start..<start + count], as: UTF8.self)) ?? -1
        }
        guard (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
            (0...23).contains(numbers[3]), (0...59).contains(numbers[4]), (0...60).contains(numbers[5])
        else { return nil }
        var fraction = 0
        if bytes.count > 20, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }.prefix(3)
            fraction = Int(String(decoding: digits, as: UTF8.self)) ?? 0
            for _ in digits.count..<3 { fraction *= 10 }
        }
        let days = days(numbers[0], numbers[1], numbers[2])
        let seconds = days * 86_400 + numbers[3] * 3_600 + numbers[4] * 60 + numbers[5] - offset(of: text)
        return seconds * 1_000 + fraction
    }

    /// Seconds east of UTC; 0 where the text does not tell.
    static func offset(of text: String) -> Int {
        let rest = Array(text.utf8.dropFirst(19).prefix(20))
        guard let place = rest.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
            return 0
        }
        let digits = rest[(place + 1)...].filter { (0x30...0x39).contains($0) }.prefix(4)
        guard digits.count == 4, let number = Int(String(decoding: digits, as: UTF8.self)) else { return 0 }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return rest[place] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// `+01:00`, or `UTC`.
    static func zone(_ offset: Int) -> String {
        guard offset != 0 else { return "UTC" }
        let minutes = abs(offset) / 60
        return (offset < 0 ? "-" : "+") + padded(minutes / 60) + ":" + padded(minutes % 60)
    }

    /// `10:00:01`, with a fraction where one is asked for.
    static func time(_ milliseconds: Int, offset: Int, fraction: Bool = false) -> String {
        let (_, rest) = divided(milliseconds + offset * 1_000, 86_400_000)
        let second = rest / 1_000
        let text = padded(second / 3_600) + ":" + padded(second / 60 % 60) + ":" + padded(second % 60)
        return fraction ? text + "." + padded(rest % 1_000, 3) : text
    }

    /// `2026-11-23`.
    static func date(_ milliseconds: Int, offset: Int) -> String {
        let (day, _) = divided(milliseconds + offset * 1_000, 86_400_000)
        let (year, month, date) = civil(min(max(day, -719_000), 2_932_896))
        return padded(year, 4) + "-" + padded(month) + "-" + padded(date)
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func divided(_ a: Int, _ b: Int) -> (Int, Int) {
        let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
        return rest < 0 ? (quotient - 1, rest + b) : (quotient, rest)
    }

    /// Days since 1970 of a date of the Gregorian calendar; years are counted from March, the leap day is the last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = divided(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let (era, dayOfEra) = divided(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}
