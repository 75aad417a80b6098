internal import Archive
internal import Crypto
internal import FoundationEssentials

/// Whole gzip members of a bundle that hold the content of one file, with what tar fills it up with, and nothing else.
public struct PackedSpan: Sendable, Equatable {
    /// In the bundle's bytes.
    public var offset: Int
    public var count: Int
    /// Of the packed bytes, lower-case hex.
    public var sha256: String
}

/// Files that are packed already and lie elsewhere, such as in another bundle.
public protocol PackedSource: AnyObject {
    /// Of their contents, by the paths that they shall have.
    var packedFiles: [String: FileDigest] { get }

    /// Hands on the members of one of them.
    func copyPacked(_ path: String, to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError)
}

extension BundleReader {
    /// Whether single entries can be read without what stands before them.
    public func hasIndex() throws(BundleError) -> Bool { try indexRow(BundleWriter.sumsPath) != nil }

    /// What SHA256SUMS says, by path; nil where it is missing or in another form.
    public func checkSums() throws(BundleError) -> [String: String]? {
        do throws(BundleError) {
            return BundleSums.parse(try read(BundleWriter.sumsPath, limit: 64 << 20))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// One file piece by piece, and where its members lie.
    ///
    /// - Parameter path: below the top folder.
    /// - Returns: the digest of the content, and the span that can be copied into another bundle as it is: nil where the
    ///   bundle has no index, or where other things share the members.
    /// - Throws: ``BundleError`` `.archive` for damage, `.notFound`, and what `sink` throws.
    public func copyWithSpan(
        _ path: String, to sink: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) -> (digest: FileDigest, span: PackedSpan?) {
        var hash = SHA256()
        var count = 0
        let tap: ([UInt8]) throws(BundleError) -> Void = { piece throws(BundleError) in
            hash.update(data: piece)
            count += piece.count
            try sink(piece)
        }
        let span: PackedSpan?
        if let row = try indexRow(path), let members = try MemberWalk(self, row: row) {
            span = try members.walk(to: tap)
        } else {
            span = nil
            try copy(path, to: tap)
        }
        return (FileDigest(bytes: count, sha256: hex(hash.finalize())), span)
    }

    /// The packed bytes of a span.
    /// - Throws: ``BundleError`` `.misuse` if they are not those that were read before.
    public func copyPacked(
        _ span: PackedSpan, to sink: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        var hash = SHA256()
        var position = span.offset
        let end = span.offset + span.count
        while position < end {
            let block = try bytes.read(at: position, upTo: min(1 << 20, end - position))
            guard !block.isEmpty else { break }
            position += block.count
            hash.update(data: block)
            try sink(block)
        }
        guard position == end, hex(hash.finalize()) == span.sha256 else {
            throw BundleError(.misuse, name, "changed on disk while it was read", hint: "try again")
        }
    }
}

/// Follows the members of one entry.
private struct MemberWalk {
    private let reader: BundleReader
    private let size: Int
    /// Where the members of the content begin.
    private let start: Int
    private let members: GzipMemberReader

    /// - Returns: nil if the entry's header has no member of its own, or is not the one that a bundle's writer makes.
    init?(_ reader: BundleReader, row: BundleIndex.Row) throws(BundleError) {
        do throws(ArchiveError) {
            members = try GzipMemberReader()
            self.reader = reader
            size = row.entry.size ?? 0
            let header = try TarParts.header(row.entry)
            let (packed, content) = try MemberWalk.member(at: row.offset, expecting: header.count, reader, members)
            guard content.elementsEqual(header) else { return nil }
            start = row.offset + packed
        } catch {
            return nil
        }
    }

    /// - Returns: the span, if the content ends where a member does.
    func walk(to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) -> PackedSpan? {
        let whole = size + TarParts.padding(after: size)
        var (position, made) = (start, 0)
        while made < whole {
            let packed: Int
            let content: ArraySlice<UInt8>
            do throws(ArchiveError) {
                (packed, content) = try MemberWalk.member(
                    at: position, expecting: whole - made, reader, members)
            } catch {
                throw BundleError(error, reader.name)
            }
            // Empty members would be followed for ever.
            guard !content.isEmpty else {
                throw BundleError(.archive, reader.name, "an entry ends early", hint: "copy the bundle again")
            }
            if made < size { try sink(Array(content.prefix(size - made))) }
            made += content.count
            position += packed
        }
        guard made == whole else { return nil }
        return PackedSpan(offset: start, count: position - start, sha256: try packedDigest(from: start, to: position))
    }

    private func packedDigest(from start: Int, to end: Int) throws(BundleError) -> String {
        var hash = SHA256()
        var position = start
        while position < end {
            let block = try reader.bytes.read(at: position, upTo: min(1 << 20, end - position))
            guard !block.isEmpty else { break }
            hash.update(data: block)
            position += block.count
        }
        return hex(hash.finalize())
    }

    /// - Parameter size: of what it may hold; it tells how much is read at first.
    private static func member(
        at offset: Int, expecting size: Int, _ reader: BundleReader, _ members: GzipMemberReader
    ) throws(ArchiveError) -> (packed: Int, content: ArraySlice<UInt8>) {
        // Text shrinks to a third or less; what does not is read a second time.
        let guess = min(size, GzipMemberReader.maxContent) / 2 + 4096
        for window in [guess, GzipMemberReader.maxPacked] {
            let block: [UInt8]
            do throws(BundleError) {
                block = try reader.bytes.read(at: offset, upTo: window)
            } catch {
                throw ArchiveError(.io, subject: error.subject, reason: error.reason, hint: error.hint)
            }
            if let found = members.member(at: block[...]) { return found }
            if block.count < window { break }
        }
        throw ArchiveError(
            .damaged, subject: reader.name, reason: "bad gzip data, or a member that is larger than a bundle's")
    }
}
