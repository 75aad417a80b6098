/// Goes through the records of one log and knows the time of each.
struct RecordWalk: ~Copyable {
    private var scanner: RecordScanner
    private var clock: RecordClock
    private let path: String
    private let sizeAtOpen: Int?
    private let beganInside: Bool
    /// The present record's time, or that of the record before if it tells none.
    private(set) var time: RecordTime?

    /// - Parameters:
    ///   - start: 0, or the place of a dated record of a plain file.
    ///   - inherited: the time of records that stand before the first dated one.
    init(
        _ source: LogSource, path: String, start: Int, inherited: RecordTime?, zone: LogZone,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        sizeAtOpen = source.sizeAtOpen
        scanner = RecordScanner(source, offset: start, isCancelled: isCancelled)
        clock = RecordClock(zone: zone)
        self.path = path
        beganInside = start > 0
        time = inherited
    }

    /// - Returns: false at the end of the log, or when the work was cancelled.
    /// - Throws: `LogError` with `cannotRead` or `damaged`.
    mutating func next() throws(LogError) -> Bool {
        repeat {
            guard try scanner.next() else { return false }
            // No record begins where one did when the place was looked up: the log was cut in the meantime.
        } while beganInside && !scanner.start.isStart
        let start = scanner.start
        var clock = clock
        let own = scanner.withRecord { bytes -> RecordTime? in
            switch start {
            case .dated: LogTimestamp(bytes, at: 0).map { clock.time(of: $0) }
            case .json: JSONLine.time(bytes, at: 0, clock: &clock)
            case .undated, .none, .unknown: nil
            }
        }
        self.clock = clock
        if let own { time = own }
        return true
    }

    /// Jumps over records that hold none of the needles, as far as that can be told at once.
    mutating func skip(without needles: [[UInt8]]) {
        scanner.skip(without: needles)
    }

    /// Whether one of the needles of `skip` may stand in the present record; false is certain.
    var mayHoldNeedle: Bool { scanner.mayHoldNeedle }

    /// Gives the present record's bytes.
    func withRecord<R>(_ body: (Span<UInt8>) -> R) -> R {
        scanner.withRecord(body)
    }

    /// The present record, taken apart.
    func record(textLimit: Int = LogRecord.textLimit) -> LogRecord {
        scanner.withRecord { bytes in
            LogRecord(
                bytes, isJSON: scanner.start == .json, file: path, line: scanner.line, offset: scanner.offset,
                time: time?.instant, omitted: scanner.omittedBytes, textLimit: textLimit)
        }
    }

    var omittedBytes: Int { scanner.omittedBytes }
    var wasCancelled: Bool { scanner.wasCancelled }
    var position: Int { scanner.position }

    /// Whether the log is shorter now than when it was opened. Told after its end was reached.
    var wasCut: Bool { !wasCancelled && position < sizeAtOpen ?? 0 }
}
