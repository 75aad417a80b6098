/// The parts of a tar archive one by one, for a writer that packs each on its own.
public enum TarParts {
    /// Content is filled up to a multiple of this.
    public static let blockBytes = 512

    /// What stands before the content of an entry: one block, or more where the name needs a pax header.
    /// - Throws: ``ArchiveError`` for a name that can't be written.
    public static func header(_ entry: ArchiveEntry) throws(ArchiveError) -> [UInt8] {
        guard !entry.pathBytes.isEmpty, !entry.pathBytes.contains(0) else {
            throw ArchiveError(
                .invalidEntry, subject: entry.path, reason: "a name may not be empty or hold a zero byte")
        }
        let parts = Parts()
        // Dropped before its content was written: what libarchive fills up then goes nowhere.
        let handle = try WriterHandle(format: .tar, subject: entry.path, bytesPerBlock: 0) { parts.bytes += $0 }
        try handle.header(entry, size: entry.kind == .file ? entry.size ?? 0 : 0)
        return parts.bytes
    }

    /// Zero bytes behind content of that size.
    public static func padding(after count: Int) -> Int { (blockBytes - count % blockBytes) % blockBytes }

    /// The end of an archive whose entries take `count` bytes: two empty blocks, and zeros up to a whole record.
    public static func end(after count: Int) -> [UInt8] {
        let record = 10240
        let least = count + 2 * blockBytes
        return [UInt8](repeating: 0, count: 2 * blockBytes + (record - least % record) % record)
    }

    private final class Parts {
        var bytes: [UInt8] = []
    }
}
