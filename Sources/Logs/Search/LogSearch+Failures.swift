extension LogSearch {
    /// Finds the failures between two moments and groups them by signature, organization, environment, proxy and
    /// backend.
    ///
    /// The files are read oldest first, so that a request whose records stand on both sides of a rotation counts once.
    /// Records without any time count when their file was written to since.
    ///
    /// - Parameters:
    ///   - since: nil for everything there is.
    ///   - until: nil for up to now and later.
    public func failures(
        since: LogInstant? = nil, until: LogInstant? = nil, signatures: [FailureSignature] = FailureSignature.known
    ) -> FailureReport {
        let (from, to) = (max(since ?? .distantPast, .distantPast), min(until ?? .distantFuture, .distantFuture))
        var report = FailureReport()
        guard from <= to, !signatures.isEmpty else { return report }
        let disorder = RecordClock.disorder(zone: zone, from: from, to: to)
        var collector = FailureCollector(signatures)
        for dated in files(from: from, to: to, problems: &report.problems) {
            guard !isCancelled() else { break }
            report.files.append(dated.file.path)
            do throws(LogError) {
                var walk = try walk(dated, from: from, disorder: disorder)
                while true {
                    walk.skip(without: collector.anchors)
                    guard try walk.next() else { break }
                    guard walk.mayHoldNeedle else { continue }
                    if let time = walk.time {
                        if time.earliest - disorder > to.milliseconds { break }
                        guard time.isWithin(from, to) else { continue }
                    }
                    collector.look(at: walk)
                }
            } catch {
                report.problems.append(LogProblem(error))
            }
        }
        (report.groups, report.requestsInFurtherGroups) = collector.finish()
        report.wasInterrupted = isCancelled()
        return report
    }
}
