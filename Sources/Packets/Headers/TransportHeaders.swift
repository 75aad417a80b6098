/// A TCP segment (RFC 9293) within a frame.
public struct TCPSegment: Sendable {
    public let sourcePort: UInt16
    public let destinationPort: UInt16
    public let sequence: UInt32
    public let acknowledgement: UInt32
    public let flags: Flags
    /// Fixed header and options.
    public let header: Range<Int>
    /// The payload as far as captured.
    public let payload: Range<Int>
    /// The length of the payload on the wire, in bytes.
    public let payloadLength: Int

    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let fin = Flags(rawValue: 0x01)
        public static let syn = Flags(rawValue: 0x02)
        public static let rst = Flags(rawValue: 0x04)
        public static let ack = Flags(rawValue: 0x10)
    }

    package init?(_ frame: Span<UInt8>, body: Range<Int>, missing: Int) {
        let start = body.lowerBound
        guard body.count >= 20, let source = frame.uint16(at: start), let destination = frame.uint16(at: start + 2),
            let sequence = frame.uint32(at: start + 4), let acknowledgement = frame.uint32(at: start + 8),
            let offset = frame.byte(at: start + 12), let flags = frame.byte(at: start + 13)
        else { return nil }
        let length = Int(offset >> 4) * 4
        guard length >= 20, length <= body.count else { return nil }
        sourcePort = source
        destinationPort = destination
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = Flags(rawValue: flags)
        header = start..<start + length
        payload = start + length..<body.upperBound
        payloadLength = payload.count + missing
    }

    /// Visits the options: kind and the range of the value (RFC 9293 section 3.2). Stops at one that does not parse
    /// and hands the rest over as kind 255.
    package func forEachOption(in frame: Span<UInt8>, _ body: (UInt8, Range<Int>) -> Void) {
        var offset = header.lowerBound + 20
        while offset < header.upperBound {
            let kind = frame[offset]
            if kind == 1 {
                offset += 1
                continue
            }
            guard kind != 0, offset + 1 < header.upperBound else {
                body(255, offset..<header.upperBound)
                return
            }
            let length = Int(frame[offset + 1])
            guard length >= 2, offset + length <= header.upperBound else {
                body(255, offset..<header.upperBound)
                return
            }
            body(kind, offset + 2..<offset + length)
            offset += length
        }
    }
}

/// A UDP datagram (RFC 768) within a frame.
public struct UDPDatagram: Sendable {
    public let sourcePort: UInt16
    public let destinationPort: UInt16
    public let header: Range<Int>
    /// The payload as far as captured.
    public let payload: Range<Int>

    init?(_ frame: Span<UInt8>, body: Range<Int>) {
        let start = body.lowerBound
        guard body.count >= 8, let source = frame.uint16(at: start), let destination = frame.uint16(at: start + 2),
            let length = frame.uint16(at: start + 4)
        else { return nil }
        let end = length == 0 ? body.upperBound : min(body.upperBound, start + Int(length))
        guard end >= start + 8 else { return nil }
        sourcePort = source
        destinationPort = destination
        header = start..<start + 8
        payload = start + 8..<end
    }
}
