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
    private var waiting: [UInt8] = []
    private var hasContent = false

    init(
        _ compression: Compression, redactor: Redactor, mode: TextEngine.Mode, nest: Nest, name: String?
    ) throws(ArchiveError) {
        self.nest = nest
        unpacker = try StreamUnpacker(compression)
        packer = try StreamPacker(compression)
        inner = RedactionStream(
            redactor, format: .auto, name: name.map(Self.withoutEnding), mode: mode,
            nest: nest.inside(archive: false))
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard failure == nil else { return }
        do throws(ArchiveError) {
            try unpacker.append(bytes) { piece throws(ArchiveError) in
                try check(piece.count)
                var ready: [UInt8] = []
                do throws(RedactionError) {
                    try inner.append(piece[...], to: &ready)
                } catch {
                    throw ArchiveError(.io, subject: "stream", reason: error.reason)
                }
                try pack(ready, to: &out)
            }
        } catch {
            failure = error
        }
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        do throws(ArchiveError) {
            if failure == nil { try unpacker.finish() }
        } catch {
            failure = error
        }
        if let failure, unpacker.produced < (failure.code == .damaged ? Self.chance : 1) {
            return summary.withhold(failure)
        }
        do {
            var ready: [UInt8] = []
            let part = try inner.finish(to: &ready)
            summary.take(part)
            if let reason = part.withheld {
                guard hasContent else {
                    summary.withheld = reason
                    return
                }
                summary.notes.append("the rest is withheld: \(reason)")
                summary.isPartial = true
            }
            try pack(ready, isEnd: true, to: &out)
            try packer.finish(to: &out)
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

    private func pack(_ ready: [UInt8], isEnd: Bool = false, to out: inout [UInt8]) throws(ArchiveError) {
        // What came out by chance is not passed on: see finish.
        waiting += ready
        guard unpacker.produced >= Self.chance || isEnd, !waiting.isEmpty else { return }
        hasContent = true
        let ready = waiting
        waiting = []
        try packer.append(ready[...], to: &out)
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
