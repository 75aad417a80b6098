/// Times as axes and distances show them.
enum Clock {
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
