internal import Platform
internal import Redact
internal import SupportBundle

/// The second pass: every sealed item is read once more, searched for what was learned since, and only then stands
/// unsealed in the work folder.
struct FinishingPass: Sendable {
    let context: RunContext

    /// The rows of the items that made it, sorted by path.
    func run() -> [Manifest.Item] {
        var finished: [Manifest.Item] = []
        let rows = context.book.items
        let plan = JournalLine.Plan(
            request: context.caseFile.current.request(clock: context.clock),
            paths: Dictionary(grouping: rows, by: \.kind).mapValues { $0.map(\.path) },
            outcomes: context.book.recorded.map {
                .init(kind: $0.kind, state: $0.outcome.state, reason: $0.outcome.reason, hint: $0.outcome.hint)
            })
        try? context.work.note(JournalLine.plan(plan).bytes)
        for row in rows.sorted(by: { $0.path < $1.path }) {
            do {
                let item = try finish(row)
                finished.append(item)
                try? context.work.note(JournalLine.item(item).bytes)
            } catch {
                try? context.work.removeFinished(row.path)
                let hint = (error as? BundleError)?.hint ?? RunContext.withheldHint
                context.record(row.kind, .missing, reason: "'\(row.title)' is withheld: \(error)", hint: hint)
            }
            // Room for the next one.
            try? context.work.removeSealed(row.path)
        }
        return finished
    }

    private func finish(_ row: Manifest.Item) throws -> Manifest.Item {
        var taken = 0
        do {
            return try finish(row) { sink in
                let reader = try context.work.openSealedItem(row.path)
                while let block = try reader.read() {
                    try sink(block[...])
                    taken += block.count
                }
            }
        } catch let error as BundleError where error.code == .diskFull && row.mediaType == "text/plain" {
            try? context.work.removeFinished(row.path)
            return try finish(cut(row, because: error), from: row, room: taken)
        }
    }

    /// A log of which the disk took `room` bytes: the records nearest to the failing one, as many as it has room for.
    private func finish(_ short: Manifest.Item, from row: Manifest.Item, room: Int) throws -> Manifest.Item {
        let work = context.work
        let log = LogCut(
            open: {
                let reader = try work.openSealedItem(row.path)
                return { try reader.read() ?? [] }
            }, size: row.bytes)
        // Elsewhere it may pack worse than where it began.
        var keep = room * 7 / 8
        while true {
            do {
                var kept = 0
                var item = try finish(short) { sink in
                    kept = try log.cut(around: context.caseFile.current.messageID, keeping: keep, to: sink)
                    if kept == 0 { throw BundleError(.diskFull, row.path, "its disk has no room for one record") }
                }
                item.truncated?.bytes = (row.truncated?.bytes ?? 0) + row.bytes - kept
                return item
            } catch let error as BundleError where error.code == .diskFull && keep >= 2 * Self.leastRoom {
                try? work.removeFinished(row.path)
                keep /= 2
            }
        }
    }

    /// Less of a log is not worth another try, in bytes.
    private static let leastRoom = 4 << 10

    private func cut(_ row: Manifest.Item, because error: BundleError) -> Manifest.Item {
        context.log.write(.warning, "\(row.path) is cut: \(error)")
        var row = row
        row.state = .partial
        row.reason = error.reason
        row.truncated = Manifest.Truncation(
            how: "kept what is nearest to the failing record, whole records, as many as the disk had room for")
        if let hint = error.hint, !row.notes.contains(hint) { row.notes.append(hint) }
        return row
    }

    /// - Parameter feed: brings the bytes of the item.
    private func finish(
        _ row: Manifest.Item, feed: ((ArraySlice<UInt8>) throws -> Void) throws -> Void
    ) throws -> Manifest.Item {
        let stream = context.redactor.makeLiteralStream(Self.format(row), name: PathText.lastName(row.path))
        let writer = try context.work.makeFinished(row.path)
        try feed { bytes in try stream.append(bytes) { try writer.write($0) } }
        let summary = try stream.finish { try writer.write($0) }
        if let why = summary.withheld { throw CollectError(.failed, "", why) }
        var row = row
        row.redactions.merge(summary.findings) { $0 + $1 }
        // They may hold what was learned after they were written.
        row.title = context.redactor.redact(row.title)
        row.source.location = context.redactor.redact(row.source.location)
        row.reason = row.reason.map { context.redactor.redact($0) }
        row.notes = row.notes.map { context.redactor.redact($0) }
        return Self.completed(row, try writer.close(), raw: row.rawBytes)
    }

    static func completed(_ row: Manifest.Item, _ digest: FileDigest, raw: Int) -> Manifest.Item {
        var row = row
        row.bytes = digest.bytes
        row.sha256 = digest.sha256
        row.rawBytes = raw
        return row
    }

    private static func format(_ row: Manifest.Item) -> ContentFormat {
        switch row.mediaType {
        case "application/zip": .zip
        case "application/vnd.tcpdump.pcap": .pcap
        case "application/json": .json
        case "application/xml": .xml
        default: .auto
        }
    }
}
