/// Reads a tar archive that is pushed in chunk by chunk; holds one header at a time.
///
/// It reads ustar, pax, GNU and older archives. The result doesn't depend on the chunks' size.
public final class TarStream {
    /// What the archive holds, in order. Every `entry` is followed by its `data` and one `end`.
    public enum Event {
        case entry(ArchiveEntry)
        case data(ArraySlice<UInt8>)
        case end
        /// An entry that can't be handed on, by name, and why.
        case skipped([UInt8], String)
    }

    /// More is no name and no attribute.
    private static let maxMeta = 1 << 20

    private enum Place {
        case header
        /// What belongs to the header of the next entry.
        case meta(UInt8, left: Int)
        case sparseMap
        case data(left: Int, isSkipped: Bool)
        case padding(left: Int)
        case ended
    }

    private let subject: String
    private var place = Place.header
    private var held: [UInt8] = []
    private var padding = 0
    private var zeroBlocks = 0
    private var entries = 0
    private var attributes = PaxAttributes()
    private var pendingSize = 0

    /// True once bytes other than zero came behind the end; they are dropped.
    public private(set) var hasTrailingBytes = false

    /// - Parameter name: for error messages.
    public init(name: String = "archive") { subject = name }

    /// True if the block is the header of a tar archive's first entry.
    public static func recognizes(_ head: [UInt8]) -> Bool {
        guard head.count >= TarHeader.bytes else { return false }
        let header = TarHeader(block: Array(head.prefix(TarHeader.bytes)))
        return !header.isZero && header.isSound && header.size != nil && header.block[0] != 0
    }

    /// Takes the next bytes.
    /// - Throws: ``ArchiveError`` `.damaged`, or what `body` throws. Nothing may be appended after that.
    public func append(
        _ bytes: ArraySlice<UInt8>, _ body: (Event) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            switch place {
            case .ended:
                if rest.contains(where: { $0 != 0 }) { hasTrailingBytes = true }
                return
            case .header, .sparseMap:
                let taken = rest.prefix(TarHeader.bytes - held.count)
                held += taken
                rest = rest.dropFirst(taken.count)
                guard held.count == TarHeader.bytes else { return }
                let block = held
                held = []
                if case .sparseMap = place {
                    if block[504] == 0 { place = data(pendingSize, isSkipped: true) }
                } else {
                    try header(TarHeader(block: block), body)
                }
            case .meta(let type, let left):
                let taken = rest.prefix(left)
                held += taken
                rest = rest.dropFirst(taken.count)
                place = .meta(type, left: left - taken.count)
                if taken.count == left { try endMeta(type) }
            case .data(let left, let isSkipped):
                let taken = rest.prefix(left)
                rest = rest.dropFirst(taken.count)
                place = .data(left: left - taken.count, isSkipped: isSkipped)
                if !isSkipped { try body(.data(taken)) }
                if taken.count == left {
                    place = padding > 0 ? .padding(left: padding) : .header
                    if !isSkipped { try body(.end) }
                }
            case .padding(let left):
                let taken = min(left, rest.count)
                rest = rest.dropFirst(taken)
                place = taken == left ? .header : .padding(left: left - taken)
            }
        }
    }

    /// Ends the archive.
    /// - Throws: ``ArchiveError`` `.truncated` when the archive is not complete, `.unrecognized` when it is none.
    public func finish() throws(ArchiveError) {
        switch place {
        case .ended: return
        // The two blocks of zeros at the end are missing from some writers' archives.
        case .header where held.isEmpty && entries > 0: return
        case .padding where entries > 0: return
        default: throw ArchiveError(.truncated, subject: subject, reason: "the tar archive ends in the middle")
        }
    }

    private func header(
        _ header: TarHeader, _ body: (Event) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        if header.isZero {
            zeroBlocks += 1
            if zeroBlocks == 2 { place = .ended }
            return
        }
        zeroBlocks = 0
        guard header.isSound, var size = header.size else {
            throw ArchiveError(
                entries == 0 ? .unrecognized : .damaged, subject: subject, reason: "a header in it is broken")
        }
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard size <= Self.maxMeta else {
                throw ArchiveError(.damaged, subject: subject, reason: "a name in it is too long")
            }
            padding = -size & (TarHeader.bytes - 1)
            place = .meta(header.type, left: size)
            if size == 0 { try endMeta(header.type) }
            return
        default: break
        }
        entries += 1
        let attributes = attributes
        self.attributes = PaxAttributes()
        if let real = attributes.size { size = real }
        let entry = ArchiveEntry(
            pathBytes: attributes.path ?? header.name, kind: Self.kind(header),
            size: Self.kind(header) == .file ? size : nil, mode: header.mode,
            modified: attributes.modified ?? header.modified, linkTarget: Self.link(header, attributes))
        if header.type == UInt8(ascii: "S") || attributes.isSparse {
            pendingSize = size
            place =
                header.type == UInt8(ascii: "S") && header.hasSparseExtension ? .sparseMap : data(size, isSkipped: true)
            return try body(.skipped(entry.pathBytes, "a sparse file, which is not looked into"))
        }
        switch entry.kind {
        case .file:
            place = data(size, isSkipped: false)
            try body(.entry(entry))
            if size == 0 { try body(.end) }
        case .other:
            // Devices have no content, whatever their size says; what is unknown may have.
            let isDevice = (UInt8(ascii: "3")...UInt8(ascii: "6")).contains(header.type)
            place = isDevice ? .header : data(size, isSkipped: true)
            try body(.skipped(entry.pathBytes, "no file"))
        default:
            try body(.entry(entry))
            try body(.end)
        }
    }

    private func data(_ size: Int, isSkipped: Bool) -> Place {
        padding = -size & (TarHeader.bytes - 1)
        return size == 0 ? .header : .data(left: size, isSkipped: isSkipped)
    }

    private func endMeta(_ type: UInt8) throws(ArchiveError) {
        let text = held
        held = []
        place = padding > 0 ? .padding(left: padding) : .header
        switch type {
        case UInt8(ascii: "L"): attributes.path = Array(text.prefix { $0 != 0 })
        case UInt8(ascii: "K"): attributes.linkPath = Array(text.prefix { $0 != 0 })
        case UInt8(ascii: "g"): break
        default:
            guard attributes.read(text) else {
                throw ArchiveError(.damaged, subject: subject, reason: "the attributes of an entry are broken")
            }
        }
    }

    private static func kind(_ header: TarHeader) -> ArchiveEntry.Kind {
        switch header.type {
        case 0, UInt8(ascii: "0"): header.name.last == 0x2f ? .directory : .file
        case UInt8(ascii: "7"), UInt8(ascii: "S"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "5"): .directory
        default: .other
        }
    }

    private static func link(_ header: TarHeader, _ attributes: PaxAttributes) -> [UInt8]? {
        switch kind(header) {
        case .hardLink, .symbolicLink: attributes.linkPath ?? header.linkName
        default: nil
        }
    }
}
