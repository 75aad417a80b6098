internal import Archive

/// Redacts a zip file: its directory stands at its end, so that it is held whole, packed.
final class ZipPass: ContainerPass {
    private static let limits = ArchiveLimits(entries: 100_000, totalBytes: 8 << 30, ratio: 500, ratioFloor: 16 << 20)
    private static let pieceBytes = 64 << 10
    /// The directory's end, which is all of a zip without entries (APPNOTE 4.3.16).
    private static let emptyZip: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

    private let redactor: Redactor
    private let mode: TextEngine.Mode
    private let nest: Nest
    private var held: [UInt8] = []
    private var isTooLarge = false

    init(redactor: Redactor, mode: TextEngine.Mode, nest: Nest) {
        self.redactor = redactor
        self.mode = mode
        self.nest = nest
    }

    deinit { nest.budget.release(held.count) }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard !isTooLarge else { return }
        guard nest.budget.hold(bytes.count) else {
            isTooLarge = true
            nest.budget.release(held.count)
            held = []
            return
        }
        held += bytes
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        guard !isTooLarge else {
            summary.withheld = "a zip file of more than \(ContainerBudget.heldLimit >> 20) MiB"
            return
        }
        let start = out.count
        do throws(ArchiveError) {
            try repack(to: &out, summary: &summary)
        } catch {
            out.removeLast(out.count - start)
            summary.withhold(error)
        }
        nest.budget.release(held.count)
        held = []
    }

    private func repack(to out: inout [UInt8], summary: inout RedactionSummary) throws(ArchiveError) {
        let pass = try EntryPass(.zip, redactor: redactor, mode: mode, nest: nest)
        let isEmpty = held.starts(with: Self.emptyZip)
        var failure: ArchiveError?
        do throws(ArchiveError) {
            let reader = try ArchiveReader(bytes: held, limits: Self.limits)
            while let entry = try reader.next() {
                guard reader.format == .zip else {
                    throw ArchiveError(.unrecognized, subject: "archive", reason: "it is no zip file")
                }
                try copy(entry, from: reader, to: pass)
                pass.drain(to: &out)
            }
        } catch {
            // What needs a password is withheld as a whole; of what is broken the whole entries are kept.
            guard pass.entries > 0 || isEmpty, error.code != .encrypted else { throw error }
            if !isEmpty { failure = error }
        }
        guard pass.entries > 0 || isEmpty else {
            throw ArchiveError(.unrecognized, subject: "archive", reason: "there is nothing in it")
        }
        pass.drop()
        try pass.finish()
        pass.drain(to: &out)
        summary.take(pass.summary)
        if let failure { summary.cut(failure) }
    }

    private func copy(_ entry: ArchiveEntry, from reader: ArchiveReader, to pass: EntryPass) throws(ArchiveError) {
        guard !entry.isEncrypted else {
            throw ArchiveError(.encrypted, subject: "archive", reason: "it needs a password")
        }
        guard entry.kind != .other else { return pass.note(entry.pathBytes, "left out, no file") }
        pass.begin(entry)
        while entry.kind == .file {
            let piece = try reader.read(upTo: Self.pieceBytes)
            if piece.isEmpty { break }
            try nest.budget.unpack(piece.count)
            try pass.append(piece[...])
        }
        try pass.end()
    }
}
