internal import Archive

/// Redacts a zip file: its directory stands at its end, so that it is held whole, packed.
final class ZipPass: ContainerPass {
    private static let limits = ArchiveLimits(entries: 100_000, totalBytes: 1 << 40, ratio: 500, ratioFloor: 16 << 20)
    private static let pieceBytes = 64 << 10
    /// The directory's end, which is all of a zip without entries (APPNOTE 4.3.16).
    private static let emptyZip: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

    private let redactor: Redactor
    private let mode: TextEngine.Mode
    private let nest: Nest
    private var held: HeldBytes?

    init(redactor: Redactor, mode: TextEngine.Mode, nest: Nest) {
        self.redactor = redactor
        self.mode = mode
        self.nest = nest
        held = HeldBytes(budget: nest.budget)
    }

    func append(_ bytes: ArraySlice<UInt8>, to sink: PieceSink) {
        guard let held, !held.append(bytes) else { return }
        self.held = nil
    }

    func finish(to sink: PieceSink, summary: inout RedactionSummary) {
        guard let held else {
            summary.withheld = "a zip file that there is no room to keep, in memory or on disk"
            return
        }
        do throws(ArchiveError) {
            try repack(held, to: sink, summary: &summary)
        } catch {
            summary.withhold(error)
        }
        self.held = nil
    }

    private func repack(
        _ held: HeldBytes, to sink: PieceSink, summary: inout RedactionSummary
    ) throws(ArchiveError) {
        // What needs a password is withheld as a whole, before anything of it is handed on.
        guard try !needsPassword(reader(held)) else {
            throw ArchiveError(.encrypted, subject: "archive", reason: "it needs a password")
        }
        let pass = try EntryPass(.zip, redactor: redactor, mode: mode, nest: nest)
        let isEmpty = try held.read(at: 0, upTo: 4).elementsEqual(Self.emptyZip)
        var failure: ArchiveError?
        do throws(ArchiveError) {
            let reader = try reader(held)
            while let entry = try reader.next() {
                guard reader.format == .zip else {
                    throw ArchiveError(.unrecognized, subject: "archive", reason: "it is no zip file")
                }
                try copy(entry, from: reader, to: pass, sink)
            }
        } catch {
            // Of what is broken the whole entries are kept.
            guard pass.entries > 0 || isEmpty else { throw error }
            if !isEmpty { failure = error }
        }
        guard pass.entries > 0 || isEmpty else {
            throw ArchiveError(.unrecognized, subject: "archive", reason: "there is nothing in it")
        }
        pass.drop()
        try pass.finish(to: sink)
        summary.take(pass.summary)
        if let failure { summary.cut(failure) }
    }

    private func reader(_ held: HeldBytes) throws(ArchiveError) -> ArchiveReader {
        try ArchiveReader(length: held.count, limits: Self.limits) { position, count throws(ArchiveError) in
            try held.read(at: position, upTo: count)
        }
    }

    private func needsPassword(_ reader: ArchiveReader) -> Bool {
        do throws(ArchiveError) {
            while let entry = try reader.next() { if entry.isEncrypted { return true } }
            return false
        } catch {
            return error.code == .encrypted
        }
    }

    private func copy(
        _ entry: ArchiveEntry, from reader: ArchiveReader, to pass: EntryPass, _ sink: PieceSink
    ) throws(ArchiveError) {
        guard entry.kind != .other else { return pass.note(entry.pathBytes, "left out, no file") }
        pass.begin(entry)
        while entry.kind == .file {
            let piece = try reader.read(upTo: Self.pieceBytes)
            if piece.isEmpty { break }
            try nest.budget.unpack(piece.count)
            pass.append(piece[...])
        }
        // As in CompressedPass: what is not what went in may hide the word before a secret.
        if !reader.isExact { pass.refuse("its content does not fit its check sum or size") }
        try pass.end(to: sink)
    }
}
