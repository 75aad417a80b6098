internal import Archive

/// Redacts what is inside of zip, tar and gzip files: unpacked in memory, each entry by its own format, packed again.
struct ContainerRedaction {
    let redactor: Redactor
    let mode: TextEngine.Mode
    /// How many containers this one lies in.
    let depth: Int

    static let deepest = 4
    /// Limits of one container, bytes.
    static let packedLimit = 128 << 20
    private static let entryLimit = 256 << 20
    private static let limits = ArchiveLimits(entries: 20_000, totalBytes: 512 << 20, ratio: 250, ratioFloor: 16 << 20)

    /// - Returns: the container of the same kind, or nothing and `summary.withheld`.
    func redact(_ bytes: [UInt8], format: ContentFormat, name: String?) -> (bytes: [UInt8], summary: RedactionSummary) {
        var summary = RedactionSummary(format: format)
        guard depth < Self.deepest else {
            summary.withheld = "archives in archives more than \(Self.deepest) deep"
            return ([], summary)
        }
        do throws(ArchiveError) {
            return (try repack(bytes, name: name, summary: &summary), summary)
        } catch {
            summary.findings = [:]
            summary.withheld = "the archive can't be read: \(error.reason)"
            return ([], summary)
        }
    }

    private func repack(_ bytes: [UInt8], name: String?, summary: inout RedactionSummary) throws(ArchiveError)
        -> [UInt8]
    {
        let reader = try ArchiveReader(bytes: bytes, name: name ?? "archive", limits: Self.limits)
        var writer: ArchiveWriter?
        var seen = false
        while let entry = try reader.next() {
            seen = true
            if reader.format == .gzip {
                let content = try reader.readAll(limit: Self.entryLimit)
                let inner = redactor.part(content, name: name.map(Self.withoutEnding), mode: mode, depth: depth + 1)
                if try reader.next() != nil {
                    throw ArchiveError(.damaged, subject: name ?? "gzip", reason: "it holds more than one file")
                }
                summary.findings = inner.summary.findings
                summary.notes += inner.summary.notes
                summary.withheld = inner.summary.withheld
                return inner.summary.withheld == nil ? StoredGzip.pack(inner.bytes) : []
            }
            if writer == nil {
                writer = try ArchiveWriter(inMemory: Self.kind(of: reader.format), name: name ?? "archive")
            }
            try copy(entry, from: reader, to: writer, summary: &summary)
        }
        guard seen, let writer else {
            if bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return try ArchiveWriter(inMemory: .zip).finish() }
            throw ArchiveError(.unrecognized, subject: name ?? "archive", reason: "there is nothing in it")
        }
        return try writer.finish()
    }

    private func copy(
        _ entry: ArchiveEntry, from reader: ArchiveReader, to writer: ArchiveWriter?, summary: inout RedactionSummary
    ) throws(ArchiveError) {
        var entry = entry
        // A name is text too: it may not carry a secret out.
        entry.pathBytes =
            Array(redactor.redact(entry.path).utf8) == Array(entry.path.utf8)
            ? entry.pathBytes : Array(redactor.redact(entry.path).utf8)
        switch entry.kind {
        case .file:
            guard !entry.isEncrypted else {
                throw ArchiveError(.encrypted, subject: entry.path, reason: "it is encrypted")
            }
            let content = try reader.readAll(limit: Self.entryLimit)
            let inner = redactor.part(content, name: entry.path, mode: mode, depth: depth + 1)
            summary.add(inner.summary, of: entry.path)
            if let reason = inner.summary.withheld { summary.notes.append("\(entry.path): emptied, \(reason)") }
            try writer?.add(entry, bytes: inner.bytes)
        case .other:
            summary.notes.append("\(entry.path): left out, no file")
        default:
            try writer?.add(entry)
        }
    }

    private static func kind(of format: ArchiveReader.Format) -> ArchiveWriter.Format {
        switch format {
        case .zip: .zip
        case .tarGzip: .tarGzip(level: 6)
        default: .tar
        }
    }

    private static func withoutEnding(_ name: String) -> String {
        for ending in [".gz", ".GZ"] where name.hasSuffix(ending) { return String(name.dropLast(3)) }
        return name
    }
}
