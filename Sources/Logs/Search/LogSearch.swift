/// Searches the logs of one component on one node: the live file and the rotated ones, plain and compressed.
///
/// All searches work in bounded memory (about 4 MiB) and never fail as a whole: files that cannot be read are reported
/// beside the result. They block, so call them from a thread that may.
public struct LogSearch: Sendable {
    public let files: [LogFile]
    /// The zone of times that don't tell theirs.
    public let zone: LogZone
    let isCancelled: @Sendable () -> Bool

    /// - Parameter isCancelled: asked after every quarter of a megabyte at least; a search that is cancelled ends with
    ///   what it has and says so.
    public init(
        files: [LogFile], zone: LogZone = .node, isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
    ) {
        self.files = files
        self.zone = zone
        self.isCancelled = isCancelled
    }

    /// A file and the time of its first dated record.
    struct DatedFile {
        let file: LogFile
        let first: RecordTime?
    }

    /// How far a file is read for its first dated record.
    private static let firstRecordReach = 256 << 20
    /// How much older than its newest record a file's modification time may seem: logs of another zone.
    private static let modificationTolerance = 26 * 3600

    /// The files that may hold records between two moments, oldest first; those without any dated record come first.
    func files(from: LogInstant, to: LogInstant, problems: inout [LogProblem]) -> [DatedFile] {
        let latest = to.adding(seconds: RecordClock.disorder(zone: zone, from: from, to: to) / 1000)
        var found: [DatedFile] = []
        for file in files where !isCancelled() {
            // Nothing was written to it since.
            let written = LogInstant(milliseconds: 0).adding(seconds: file.modified)
            if written < from.adding(seconds: -Self.modificationTolerance) { continue }
            do throws(LogError) {
                let first = try firstTime(of: file)
                if let first, first.earliest > latest.milliseconds { continue }
                found.append(DatedFile(file: file, first: first))
            } catch {
                problems.append(LogProblem(error))
            }
        }
        // In the hour that is repeated when summer time ends, the order of the files is only known from when each was
        // written to last.
        let isAmbiguous = found.contains { $0.first.map { $0.earliest != $0.latest } ?? false }
        return found.sorted { left, right in
            if isAmbiguous, left.file.modified != right.file.modified {
                return left.file.modified < right.file.modified
            }
            let (earlier, later) = (left.first?.earliest ?? Int.min, right.first?.earliest ?? Int.min)
            if earlier != later { return earlier < later }
            if left.file.modified != right.file.modified { return left.file.modified < right.file.modified }
            return left.file.path > right.file.path
        }
    }

    private func firstTime(of file: LogFile) throws(LogError) -> RecordTime? {
        var walk = RecordWalk(
            try LogSource(file), path: file.path, start: 0, inherited: nil, zone: zone, isCancelled: isCancelled)
        while try walk.next() {
            if let time = walk.time { return time }
            guard walk.position < Self.firstRecordReach else { return nil }
        }
        return nil
    }

    /// Begins to read a file, plain ones shortly before the first record since a moment.
    func walk(_ dated: DatedFile, from: LogInstant, disorder: Int) throws(LogError) -> RecordWalk {
        let source = try LogSource(dated.file)
        var start = 0
        if source.sizeAtOpen != nil, dated.first != nil {
            var bisection = LogBisection(source: source, zone: zone, isCancelled: isCancelled)
            start = try bisection.offset(olderThan: from.milliseconds - disorder)
        }
        return RecordWalk(
            source, path: dated.file.path, start: start, inherited: dated.first, zone: zone, isCancelled: isCancelled)
    }
}
