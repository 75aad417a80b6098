internal import Archive

/// Redacts the entries of one archive, each by its own format, and writes them to an archive of the same format.
///
/// Names, kinds, times and permissions stay; owners, comments and other attributes go.
final class EntryPass {
    private final class Box {
        var bytes: [UInt8] = []
    }

    private let redactor: Redactor
    private let mode: TextEngine.Mode
    private let nest: Nest
    private let writer: ArchiveWriter
    private let box = Box()
    private var open: (entry: ArchiveEntry, stream: RedactionStream, spool: EntrySpool)?
    /// Why the open entry is not kept.
    private var refusal: String?

    /// What was done so far.
    private(set) var summary = RedactionSummary(format: .auto)
    /// Entries written.
    private(set) var entries = 0

    init(
        _ format: ArchiveWriter.Format, redactor: Redactor, mode: TextEngine.Mode, nest: Nest
    ) throws(ArchiveError) {
        self.redactor = redactor
        self.mode = mode
        self.nest = nest
        let box = box
        writer = try ArchiveWriter(format) { box.bytes += $0 }
    }

    func begin(_ entry: ArchiveEntry) {
        var entry = entry
        entry.pathBytes = redacted(entry.pathBytes)
        entry.linkTarget = entry.linkTarget.map(redacted)
        let stream = RedactionStream(
            redactor, format: .auto, name: entry.path, mode: mode, nest: nest.inside(archive: true))
        open = (entry, stream, EntrySpool(budget: nest.budget))
        refusal = nil
    }

    func append(_ bytes: ArraySlice<UInt8>) {
        guard let open, refusal == nil else { return }
        do {
            try open.stream.take(bytes) { keep($0, in: open.spool) }
        } catch {
            refuse("it can't be redacted")
        }
    }

    /// Gives up the content of the open entry.
    func refuse(_ why: String) {
        refusal = refusal ?? why
        open?.spool = EntrySpool(budget: nest.budget)
    }

    /// Ends the open entry and writes it; an entry that is withheld stays, empty.
    func end(to sink: PieceSink) throws(ArchiveError) {
        guard let (header, stream, kept) = open else { return }
        var entry = header
        entries += 1
        guard entry.kind == .file else {
            open = nil
            try writer.add(entry)
            return drain(to: sink)
        }
        if refusal == nil {
            do {
                let part = try stream.end { keep($0, in: kept) }
                summary.add(part, of: entry.path)
                if let reason = part.withheld { refuse(reason) }
            } catch {
                refuse("it can't be redacted")
            }
        }
        if let refusal { note(entry.pathBytes, "emptied, \(refusal)") }
        let spool = open?.spool ?? kept
        open = nil
        entry.size = spool.count
        try writer.begin(entry)
        try spool.forEach { piece throws(ArchiveError) in
            try writer.write(piece)
            drain(to: sink)
        }
        try writer.end()
        drain(to: sink)
    }

    private func keep(_ piece: ArraySlice<UInt8>, in spool: EntrySpool) {
        guard refusal == nil else { return }
        do throws(ArchiveError) {
            if try !spool.append(piece) { refuse("there is no room to keep it, in memory or on disk") }
        } catch {
            refuse("it can't be packed")
        }
    }

    /// Forgets an entry that did not come to its end.
    func drop() {
        guard let open else { return }
        note(open.entry.pathBytes, "left out, it is not complete")
        self.open = nil
    }

    /// Notes an entry that is not passed on.
    func note(_ name: [UInt8], _ text: String) {
        summary.isPartial = true
        summary.notes.append("\(String(decoding: redacted(name), as: UTF8.self)): \(text)")
    }

    func finish(to sink: PieceSink) throws(ArchiveError) {
        try writer.finish()
        drain(to: sink)
    }

    /// Hands on what is written.
    private func drain(to sink: PieceSink) {
        guard !box.bytes.isEmpty else { return }
        sink(box.bytes[...])
        box.bytes.removeAll(keepingCapacity: true)
    }

    /// A name is text too: it may not carry a secret out.
    private func redacted(_ name: [UInt8]) -> [UInt8] {
        let text = String(decoding: name, as: UTF8.self)
        let clean = redactor.redact(text)
        return clean == text ? name : Array(clean.utf8)
    }
}
