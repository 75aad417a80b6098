internal import Archive

/// The tar archive of a bundle on its way: a gzip member begins at each header and at each item's content.
final class BundleArchive {
    private let members: MemberStream
    /// Unpacked bytes so far.
    private var count = 0
    private var rows: [(member: Int, entry: ArchiveEntry)] = []

    init(members: MemberStream) { self.members = members }

    /// The header of an entry; its content must follow.
    func begin(_ entry: ArchiveEntry, to sink: MemberStream.Sink) throws(BundleError) {
        let header: [UInt8]
        do throws(ArchiveError) { header = try TarParts.header(entry) } catch { throw BundleError(error, entry.path) }
        rows.append((try members.cut(to: sink), entry))
        try append(header, to: sink)
        _ = try members.cut(to: sink)
    }

    /// The content of the entry, from memory.
    func add(_ bytes: [UInt8], to sink: MemberStream.Sink) throws(BundleError) {
        try append(bytes, to: sink)
        try append([UInt8](repeating: 0, count: TarParts.padding(after: bytes.count)), to: sink)
    }

    /// Where members that are packed already come from.
    enum Packed {
        case folder(WorkFolder)
        case elsewhere(any PackedSource)

        func copy(_ path: String, to sink: MemberStream.Sink) throws(BundleError) {
            switch self {
            case .folder(let folder): try folder.copyPacked(path, to: sink)
            case .elsewhere(let source): try source.copyPacked(path, to: sink)
            }
        }
    }

    /// The content of the entry: members that somebody has packed already, with what tar fills it up with.
    /// - Parameter bytes: of the content.
    func add(_ packed: Packed, _ path: String, bytes: Int, to sink: MemberStream.Sink) throws(BundleError) {
        try members.finish(to: sink)
        var copied = 0
        try packed.copy(path) { block throws(BundleError) in
            copied += block.count
            try sink(block)
        }
        members.skip(copied)
        count += bytes + TarParts.padding(after: bytes)
    }

    /// Ends the archive.
    /// - Returns: the members of its index.
    func finish(to sink: MemberStream.Sink) throws(BundleError) -> [UInt8] {
        _ = try members.cut(to: sink)
        try append(TarParts.end(after: count), to: sink)
        try members.finish(to: sink)
        var index = BundleIndex()
        index.rows = rows.map { BundleIndex.Row(offset: members.starts[$0.member], entry: $0.entry) }
        do throws(ArchiveError) { return try index.members() } catch { throw BundleError(error, "index") }
    }

    private func append(_ bytes: [UInt8], to sink: MemberStream.Sink) throws(BundleError) {
        try members.append(bytes[...], to: sink)
        count += bytes.count
    }
}
