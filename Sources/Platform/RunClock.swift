internal import Glibc

/// The time as a run sees it: the machine's, or the one of SOURCE_DATE_EPOCH, which makes two runs over the same
/// inputs write the same bytes (reproducible-builds.org).
public struct RunClock: Sendable {
    /// Seconds since 1970 when time stands still, else `nil`.
    public let fixed: Int?

    public init() {
        fixed = environment("SOURCE_DATE_EPOCH").flatMap { Int($0) }.flatMap {
            (0...253_402_300_799).contains($0) ? $0 : nil
        }
    }

    /// Where time stands still, the zone is the machine's, whatever the caller's TZ says: times would be written, and
    /// those of logs read, in another way. To be called before there are threads.
    public func settleZone() {
        guard fixed != nil else { return }
        unsafe unsetenv("TZ")
        tzset()
    }

    /// Milliseconds since 1970.
    public var milliseconds: Int {
        if let fixed { return fixed * 1000 }
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }

    /// Milliseconds of a clock that never jumps, for durations; 0 when time stands still.
    public var monotonicMilliseconds: Int {
        if fixed != nil { return 0 }
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}

/// Forms of a point in time (milliseconds since 1970).
public enum TimeText {
    /// ISO 8601 with milliseconds and the node's zone: `2026-11-23T10:00:00.123+01:00`.
    public static func iso8601(_ milliseconds: Int) -> String {
        let (seconds, rest) = split(milliseconds)
        var time = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&time, &parts) != nil else { return "" }
        let offset = unsafe Int(parts.tm_gmtoff) / 60
        let zone = offset == 0 ? "Z" : "\(offset < 0 ? "-" : "+")\(pad(abs(offset) / 60)):\(pad(abs(offset) % 60))"
        return unsafe date(parts) + "T" + clock(parts) + "." + pad(rest, 3) + zone
    }

    /// `20261123T100000Z`, for file names.
    public static func compactUTC(_ milliseconds: Int) -> String {
        var time = time_t(split(milliseconds).0)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&time, &parts) != nil else { return "" }
        return unsafe (date(parts) + "T" + clock(parts)).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The name of the process's time zone with its offset now, such as `CET (UTC+01:00)`.
    public static func zone(at milliseconds: Int) -> String {
        var time = time_t(split(milliseconds).0)
        var parts = unsafe tm()
        guard unsafe localtime_r(&time, &parts) != nil else { return "UTC" }
        let offset = unsafe Int(parts.tm_gmtoff) / 60
        let name = unsafe parts.tm_zone.map { unsafe String(cString: $0) } ?? "local"
        return "\(name) (UTC\(offset < 0 ? "-" : "+")\(pad(abs(offset) / 60)):\(pad(abs(offset) % 60)))"
    }

    private static func split(_ milliseconds: Int) -> (Int, Int) {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : -((999 - milliseconds) / 1000)
        return (seconds, milliseconds - seconds * 1000)
    }

    private static func date(_ parts: tm) -> String {
        unsafe "\(pad(Int(parts.tm_year) + 1900, 4))-\(pad(Int(parts.tm_mon) + 1))-\(pad(Int(parts.tm_mday)))"
    }

    private static func clock(_ parts: tm) -> String {
        unsafe "\(pad(Int(parts.tm_hour))):\(pad(Int(parts.tm_min))):\(pad(Int(parts.tm_sec)))"
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
