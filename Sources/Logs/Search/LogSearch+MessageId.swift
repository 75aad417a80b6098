import Platform

/// All records of one request.
public struct RecordReport: Sendable {
    /// In the order in which they were written.
    public internal(set) var records: [LogRecord] = []
    /// Whether there are more than were kept.
    public internal(set) var isCut = false
    /// Paths of the files that were read, the newest first.
    public internal(set) var files: [String] = []
    public internal(set) var problems: [LogProblem] = []
    /// Whether the search was cancelled before its end.
    public internal(set) var wasInterrupted = false
}

extension RecordReport {
    fileprivate static let textLimit = 3 << 20

    /// Bytes of text that there is room for.
    fileprivate var remaining: Int { Self.textLimit - records.reduce(0) { $0 + $1.text.count } }

    /// Puts what an older file tells before the rest, as far as there is room.
    fileprivate mutating func add(_ scan: LogSearch.Scan, of file: LogFile) {
        files.append(file.path)
        var (room, bytes) = (LogSearch.recordLimit - records.count, remaining)
        let fitting = scan.records.prefix { record in
            guard room > 0, bytes > 0 else { return false }
            (room, bytes) = (room - 1, bytes - record.text.count)
            return true
        }
        isCut = isCut || scan.isCut || fitting.count < scan.records.count
        records = fitting + records
        if let problem = scan.problem { problems.append(problem) }
    }
}

extension LogSearch {
    fileprivate static let recordLimit = 1000
    /// Longer than any request takes: the router and the Message Processor give up after a minute.
    private static let longestRequest = 15 * 60

    /// Finds the records that name a message id, each with its whole stack trace.
    ///
    /// - Parameters:
    ///   - since: no files are read that were last written to before.
    ///   - stopWhenFound: read the newest files first, and no older ones once the request is found and cannot have
    ///     begun in an older one.
    ///   - threads: how many packed files are read at the same time: unpacking takes longer than anything else.
    public func records(
        messageId: String, since: LogInstant? = nil, stopWhenFound: Bool = true, threads: Int = 1
    ) -> RecordReport {
        var report = RecordReport()
        let id = Array(messageId.utf8)
        guard !id.isEmpty, id.count <= 1024 else { return report }
        let candidates = files(from: since ?? .distantPast, to: .distantFuture, problems: &report.problems)
        var rest = Array(candidates.reversed())[...]
        while let next = rest.first, !isCancelled() {
            let packed = rest.prefix(max(1, threads)).prefix(while: \.file.isCompressed)
            let batch = packed.isEmpty ? [next] : Array(packed)
            rest = rest.dropFirst(batch.count)
            let (limit, bytes) = (Self.recordLimit - report.records.count, report.remaining)
            let scans = Threads.atOnce(
                batch.map { dated in
                    { @Sendable in self.scan(dated, for: id, limit: limit, textLimit: bytes) }
                })
            for (dated, scan) in zip(batch, scans) {
                let alreadyFound = !report.records.isEmpty
                report.add(scan, of: dated.file)
                if stopWhenFound, Self.isComplete(scan.records, dated, alreadyFound: alreadyFound) {
                    rest = []
                    break
                }
            }
        }
        report.wasInterrupted = isCancelled()
        return report
    }

    /// What one file tells of a request.
    fileprivate struct Scan {
        var records: [LogRecord] = []
        var isCut = false
        var problem: LogProblem?
    }

    private func scan(_ dated: DatedFile, for id: [UInt8], limit: Int, textLimit: Int) -> Scan {
        var scan = Scan()
        var remaining = textLimit
        do throws(LogError) {
            var walk = try walk(dated, from: .distantPast, disorder: 0)
            while true {
                walk.skip(without: [id])
                guard try walk.next() else { break }
                guard walk.mayHoldNeedle, walk.withRecord({ Self.names(id, in: $0) }) else { continue }
                guard remaining > 0, scan.records.count < limit else {
                    scan.isCut = true
                    break
                }
                let record = walk.record(textLimit: min(LogRecord.textLimit, remaining))
                remaining -= record.text.count
                scan.records.append(record)
            }
        } catch {
            scan.problem = LogProblem(error)
        }
        return scan
    }

    /// Whether older files cannot hold records of a request any more.
    private static func isComplete(_ found: [LogRecord], _ file: DatedFile, alreadyFound: Bool) -> Bool {
        guard let first = found.first else { return alreadyFound }
        guard let time = first.time, let begin = file.first?.instant else { return false }
        return time > begin.adding(seconds: longestRequest)
    }

    /// Whether the id stands in the record as a word of its own: `x-1` is not named by `x-12`.
    private static func names(_ id: [UInt8], in bytes: Span<UInt8>) -> Bool {
        var start = 0
        while let hit = bytes.firstIndex(of: id, from: start) {
            let before = hit == 0 || !isIdPart(bytes[hit - 1])
            let after = hit + id.count >= bytes.count || !isIdPart(bytes[hit + id.count])
            if before, after { return true }
            start = hit + 1
        }
        return false
    }

    private static func isIdPart(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
