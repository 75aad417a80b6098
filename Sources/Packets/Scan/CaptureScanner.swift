/// A frame of a capture, read in place.
public struct ScannedFrame {
    /// 1 for the first frame, as Wireshark counts.
    public let number: Int
    /// Number of the link type in the registry of pcap files.
    public let linkType: Int
    public let time: CaptureTime
    /// Length on the wire, in bytes.
    public let originalLength: Int
    /// The captured bytes. They stay in place until the scanner is asked for the next frame.
    public let bytes: ByteView
}

/// Finds the frames of a pcap or pcapng file without copying them: for readers that look at a few bytes of each.
///
/// Formats as in `CaptureParser`. Give it a piece of the file with `feed`, then take frames with `next` until there is
/// none; only an element that is cut by the end of a piece is copied.
public struct CaptureScanner: ~Copyable {
    private struct Interface {
        var linkType: Int
        var snapLength: Int
        /// For the conversion of its time stamps.
        var clock: CaptureInterface
    }

    private enum Format {
        case pcap(swapped: Bool, nanosecond: Bool, headerLength: Int)
        case pcapng(swapped: Bool)
    }

    private enum Need {
        case bytes(Int)
        case broken(String)
    }

    private var format: Format?
    private var interfaces: [Interface] = []
    private var chunk = unsafe ByteView(start: nil, count: 0)
    private var offset = 0
    private var carry = CarryBuffer()
    private var bytesToSkip = 0
    /// Frames seen so far.
    public private(set) var frameCount = 0
    /// Why the rest of the input cannot be read.
    public private(set) var damage: String?

    public init() {}

    /// Sets the next bytes of the file; the piece before must have been used up.
    public mutating func feed(_ bytes: ByteView) {
        chunk = bytes
        offset = 0
    }

    /// The next frame, or nil when another piece is needed first.
    public mutating func next() -> ScannedFrame? {
        while damage == nil {
            if bytesToSkip > 0 {
                let skipped = min(bytesToSkip, chunk.count - offset)
                offset += skipped
                bytesToSkip -= skipped
                if bytesToSkip > 0 { return nil }
            }
            guard let element = element() else { return nil }
            if let frame = read(element) { return frame }
        }
        return nil
    }

    /// Says, after the last piece, whether the input ended where a frame or block ended.
    public mutating func finish() {
        guard damage == nil else { return }
        if format == nil, carry.count == 0 {
            damage = "the capture is empty, not even a file header was written"
        } else if carry.count > 0 || bytesToSkip > 0 {
            damage = "the capture ends inside of a frame or block"
        }
    }

    /// The bytes of the next whole header, frame or block.
    private mutating func element() -> ByteView? {
        if carry.count == 0 {
            let rest = chunk.slice(offset, chunk.count)
            switch need(rest) {
            case .broken(let reason):
                damage = reason
                return nil
            case .bytes(let needed):
                if needed <= rest.count {
                    offset += needed
                    return rest.slice(0, needed)
                }
                carry.append(rest)
                offset = chunk.count
                return nil
            }
        }
        while true {
            switch need(carry.view) {
            case .broken(let reason):
                damage = reason
                return nil
            case .bytes(let needed):
                if carry.count >= needed { return carry.take() }
                let taken = min(needed - carry.count, chunk.count - offset)
                guard taken > 0 else { return nil }
                carry.append(chunk.slice(offset, offset + taken))
                offset += taken
            }
        }
    }

    private func word(_ view: ByteView, _ offset: Int, _ swapped: Bool) -> UInt32 {
        let value = view.uint32(at: offset)
        return swapped ? value.byteSwapped : value
    }

    private func half(_ view: ByteView, _ offset: Int, _ swapped: Bool) -> UInt16 {
        let value = view.uint16(at: offset)
        return swapped ? value.byteSwapped : value
    }

    /// How many bytes the element that begins here has, as far as what is there tells.
    private func need(_ view: ByteView) -> Need {
        switch format {
        case nil:
            guard view.count >= 4 else { return .bytes(4) }
            guard view.uint32(at: 0) == 0x0A0D_0D0A else { return .bytes(24) }
            return sectionLength(view)
        case .pcap(let swapped, _, let headerLength):
            guard view.count >= 16 else { return .bytes(headerLength) }
            let captured = word(view, 8, swapped)
            guard captured <= UInt32(CaptureParser.maximumFrameLength) else {
                return .broken("frame \(frameCount + 1) claims \(captured) bytes, the capture is damaged")
            }
            return .bytes(headerLength + Int(captured))
        case .pcapng(let swapped):
            guard view.count >= 8 else { return .bytes(8) }
            let type = word(view, 0, swapped)
            if type == CaptureParser.BlockType.section { return sectionLength(view) }
            let length = word(view, 4, swapped)
            guard length >= 12, length.isMultiple(of: 4), length < 0x7000_0000 else {
                return .broken("a block of \(length) bytes after frame \(frameCount), the capture is damaged")
            }
            return .bytes(isWanted(type, length) ? Int(length) : 8)
        }
    }

    private func sectionLength(_ view: ByteView) -> Need {
        guard view.count >= 12 else { return .bytes(12) }
        let mark = view.uint32(at: 8)
        guard mark == 0x1A2B_3C4D || mark == 0x4D3C_2B1A else {
            return .broken("a section header without byte-order mark, the capture is damaged")
        }
        let length = word(view, 4, mark == 0x4D3C_2B1A)
        guard length >= 28, length.isMultiple(of: 4), Int(length) <= CaptureParser.maximumBlockLength else {
            return .broken("a section header that cannot be read")
        }
        return .bytes(Int(length))
    }

    private func isWanted(_ type: UInt32, _ length: UInt32) -> Bool {
        guard Int(length) <= CaptureParser.maximumBlockLength else { return false }
        switch type {
        case CaptureParser.BlockType.interface, CaptureParser.BlockType.enhancedPacket,
            CaptureParser.BlockType.simplePacket, CaptureParser.BlockType.packet:
            return true
        default: return false
        }
    }

    private mutating func read(_ element: ByteView) -> ScannedFrame? {
        switch format {
        case nil: begin(element)
        case .pcap(let swapped, let nanosecond, let headerLength):
            return readRecord(element, swapped, nanosecond, headerLength)
        case .pcapng(let swapped): return readBlock(element, swapped)
        }
        return nil
    }

    private mutating func begin(_ element: ByteView) {
        let magic = element.uint32(at: 0)
        switch magic {
        case 0x0A0D_0D0A: beginSection(element)
        case 0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1, 0xA1B2_CD34, 0x34CD_B2A1:
            let swapped = [0xD4C3_B2A1, 0x4D3C_B2A1, 0x34CD_B2A1].contains(magic)
            guard half(element, 4, swapped) == 2 else {
                damage = "pcap version \(half(element, 4, swapped)) is not supported"
                return
            }
            // The form of old Red Hat kernels has eight more bytes before each frame.
            let headerLength = magic == 0xA1B2_CD34 || magic == 0x34CD_B2A1 ? 24 : 16
            format = .pcap(
                swapped: swapped, nanosecond: magic == 0xA1B2_3C4D || magic == 0x4D3C_B2A1, headerLength: headerLength)
            interfaces = [
                interface(
                    linkType: Int(word(element, 20, swapped) & 0xFFFF), snapLength: Int(word(element, 16, swapped)))
            ]
        case 0x1F8B_0000...0x1F8B_FFFF: damage = "the capture is gzip-compressed, unpack it first"
        default: damage = "this is no pcap or pcapng file"
        }
    }

    private func interface(linkType: Int, snapLength: Int, resolution: UInt8 = 6, offset: Int64 = 0) -> Interface {
        Interface(
            linkType: linkType, snapLength: snapLength,
            clock: CaptureInterface(
                linkType: LinkType(number: linkType), snapLength: UInt32(truncatingIfNeeded: snapLength),
                resolution: resolution, timeOffset: offset))
    }

    private mutating func beginSection(_ element: ByteView) {
        let swapped = element.uint32(at: 8) == 0x4D3C_2B1A
        guard half(element, 12, swapped) == 1 else {
            damage = "a section header that cannot be read"
            return
        }
        format = .pcapng(swapped: swapped)
        interfaces = []
    }

    private mutating func readRecord(
        _ element: ByteView, _ swapped: Bool, _ nanosecond: Bool, _ headerLength: Int
    ) -> ScannedFrame {
        frameCount += 1
        let fraction = Int64(word(element, 4, swapped)) * (nanosecond ? 1 : 1_000)
        return ScannedFrame(
            number: frameCount, linkType: interfaces[0].linkType,
            time: CaptureTime(
                seconds: Int64(word(element, 0, swapped)), nanoseconds: Int32(min(fraction, 999_999_999))),
            originalLength: Int(word(element, 12, swapped)), bytes: element.slice(headerLength, element.count))
    }

    private mutating func readBlock(_ element: ByteView, _ swapped: Bool) -> ScannedFrame? {
        let type = word(element, 0, swapped)
        if type == CaptureParser.BlockType.section {
            beginSection(element)
            return nil
        }
        let length = word(element, 4, swapped)
        let isPacket =
            type == CaptureParser.BlockType.enhancedPacket || type == CaptureParser.BlockType.packet
            || type == CaptureParser.BlockType.simplePacket
        guard isWanted(type, length) else {
            if isPacket { frameCount += 1 }
            bytesToSkip = Int(length) - 8
            return nil
        }
        guard word(element, element.count - 4, swapped) == length else {
            damage = "a block after frame \(frameCount) has two different lengths, the capture is damaged"
            return nil
        }
        let block = element.slice(8, element.count - 4)
        if type == CaptureParser.BlockType.interface {
            readInterface(block, swapped)
            return nil
        }
        frameCount += 1
        if type == CaptureParser.BlockType.simplePacket { return readSimplePacket(block, swapped) }
        return readPacket(block, swapped, obsolete: type == CaptureParser.BlockType.packet)
    }

    private mutating func readInterface(_ block: ByteView, _ swapped: Bool) {
        guard block.count >= 8, interfaces.count < CaptureParser.maximumInterfaces else {
            damage = "an interface description that cannot be read"
            return
        }
        var resolution: UInt8 = 6
        var clockOffset: Int64 = 0
        var position = 8
        while position + 4 <= block.count {
            let code = half(block, position, swapped)
            let length = Int(half(block, position + 2, swapped))
            guard code != 0, position + 4 + length <= block.count else { break }
            if code == 9, length >= 1 { resolution = block[position + 4] }
            if code == 14, length >= 8 {
                let value = block.uint64(at: position + 4)
                clockOffset = Int64(bitPattern: swapped ? value.byteSwapped : value)
            }
            position += 4 + (length + 3) & ~3
        }
        interfaces.append(
            interface(
                linkType: Int(half(block, 0, swapped)), snapLength: Int(word(block, 4, swapped)),
                resolution: resolution, offset: clockOffset))
    }

    private func time(_ ticks: UInt64, _ clock: CaptureInterface) -> CaptureTime {
        // Microseconds are what nearly every file has.
        guard clock.resolution == 6 else { return clock.time(ticks: ticks) }
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: 1_000_000)
        return CaptureTime(seconds: Int64(seconds) &+ clock.timeOffset, nanoseconds: Int32(rest * 1_000))
    }

    private func readSimplePacket(_ block: ByteView, _ swapped: Bool) -> ScannedFrame? {
        guard block.count >= 4, let interface = interfaces.first else { return nil }
        let original = Int(word(block, 0, swapped))
        var captured = min(original, block.count - 4)
        if interface.snapLength > 0 { captured = min(captured, interface.snapLength) }
        return ScannedFrame(
            number: frameCount, linkType: interface.linkType, time: CaptureTime(seconds: 0, nanoseconds: 0),
            originalLength: original, bytes: block.slice(4, 4 + captured))
    }

    private func readPacket(_ block: ByteView, _ swapped: Bool, obsolete: Bool) -> ScannedFrame? {
        guard block.count >= 20 else { return nil }
        let index = obsolete ? Int(half(block, 0, swapped)) : Int(word(block, 0, swapped))
        let captured = Int(word(block, 12, swapped))
        guard index < interfaces.count, captured <= CaptureParser.maximumFrameLength, captured <= block.count - 20
        else { return nil }
        let ticks = UInt64(word(block, 4, swapped)) << 32 | UInt64(word(block, 8, swapped))
        return ScannedFrame(
            number: frameCount, linkType: interfaces[index].linkType, time: time(ticks, interfaces[index].clock),
            originalLength: Int(word(block, 16, swapped)), bytes: block.slice(20, 20 + captured))
    }
}

/// Room for one element that is cut by the end of a piece.
@safe private struct CarryBuffer: ~Copyable {
    private let memory = UnsafeMutableRawPointer.allocate(
        byteCount: CaptureParser.maximumBlockLength + 64, alignment: 16)
    private(set) var count = 0

    var view: ByteView { unsafe ByteView(start: UnsafeRawPointer(memory), count: count) }

    /// Elements longer than the room are refused before.
    mutating func append(_ bytes: ByteView) {
        precondition(bytes.count <= CaptureParser.maximumBlockLength + 64 - count)
        unsafe bytes.copy(to: memory + count)
        count += bytes.count
    }

    /// Its bytes; they stay until the next `append`.
    mutating func take() -> ByteView {
        let view = view
        count = 0
        return view
    }

    deinit { unsafe memory.deallocate() }
}
