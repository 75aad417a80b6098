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

extension LogSearch {
    private static let recordLimit = 1000
    private static let textLimit = 3 << 20
    /// Longer than any request takes: the router and the Message Processor give up after a minute.
    private static let longestRequest = 15 * 60

    /// Finds the records that name a message id, each with its whole stack trace.
    ///
    /// - Parameters:
    ///   - since: no files are read that were last written to before.
    ///   - stopWhenFound: read the newest files first, and no older ones once the request is found and cannot have
    ///     begun in an older one.
    public func records(messageId: String, since: LogInstant? = nil, stopWhenFound: Bool = true) -> RecordReport {
        var report = RecordReport()
        let id = Array(messageId.utf8)
        guard !id.isEmpty, id.count <= 1024 else { return report }
        var remaining = Self.textLimit
        let candidates = files(from: since ?? .distantPast, to: .distantFuture, problems: &report.problems)
        for dated in candidates.reversed() {
            guard !isCancelled() else { break }
            report.files.append(dated.file.path)
            let alreadyFound = !report.records.isEmpty
            var found: [LogRecord] = []
            do throws(LogError) {
                var walk = try walk(dated, from: .distantPast, disorder: 0)
                while true {
                    walk.skip(without: [id])
                    guard try walk.next() else { break }
                    guard walk.mayHoldNeedle, walk.withRecord({ Self.names(id, in: $0) }) else { continue }
                    guard remaining > 0, found.count + report.records.count < Self.recordLimit else {
                        report.isCut = true
                        break
                    }
                    let record = walk.record(textLimit: min(LogRecord.textLimit, remaining))
                    remaining -= record.text.count
                    found.append(record)
                }
            } catch {
                report.problems.append(LogProblem(error))
            }
            report.records = found + report.records
            if stopWhenFound, Self.isComplete(found, dated, alreadyFound: alreadyFound) { break }
        }
        report.wasInterrupted = isCancelled()
        return report
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
