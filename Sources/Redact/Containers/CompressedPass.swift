internal import Archive

/// Redacts the one file in a gzip, zstd, bzip2 or xz stream: unpacked, redacted and packed again piece by piece.
final class CompressedPass: ContainerPass {
    /// A stream may expand so much, once this many bytes came out.
    private static let ratio = 500
    private static let ratioFloor = 16 << 20

    /// So many bytes come out of what is no compressed data by chance, before it breaks.
    private static let chance = 4_096

    private let inner: RedactionStream
    private let nest: Nest
    private let unpacker: StreamUnpacker
    private let packer: StreamPacker
    private var failure: ArchiveError?
    private var packingFailure: ArchiveError?
    private var waiting: [UInt8] = []
    private var packed: [UInt8] = []

    init(
        _ compression: Compression, redactor: Redactor, mode: TextEngine.Mode, nest: Nest, name: String?
    ) throws(ArchiveError) {
        self.nest = nest
        unpacker = try StreamUnpacker(compression, memory: nest.coderMemory)
        packer = try StreamPacker(compression, memory: nest.coderMemory)
        inner = RedactionStream(
            redactor, format: .auto, name: name.map(Self.withoutEnding), mode: mode,
            nest: nest.inside(archive: false))
    }

    func append(_ bytes: ArraySlice<UInt8>, to sink: PieceSink) {
        guard failure == nil else { return }
        do throws(ArchiveError) {
            try unpacker.append(bytes) { piece throws(ArchiveError) in
                try check(piece.count)
                do throws(RedactionError) {
                    try inner.take(piece[...]) { pack($0, to: sink) }
                } catch {
                    throw ArchiveError(.io, subject: "stream", reason: error.reason)
                }
                if let packingFailure { throw packingFailure }
            }
        } catch {
            failure = error
        }
    }

    func finish(to sink: PieceSink, summary: inout RedactionSummary) {
        do throws(ArchiveError) {
            if failure == nil { try unpacker.finish() }
        } catch {
            failure = error
        }
        // Where a check sum is wrong, what came out need not be what went in: a key word may have become another word,
        // and the secret behind it would pass. What is only cut is right as far as it goes.
        if let failure, failure.code == .damaged || unpacker.produced == 0 { return summary.withhold(failure) }
        do {
            let part = try inner.end { pack($0, to: sink) }
            summary.take(part)
            if let reason = part.withheld {
                summary.withheld = reason
                return
            }
            pack([], isEnd: true, to: sink)
            try packer.finish(to: &packed)
            sink(packed[...])
            if let packingFailure { throw packingFailure }
        } catch {
            summary.notes.append("it could not be packed to its end")
            summary.isPartial = true
        }
        if let failure {
            summary.cut(failure)
        } else if unpacker.hasTrailingBytes {
            summary.notes.append("bytes behind the end of the compressed data are left out")
            summary.isPartial = true
        }
    }

    private func pack(_ ready: ArraySlice<UInt8>, isEnd: Bool = false, to sink: PieceSink) {
        guard packingFailure == nil else { return }
        do throws(ArchiveError) {
            // What came out by chance is not passed on: see finish.
            if unpacker.produced < Self.chance, !isEnd {
                waiting += ready
                return
            }
            try packer.append(waiting[...], to: &packed)
            waiting = []
            try packer.append(ready, to: &packed)
        } catch {
            packingFailure = error
        }
        if !packed.isEmpty { sink(packed[...]) }
        packed.removeAll(keepingCapacity: true)
    }

    private func check(_ count: Int) throws(ArchiveError) {
        try nest.budget.unpack(count)
        guard unpacker.produced > Self.ratioFloor, unpacker.produced / Self.ratio > unpacker.consumed else { return }
        throw ArchiveError(
            .suspiciousRatio, subject: "archive", reason: "it expands more than \(Self.ratio) times")
    }

    /// `system.log.gz` is `system.log`, `a.tgz` is `a.tar`.
    private static func withoutEnding(_ name: String) -> String {
        let lower = name.lowercased()
        for ending in [".gz", ".zst", ".bz2", ".xz"] where lower.hasSuffix(ending) {
            return String(name.dropLast(ending.count))
        }
        for ending in [".tgz", ".tzst", ".tbz2", ".txz"] where lower.hasSuffix(ending) {
            return name.dropLast(ending.count) + ".tar"
        }
        return name
    }
}
