/// When a record was written, in milliseconds since 1970. The two differ only in the hour that is repeated when
/// summer time ends, if the line does not tell which of the two it means.
struct RecordTime: Equatable {
    let earliest: Int
    let latest: Int

    var instant: LogInstant { LogInstant(milliseconds: earliest) }

    /// Whether it may lie between the two moments, both included.
    func isWithin(_ from: LogInstant, _ to: LogInstant) -> Bool {
        (from.milliseconds...to.milliseconds).contains(earliest)
            || (from.milliseconds...to.milliseconds).contains(latest)
    }
}

/// Puts the times of records into the log's zone, and asks the C library only once for every quarter of an hour.
struct RecordClock {
    let zone: LogZone
    private var quarter = Int.min
    private var earliestShift = 0
    private var latestShift = 0

    init(zone: LogZone) {
        self.zone = zone
    }

    mutating func time(of stamp: LogTimestamp) -> RecordTime {
        let milliseconds = stamp.civilSeconds * 1000 + stamp.milliseconds
        if let offset = stamp.offset {
            return RecordTime(earliest: milliseconds - offset * 1000, latest: milliseconds - offset * 1000)
        }
        // Clocks are changed on the quarter of an hour, in every zone in use.
        let index = stamp.civilSeconds.flooredDivision(by: 900).quotient
        if index != quarter {
            let (earliest, latest) = zone.seconds(showing: index * 900)
            quarter = index
            earliestShift = earliest - index * 900
            latestShift = latest - index * 900
        }
        return RecordTime(earliest: milliseconds + earliestShift * 1000, latest: milliseconds + latestShift * 1000)
    }

    /// How far, in milliseconds, times in a file may run backwards between the two moments: a minute for threads that
    /// write late, and the size of any change of the clocks near there.
    static func disorder(zone: LogZone, from: LogInstant, to: LogInstant) -> Int {
        let day = 86_400
        var offsets = [zone.offset(at: from.adding(seconds: -day)), zone.offset(at: to.adding(seconds: day))]
        // A long window may hold a change and the one back: look in between, month by month, for two years at most.
        var probe = from
        while probe < to, offsets.count < 26 {
            offsets.append(zone.offset(at: probe))
            probe = probe.adding(seconds: 30 * day)
        }
        let change = (offsets.max() ?? 0) - (offsets.min() ?? 0)
        return 60_000 + change * 1000
    }
}
