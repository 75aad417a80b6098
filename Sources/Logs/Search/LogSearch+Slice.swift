extension LogSearch {
    private static let blockSize = 256 << 10

    /// Copies the records between two moments (both included) out of all files, in the order of time, file by file.
    ///
    /// A record is taken whole, with its stack trace; one that tells no time goes with the record before. If there is
    /// more than `maxBytes`, what was written nearest to `center` is taken. In the hour that is repeated when summer
    /// time ends, records that may belong to the window are taken.
    ///
    /// - Parameters:
    ///   - maxBytes: for all files together.
    ///   - center: the failure, as a rule; without it the newest records are kept.
    ///   - emit: gets the bytes of one file after those of another, in blocks.
    /// - Throws: only what `emit` throws; files that cannot be read are in the summary.
    public func slice<Failure: Error>(
        from: LogInstant, to: LogInstant, maxBytes: Int, center: LogInstant? = nil,
        emit: (_ file: LogFile, _ bytes: ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> SliceSummary {
        var summary = SliceSummary()
        let (from, to) = (max(from, .distantPast), min(to, .distantFuture))
        guard from <= to, maxBytes > 0 else { return summary }
        let candidates = files(from: from, to: to, problems: &summary.problems)
        summary.filesRead = candidates.count
        summary.undatedFiles = candidates.filter { $0.first == nil }.map(\.file.path)
        let dated = candidates.filter { $0.first != nil }

        var window = (from: from, to: to)
        var available: Int?
        // Measuring is left out where it cannot matter.
        if dated.contains(where: \.file.isCompressed)
            || dated.reduce(0.0, { $0 + Double($1.file.size) }) > Double(maxBytes)
        {
            (window, available) = fit(dated, from: from, to: to, maxBytes: maxBytes, center: center ?? to)
        }
        for file in dated {
            guard !isCancelled() else { break }
            try copy(file, window: window, maxBytes: maxBytes, into: &summary, emit: emit)
            if summary.cut != nil { break }
        }
        if let available, available > summary.bytes, window != (from, to) {
            summary.cut = SliceSummary.Cut(
                how: "the \(summary.bytes) bytes nearest to \((center ?? to).iso8601(in: zone)) of the window, from "
                    + "\(window.from.iso8601(in: zone)) to \(window.to.iso8601(in: zone))",
                bytes: available - summary.bytes)
        }
        summary.wasInterrupted = isCancelled()
        return summary
    }

    /// Narrows the window until what it holds fits.
    private func fit(
        _ files: [DatedFile], from: LogInstant, to: LogInstant, maxBytes: Int, center: LogInstant
    ) -> (window: (from: LogInstant, to: LogInstant), available: Int) {
        var window = (from: from, to: to)
        var available: Int?
        while !isCancelled() {
            var meter = SliceMeter(from: window.from, to: window.to)
            for file in files {
                _ = visit(file, window: window) { walk, time in
                    meter.add(walk.withRecord { $0.count }, at: time)
                    return true
                }
            }
            available = available ?? meter.total
            guard meter.total > maxBytes else { break }
            let stretch = meter.stretch(around: center, budget: maxBytes)
            window = (stretch.from, min(stretch.to, window.to))
            if stretch.fits || !meter.canBeRefined { break }
        }
        return (window, available ?? 0)
    }

    private func copy<Failure: Error>(
        _ file: DatedFile, window: (from: LogInstant, to: LogInstant), maxBytes: Int, into summary: inout SliceSummary,
        emit: (LogFile, ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var block: [UInt8] = []
        block.reserveCapacity(Self.blockSize)
        var row = SliceSummary.File(path: file.file.path, records: 0, bytes: 0)
        var failure: Failure?
        var cut: SliceSummary.Cut?
        var shortened = 0
        let budget = maxBytes - summary.bytes
        let problem = visit(file, window: window) { walk, time in
            let notice = Self.notice(walk.omittedBytes)
            let size = walk.withRecord { $0.count } + notice.count
            guard size <= budget - row.bytes else {
                cut = SliceSummary.Cut(how: "ended before the first record that was too much", bytes: size)
                return false
            }
            walk.withRecord { bytes in
                unsafe bytes.withUnsafeBufferPointer { unsafe block.append(contentsOf: $0) }
            }
            block += notice
            row.records += 1
            row.bytes += size
            row.firstTime = min(row.firstTime ?? time.instant, time.instant)
            row.lastTime = max(row.lastTime ?? time.instant, time.instant)
            if !notice.isEmpty { shortened += 1 }
            if block.count >= Self.blockSize {
                do throws(Failure) {
                    try emit(file.file, block[...])
                } catch {
                    failure = error
                    return false
                }
                block.removeAll(keepingCapacity: true)
            }
            return true
        }
        if let failure { throw failure }
        if !block.isEmpty { try emit(file.file, block[...]) }
        if let problem { summary.problems.append(problem) }
        if row.records > 0 { summary.add(row) }
        summary.shortenedRecords += shortened
        summary.cut = cut
    }

    /// Goes through the records of a file that belong to the window, until `body` returns false.
    private func visit(
        _ file: DatedFile, window: (from: LogInstant, to: LogInstant), body: (borrowing RecordWalk, RecordTime) -> Bool
    ) -> LogProblem? {
        let disorder = RecordClock.disorder(zone: zone, from: window.from, to: window.to)
        do throws(LogError) {
            var walk = try walk(file, from: window.from, disorder: disorder)
            while try walk.next() {
                guard let time = walk.time else { continue }
                if time.earliest - disorder > window.to.milliseconds { return nil }
                guard time.isWithin(window.from, window.to) else { continue }
                guard body(walk, time) else { return nil }
            }
            guard walk.wasCut else { return nil }
            return LogProblem(path: file.file.path, reason: "log became shorter while it was read")
        } catch {
            return LogProblem(error)
        }
    }

    private static func notice(_ omitted: Int) -> [UInt8] {
        omitted > 0 ? Array("\n[apigee-collect: \(omitted) bytes of this record left out]\n".utf8) : []
    }
}

extension SliceSummary {
    fileprivate mutating func add(_ file: File) {
        files.append(file)
        records += file.records
        bytes += file.bytes
        firstTime = [firstTime, file.firstTime].compactMap(\.self).min()
        lastTime = [lastTime, file.lastTime].compactMap(\.self).max()
    }
}
