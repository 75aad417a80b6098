/// Finds where to begin reading a plain log for the records since some moment, by looking at few places of it.
struct LogBisection {
    let source: LogSource
    let isCancelled: @Sendable () -> Bool
    private var clock: RecordClock
    private var block = [UInt8](repeating: 0, count: 64 << 10)

    /// Below this distance reading on is quicker than looking further.
    private static let closeEnough = 64 << 10
    /// How far a place is searched for a dated record: a longer stretch without one is read rather than skipped.
    private static let reach = 4 << 20

    init(source: LogSource, zone: LogZone, isCancelled: @escaping @Sendable () -> Bool) {
        self.source = source
        self.isCancelled = isCancelled
        clock = RecordClock(zone: zone)
    }

    /// The offset of a record such that every record before it is older than `milliseconds`, provided that times run
    /// backwards by less than the caller has allowed for in `milliseconds`. It is a dated record or the file's start.
    mutating func offset(olderThan milliseconds: Int) throws(LogError) -> Int {
        var low = 0
        var high = source.sizeAtOpen ?? 0
        while high - low > Self.closeEnough, !isCancelled() {
            let middle = low + (high - low) / 2
            if let found = try record(from: middle, to: high), found.latest < milliseconds {
                low = found.offset
                // A record far behind the middle says nothing about the stretch before it that has none.
                if found.offset >= high { break }
            } else {
                high = middle
            }
        }
        return low
    }

    /// The first dated record that begins behind `start`.
    private mutating func record(from start: Int, to end: Int) throws(LogError) -> (offset: Int, latest: Int)? {
        var place = start
        var clock = clock
        let limit = min(end, start + Self.reach)
        while place < limit {
            let count = try source.read(at: place, into: &block, from: 0, count: block.count)
            guard count > 0 else { return nil }
            let bytes = block.span.extracting(0..<count)
            var position = 0
            while let feed = bytes.firstIndex(of: .lineFeed, from: position) {
                position = feed + 1
                if let stamp = LogTimestamp(bytes, at: position), stamp.end < count || count < block.count {
                    return (place + position, clock.time(of: stamp).latest)
                }
                if let time = JSONLine.time(bytes, at: position, clock: &clock) {
                    return (place + position, time.latest)
                }
            }
            // The blocks overlap by what the head of a record may take.
            guard count == block.count else { return nil }
            place += count - 8192
        }
        return nil
    }
}
