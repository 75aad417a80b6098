import Glibc

/// A moment, to the millisecond, as logs tell it.
public struct LogInstant: Hashable, Comparable, Codable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int

    public init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    public static func < (left: LogInstant, right: LogInstant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The present moment.
    public static var now: LogInstant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return LogInstant(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    /// This moment and some seconds; stays at the end of what can be told instead of overflowing.
    public func adding(seconds: Int) -> LogInstant {
        let (delta, tooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, tooFar) = milliseconds.addingReportingOverflow(delta)
        guard !tooLong, !tooFar else { return seconds < 0 ? .distantPast : .distantFuture }
        return LogInstant(milliseconds: sum)
    }

    /// 0001-01-01 and 9999-12-31: the bounds of a search that is open at one end.
    public static let distantPast = LogInstant(milliseconds: -62_135_596_800_000)
    public static let distantFuture = LogInstant(milliseconds: 253_402_300_799_999)

    /// ISO 8601 with milliseconds and the zone's distance from UTC: `2026-11-23T10:00:00.123+01:00`, in UTC with `Z`.
    public func iso8601(in zone: LogZone = .node) -> String {
        let bounded = min(max(self, .distantPast), .distantFuture)
        let (second, millisecond) = bounded.milliseconds.flooredDivision(by: 1000)
        let offset = zone.offset(atSecond: second)
        let civil = CivilTime(secondsSince1970: second + offset)
        return padded(civil.year, 4) + "-" + padded(civil.month) + "-" + padded(civil.day) + "T" + padded(civil.hour)
            + ":" + padded(civil.minute) + ":" + padded(civil.second) + "." + padded(millisecond, 3)
            + (zone == .utc ? "Z" : Self.offsetText(offset))
    }

    static func offsetText(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        return (seconds < 0 ? "-" : "+") + padded(minutes / 60) + ":" + padded(minutes % 60)
    }
}

private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
