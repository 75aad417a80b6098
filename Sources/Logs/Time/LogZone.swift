import Glibc

/// The zone in which a log tells the time.
public enum LogZone: Hashable, Sendable {
    /// The zone of this machine, as the C library knows it (`TZ`, else `/etc/localtime`).
    case node
    /// A fixed distance from UTC in seconds, east of Greenwich positive.
    case fixed(seconds: Int)

    public static let utc = LogZone.fixed(seconds: 0)

    /// Distance from UTC in seconds at a moment.
    public func offset(at instant: LogInstant) -> Int {
        offset(atSecond: instant.milliseconds.flooredDivision(by: 1000).quotient)
    }

    /// The zone's short name at a moment, such as `CEST` or `UTC`.
    public func abbreviation(at instant: LogInstant) -> String {
        switch self {
        case .fixed(0):
            return "UTC"
        case .fixed(let seconds):
            return "UTC" + LogInstant.offsetText(seconds)
        case .node:
            var second = time_t(instant.milliseconds.flooredDivision(by: 1000).quotient)
            var parts = unsafe tm()
            guard unsafe localtime_r(&second, &parts) != nil, let name = unsafe parts.tm_zone else { return "UTC" }
            return unsafe String(cString: name)
        }
    }

    func offset(atSecond second: Int) -> Int {
        switch self {
        case .fixed(let seconds):
            return seconds
        case .node:
            var second = time_t(second)
            var parts = unsafe tm()
            // Fails only for years that do not fit into an int.
            guard unsafe localtime_r(&second, &parts) != nil else { return 0 }
            return unsafe parts.tm_gmtoff
        }
    }

    /// The moments at which this zone's clocks show a civil time (both in seconds).
    ///
    /// One as a rule, so that both are equal; two in the hour that is repeated when summer time ends. In the hour that
    /// is left out in spring there is none: then it is taken as if the clocks had not been changed yet.
    func seconds(showing civil: Int) -> (earliest: Int, latest: Int) {
        // No zone is further than a day from UTC, so that the two lie before and after any change around this time.
        let before = offset(atSecond: civil - 86_400)
        let after = offset(atSecond: civil + 86_400)
        if before == after {
            return (civil - before, civil - before)
        }
        let candidates = [before, after].filter { offset(atSecond: civil - $0) == $0 }.map { civil - $0 }
        guard let earliest = candidates.min(), let latest = candidates.max() else {
            return (civil - before, civil - before)
        }
        return (earliest, latest)
    }
}
