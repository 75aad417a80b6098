internal import Archive

/// Redacts a tar archive entry by entry as it streams by: one entry is held at a time.
final class TarPass: ContainerPass {
    private static let maxEntries = 1_000_000

    private let tar = TarStream()
    private let pass: EntryPass
    private var failure: ArchiveError?
    private var seen = 0

    init(redactor: Redactor, mode: TextEngine.Mode, nest: Nest) throws(ArchiveError) {
        pass = try EntryPass(.tar, redactor: redactor, mode: mode, nest: nest)
    }

    func append(_ bytes: ArraySlice<UInt8>, to sink: PieceSink) {
        guard failure == nil else { return }
        do throws(ArchiveError) {
            try tar.append(bytes) { event throws(ArchiveError) in
                switch event {
                case .entry(let entry):
                    seen += 1
                    guard seen <= Self.maxEntries else {
                        throw ArchiveError(
                            .tooManyEntries, subject: "archive", reason: "it holds more than \(Self.maxEntries) entries"
                        )
                    }
                    pass.begin(entry)
                case .data(let bytes): pass.append(bytes)
                case .end: try pass.end(to: sink)
                case .skipped(let name, let why): pass.note(name, "left out, \(why)")
                }
            }
        } catch {
            failure = error
        }
    }

    func finish(to sink: PieceSink, summary: inout RedactionSummary) {
        do throws(ArchiveError) {
            if failure == nil { try tar.finish() }
        } catch {
            failure = error
        }
        if let failure, pass.entries == 0 { return summary.withhold(failure) }
        pass.drop()
        do throws(ArchiveError) {
            try pass.finish(to: sink)
        } catch {
            failure = failure ?? error
        }
        summary.take(pass.summary)
        if let failure { summary.cut(failure) }
        if tar.hasTrailingBytes {
            summary.notes.append("bytes behind the end of the archive are left out")
            summary.isPartial = true
        }
    }
}
