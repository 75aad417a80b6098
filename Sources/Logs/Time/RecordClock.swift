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
        // Only changes near the ends matter: in between all records belong to the window anyway.
        let offsets = [from, to].flatMap { moment in
            [-86_400, 86_400].map { zone.offset(at: moment.adding(seconds: $0)) }
        }
        let change = (offsets.max() ?? 0) - (offsets.min() ?? 0)
        return 60_000 + change * 1000
    }
}
