internal import Logs
internal import Platform
internal import Redact
internal import SupportBundle

/// Copies the records of the case's window out of log files into items, one for each file.
struct LogSlice: Sendable {
    enum Outcome {
        /// Something was; and the files of which no record tells a time, with nothing taken from them.
        case written(undated: [String])
        /// Nothing was in the window, and why.
        case empty(String)
        case failed(CollectError)
    }

    let kind: ItemKind
    let role: Manifest.Place.Role?
    let files: [LogFile]
    let context: RunContext
    /// For the manifest, with each item.
    var notes: [String] = []
    /// False where files without a time are taken by other means.
    var tellsUndated = true
    /// What the item of a log is called, by the log's path.
    var name: @Sendable (String) -> String = { PathText.lastName($0) }

    /// What support reads at most of a log; `--max-item-size` changes it.
    static let defaultLimit = 256 << 20

    func write() -> Outcome {
        let facts = context.caseFile.current
        let search = LogSearch(files: files, isCancelled: { [context] in context.isStopping })
        var writer: ItemWriter?
        var current = ""
        do throws(CollectError) {
            let summary = try search.slice(
                from: LogInstant(milliseconds: facts.window.lowerBound),
                to: LogInstant(milliseconds: facts.window.upperBound),
                maxBytes: context.options.maxItemSizeBytes ?? Self.defaultLimit,
                center: facts.time.map { LogInstant(milliseconds: $0) }
            ) { (file, bytes) throws(CollectError) in
                if file.path != current {
                    try writer?.finish(notes: notes)
                    current = file.path
                    writer = try context.beginItem(
                        kind, file: name(file.path), title: "Slice of \(PathText.lastName(file.path))",
                        source: .init(type: .file, location: file.path), mediaType: "text/plain", format: .log, on: role
                    )
                }
                try writer?.append(bytes)
            }
            let told =
                notes + summary.problems.map { "'\($0.path)': \($0.reason)" }
                + (tellsUndated ? summary.undatedFiles.map { "'\($0)' has no dated record and was left out" } : [])
            let cut = summary.cut.map { Manifest.Truncation(how: $0.how, bytes: $0.bytes) }
            let shortened = summary.shortenedRecords
            let reason =
                cut?.how ?? (summary.wasInterrupted ? "the run was ended while it was copied" : nil)
                ?? (shortened > 0 ? "\(shortened) records larger than 1 MiB were shortened" : nil)
            guard let writer else {
                let why = reason ?? "the log has no record in the window"
                return .empty(([why] + told).joined(separator: "; "))
            }
            try writer.finish(
                state: reason == nil ? .collected : .partial, reason: reason, notes: told, truncated: cut)
            return .written(undated: summary.undatedFiles)
        } catch {
            return .failed(error)
        }
    }
}
