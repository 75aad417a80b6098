/// Splits the bytes of a pcap or pcapng file, as they come, into frames.
///
/// Formats: draft-ietf-opsawg-pcap (classic) and draft-ietf-opsawg-pcapng. Memory is bounded by one block; blocks that
/// are of no use are skipped without being held. Nothing that does not parse is handed on.
public struct CaptureParser: Sendable {
    /// The most bytes of one frame, as in Wireshark and tcpdump.
    public static let maximumFrameLength = 262_144
    static let maximumBlockLength = maximumFrameLength + 65_536
    static let maximumInterfaces = 1_024

    /// The bytes at hand. A frame record names a range of it, which may be changed until the next `append`.
    package var buffer: [UInt8] = []
    var head = 0
    var format: CaptureFormat?
    var interfaces: [CaptureInterface] = []
    var frameNumber = 0
    /// Elements that one block gave beyond the first.
    var queue: [CaptureElement] = []
    /// Bytes of a skipped block that are still to come.
    private var bytesToSkip = 0
    var isBroken = false

    public init() {}

    /// Frames seen so far.
    public var frameCount: Int { frameNumber }

    /// Adds the next bytes of the file. Take the elements with `next()` after each call.
    public mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard !isBroken else { return }
        var bytes = bytes
        if bytesToSkip > 0, head == buffer.count {
            let skipped = min(bytesToSkip, bytes.count)
            bytes = bytes.dropFirst(skipped)
            bytesToSkip -= skipped
        }
        if head > 65_536 || head == buffer.count {
            buffer.removeFirst(head)
            head = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next element, or nil when more bytes are needed first.
    public mutating func next() -> CaptureElement? {
        if let record = nextRecord() { return .frame(CapturedFrame(record, data: Array(buffer[record.data]))) }
        return nextElement()
    }

    /// The next frame without a copy of its bytes; nil when something else comes first: see `nextElement`.
    package mutating func nextRecord() -> FrameRecord? {
        guard queue.isEmpty, !isBroken, bytesToSkip == 0 else { return nil }
        switch format {
        case nil: return nil
        case .pcap(let order, let nanosecond): return nextClassicRecord(order, nanosecond: nanosecond)
        case .pcapng(let order): return nextBlockRecord(order)
        }
    }

    /// The next element that is no frame; nil when a frame or more bytes come first.
    package mutating func nextElement() -> CaptureElement? {
        if !queue.isEmpty { return queue.removeFirst() }
        // Bytes that are skipped are never in the buffer: `append` leaves them out.
        guard !isBroken, bytesToSkip == 0 else { return nil }
        switch format {
        case nil: return begin()
        case .pcap: return nil
        case .pcapng(let order): return nextBlock(order)
        }
    }

    /// Says whether the input ended inside of a header, frame or block.
    public mutating func finish() -> CaptureElement? {
        guard !isBroken else { return nil }
        if format == nil, frameNumber == 0, head == buffer.count {
            return fail("the capture is empty, not even a file header was written")
        }
        guard head == buffer.count, bytesToSkip == 0 else { return fail("the capture ends inside of a frame or block") }
        isBroken = true
        return nil
    }

    var available: Int { buffer.count - head }

    mutating func fail(_ reason: String) -> CaptureElement {
        // The buffer stays: frames before the damage may still lie in it.
        isBroken = true
        return .broken(reason: reason)
    }

    mutating func skip(_ count: Int) {
        let present = min(count, available)
        head += present
        bytesToSkip = count - present
    }

    /// Reads the magic number and, for a classic file, its header.
    private mutating func begin() -> CaptureElement? {
        guard let magic = buffer.uint32(at: head, .big) else { return nil }
        switch magic {
        case 0x0A0D_0D0A:
            return beginSection()
        case 0xA1B2_C3D4: return beginFile(.big, nanosecond: false)
        case 0xD4C3_B2A1: return beginFile(.little, nanosecond: false)
        case 0xA1B2_3C4D: return beginFile(.big, nanosecond: true)
        case 0x4D3C_B2A1: return beginFile(.little, nanosecond: true)
        case 0x1F8B_0000...0x1F8B_FFFF: return fail("the capture is gzip-compressed, unpack it first")
        default: return fail("this is no pcap or pcapng file")
        }
    }

    private mutating func beginFile(_ order: ByteOrder, nanosecond: Bool) -> CaptureElement? {
        guard let snapLength = buffer.uint32(at: head + 16, order), let link = buffer.uint32(at: head + 20, order),
            let major = buffer.uint16(at: head + 4, order)
        else { return nil }
        guard major == 2 else { return fail("pcap version \(major) is not supported") }
        head += 24
        let format = CaptureFormat.pcap(order, nanosecond: nanosecond)
        self.format = format
        // The top bits of the word tell of a frame check sequence, bits 16 to 25 were a class long ago.
        let interface = CaptureInterface(
            linkType: LinkType(number: Int(link & 0xFFFF)), snapLength: snapLength, resolution: nanosecond ? 9 : 6)
        interfaces = [interface]
        queue.append(.interface(interface))
        return .section(format)
    }

    private mutating func nextClassicRecord(_ order: ByteOrder, nanosecond: Bool) -> FrameRecord? {
        guard let seconds = buffer.uint32(at: head, order), let fraction = buffer.uint32(at: head + 4, order),
            let captured = buffer.uint32(at: head + 8, order), let original = buffer.uint32(at: head + 12, order)
        else { return nil }
        guard captured <= UInt32(CaptureParser.maximumFrameLength) else {
            queue.append(fail("frame \(frameNumber + 1) claims \(captured) bytes, the capture is damaged"))
            return nil
        }
        let start = head + 16
        let end = start + Int(captured)
        guard end <= buffer.count else { return nil }
        head = end
        frameNumber += 1
        let nanoseconds = UInt64(fraction) * (nanosecond ? 1 : 1_000)
        return FrameRecord(
            number: frameNumber, interface: 0, stamp: (seconds, fraction),
            time: CaptureTime(
                seconds: Int64(seconds), nanoseconds: Int32(truncatingIfNeeded: min(nanoseconds, 999_999_999))),
            originalLength: original, flags: nil, data: start..<end, record: head - Int(captured) - 16..<head)
    }
}
