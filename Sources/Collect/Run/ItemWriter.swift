internal import Platform
internal import Redact
internal import SupportBundle

/// The sink of one item: bytes in, redacted and sealed bytes in the work folder, one row in the book.
///
/// Used from one thread at a time. An item whose redaction fails is withheld: nothing of it stays.
final class ItemWriter {
    private let context: RunContext
    private let stream: RedactionStream
    private let sealed: SealedWriter
    private let startedAt: Int
    private let startedMonotonic: Int
    private var row: Manifest.Item
    private var kept = 0
    private var over = 0
    private var observer: ((ArraySlice<UInt8>) -> Void)?
    /// The disk is full, and this item ends where it was: a text, of which a part is worth having.
    private var full: BundleError?

    init(
        context: RunContext, kind: ItemKind, file: String, title: String, source: Manifest.Source, mediaType: String,
        format: ContentFormat, role: Manifest.Place.Role?
    ) throws(CollectError) {
        self.context = context
        startedAt = context.clock.milliseconds
        startedMonotonic = context.clock.monotonicMilliseconds
        let redactor = context.redactor
        let name = PortableName.component(redactor.redact(file))
        let path = context.newPath(kind, name)
        do {
            sealed = try context.work.makeSealedItem(path)
        } catch {
            throw CollectError(.failed, path, error.description, hint: error.hint)
        }
        stream = redactor.makeFirstStream(format, name: name)
        row = Manifest.Item(
            kind: kind, path: path, title: redactor.redact(title),
            source: Manifest.Source(type: source.type, location: redactor.redact(source.location)),
            mediaType: mediaType,
            startedAt: TimeText.iso8601(startedAt))
        row.collectedOn = role.map { Manifest.Place(node: redactor.shown(host: context.node.hostname), role: $0) }
    }

    /// Bytes that were taken so far, before redaction.
    var rawBytes: Int { row.rawBytes }

    /// Takes more bytes. What goes beyond `--max-item-size` is counted and left out.
    func append(_ bytes: ArraySlice<UInt8>) throws(CollectError) {
        let room = context.options.maxItemSizeBytes.map { max(0, $0 - row.rawBytes) } ?? Int.max
        let taken = full == nil ? bytes.prefix(room) : []
        over += bytes.count - taken.count
        guard !taken.isEmpty else { return }
        row.rawBytes += taken.count
        do {
            try stream.append(taken) { try store($0) }
        } catch {
            throw withheld(error)
        }
    }

    /// Ends the item and books it. Returns false when it was withheld.
    @discardableResult
    func finish(
        state: Manifest.State = .collected, reason: String? = nil, notes: [String] = [],
        truncated: Manifest.Truncation? = nil, capture: Manifest.Capture? = nil
    ) throws(CollectError) -> Bool {
        let summary: RedactionSummary
        do {
            summary = try stream.finish { try store($0) }
            if full == nil { try close() }
            if let full, summary.withheld == nil {
                let end = try sealed.closeEarly(RecordEnd().keep)
                guard end > 0 else { throw full }
                over += kept - end
                kept = end
            }
        } catch {
            throw withheld(error)
        }
        if let why = summary.withheld {
            try? context.work.removeSealed(row.path)
            context.record(
                row.kind, .missing, reason: "'\(row.title)' is withheld: \(why)", hint: RunContext.withheldHint)
            return false
        }
        row.redactions = summary.findings
        row.notes = (notes + summary.notes).map { context.redactor.redact($0) }
        row.state = summary.isPartial && state == .collected ? .partial : state
        row.reason = (reason ?? (summary.isPartial ? summary.notes.last : nil)).map { context.redactor.redact($0) }
        row.truncated = truncated
        row.capture = capture
        if over > 0 || full != nil {
            let how =
                full == nil ? "ends at --max-item-size" : "ends after the last whole record that the disk had room for"
            row.truncated = Manifest.Truncation(how: how, bytes: over + (truncated?.bytes ?? 0))
            row.state = .partial
            row.reason = full?.reason ?? row.reason ?? "cut at --max-item-size"
        }
        if let hint = full?.hint { row.notes.append(hint) }
        row.bytes = kept
        row.durationMs = max(0, context.clock.monotonicMilliseconds - startedMonotonic)
        context.book.add(row)
        return true
    }

    /// Shows each piece of redacted bytes to `observer` before it is stored.
    func observeRedacted(_ observer: @escaping (ArraySlice<UInt8>) -> Void) { self.observer = observer }

    /// Drops the item; nothing of it stays and nothing is booked.
    func discard() { try? context.work.removeSealed(row.path) }

    private func store(_ piece: ArraySlice<UInt8>) throws(BundleError) {
        kept += piece.count
        observer?(piece)
        try put(piece)
    }

    private func put(_ bytes: ArraySlice<UInt8>) throws(BundleError) {
        guard full == nil else { return }
        try unlessFull { () throws(BundleError) in try sealed.write(bytes) }
    }

    private func close() throws(BundleError) {
        try unlessFull { () throws(BundleError) in _ = try sealed.close() }
    }

    private func unlessFull(_ body: () throws(BundleError) -> Void) throws(BundleError) {
        do throws(BundleError) {
            try body()
        } catch {
            guard error.code == .diskFull, row.mediaType == "text/plain" else { throw error }
            full = error
            context.log.write(.warning, "\(row.path) is cut: \(error)")
        }
    }

    private func withheld(_ error: any Error) -> CollectError {
        try? context.work.removeSealed(row.path)
        let hint = (error as? BundleError)?.hint ?? (error as? RedactionError)?.hint
        return CollectError(.failed, row.title, "withheld: \(error)", hint: hint)
    }
}
