internal import Documents

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
        let (_, rest) = GregorianCalendar.floored(milliseconds + offset * 1_000, by: 86_400_000)
        let second = rest / 1_000
        let text = padded(second / 3_600) + ":" + padded(second / 60 % 60) + ":" + padded(second % 60)
        return fraction ? text + "." + padded(rest % 1_000, 3) : text
    }

    /// `2026-11-23`.
    static func date(_ milliseconds: Int, offset: Int) -> String {
        let (day, _) = GregorianCalendar.floored(milliseconds + offset * 1_000, by: 86_400_000)
        let (year, month, date) = GregorianCalendar.date(ofDay: day)
        return padded(year, 4) + "-" + padded(month) + "-" + padded(date)
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
