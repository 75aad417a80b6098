internal import Archive

/// Where each entry of a bundle begins, so that one can be read without what stands before it
/// (docs/bundle-format.md).
///
/// It is kept in the extra fields of empty gzip members behind the archive: other programs see members that add
/// nothing. What it says is a claim like everything in a bundle; `verify` holds it against the archive.
struct BundleIndex: Equatable {
    struct Row: Equatable {
        /// Of the gzip member that begins with the entry's header, in the packed bytes.
        var offset: Int
        var entry: ArchiveEntry
    }

    var rows: [Row] = []

    private static let title = "apigee-collect index 1"
    /// Unpacked; more is no bundle's.
    private static let maxBytes = 32 << 20
    private static let identifier: [UInt8] = [UInt8(ascii: "A"), UInt8(ascii: "I")]
    /// An extra field holds 65,535 bytes, with four of the subfield's own.
    private static let maxPiece = 65_531

    // MARK: Text

    /// One line an entry: offset, size, mode in octal, time, path.
    private var text: [UInt8] {
        var result = Array("\(BundleIndex.title)\n".utf8)
        for row in rows {
            let entry = row.entry
            result += "\(row.offset) \(entry.size ?? 0) \(String(entry.mode, radix: 8)) \(entry.modified) ".utf8
            result += entry.pathBytes
            result.append(0x0a)
        }
        return result
    }

    private init?(text: [UInt8]) {
        var lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.first.map({ $0.elementsEqual(BundleIndex.title.utf8) }) == true, lines.popLast() == [] else {
            return nil
        }
        for line in lines.dropFirst() {
            let parts = line.split(separator: 0x20, maxSplits: 4, omittingEmptySubsequences: false)
            guard parts.count == 5, let path = parts.last, !path.isEmpty,
                let offset = BundleIndex.number(parts[0]), let size = BundleIndex.number(parts[1]),
                let mode = UInt32(String(decoding: parts[2], as: UTF8.self), radix: 8),
                let modified = BundleIndex.number(parts[3])
            else { return nil }
            let kind: ArchiveEntry.Kind = path.last == UInt8(ascii: "/") ? .directory : .file
            let entry = ArchiveEntry(
                pathBytes: Array(path), kind: kind, size: size, mode: mode, modified: Int64(modified))
            rows.append(Row(offset: offset, entry: entry))
        }
    }

    init() {}

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count <= 18, !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    // MARK: Members

    /// The empty members that hold it.
    func members() throws(ArchiveError) -> [UInt8] {
        let packed = try GzipMemberPacker(level: 9).pack(text)
        var result: [UInt8] = []
        for start in stride(from: 0, to: packed.count, by: BundleIndex.maxPiece) {
            let piece = packed[start..<min(packed.count, start + BundleIndex.maxPiece)]
            result += EmptyMember.bytes(fields: [(BundleIndex.identifier, Array(piece))])
        }
        return result
    }

    /// Reads what ``members()`` wrote; nil for anything else.
    init?(members: [UInt8]) {
        var packed: [UInt8] = []
        var rest = members[...]
        while !rest.isEmpty {
            guard let (fields, count) = EmptyMember.parse(rest), fields.count == 1,
                fields[0].identifier == BundleIndex.identifier
            else { return nil }
            packed += fields[0].content
            rest = rest.dropFirst(count)
        }
        guard let text = try? BundleIndex.unpack(packed) else { return nil }
        self.init(text: text)
    }

    private static func unpack(_ packed: [UInt8]) throws(ArchiveError) -> [UInt8]? {
        let stream = try GzipStream(bytes: packed, name: "index")
        var all: [UInt8] = []
        var piece: [UInt8] = []
        while try stream.read(into: &piece, upTo: 64 << 10) > 0 {
            all += piece
            guard all.count <= maxBytes else { return nil }
        }
        return all
    }
}
