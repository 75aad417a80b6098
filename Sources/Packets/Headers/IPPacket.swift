/// An IPv4 (RFC 791) or IPv6 (RFC 8200) packet within a frame.
public struct IPPacket: Sendable {
    public enum Fragment: Sendable, Equatable {
        case none
        case first
        case later
    }

    public enum Transport: Sendable {
        case tcp(TCPSegment)
        case udp(UDPDatagram)
        /// ICMP or ICMPv6; the whole message.
        case icmp(Range<Int>, isV6: Bool)
        case other
    }

    public let source: IPAddress
    public let destination: IPAddress
    public let fragment: Fragment
    /// Fixed header, options and extension headers.
    public let header: Range<Int>
    /// The rest of the packet as far as captured, without the padding of the link layer.
    public let body: Range<Int>
    /// Bytes of the packet that the snap length cut off.
    public let missing: Int
    /// The number of the transport protocol (IANA).
    public let protocolNumber: UInt8
    public let transport: Transport

    /// Place of the body within the datagram that was cut into fragments, in bytes.
    public let fragmentOffset: Int
    /// The number that the fragments of a datagram have in common.
    public let identification: UInt32
    /// Whether further fragments follow this one.
    public let moreFragments: Bool

    init?(_ frame: Span<UInt8>, at start: Int) {
        guard let first = frame.byte(at: start) else { return nil }
        guard let fields = first >> 4 == 6 ? Fields(v6: frame, at: start) : Fields(v4: frame, at: start) else {
            return nil
        }
        fragmentOffset = fields.fragmentOffset
        identification = fields.identification
        moreFragments = fields.moreFragments
        source = fields.source
        destination = fields.destination
        fragment = fields.fragment
        protocolNumber = fields.protocolNumber
        header = start..<fields.bodyStart
        let end = min(fields.end, frame.count)
        guard fields.bodyStart <= end else { return nil }
        body = fields.bodyStart..<end
        missing = fields.end - end
        switch (fragment, fields.protocolNumber) {
        case (.later, _): transport = .other
        case (_, 6):
            transport = TCPSegment(frame, body: body, missing: missing).map(Transport.tcp) ?? .other
        case (_, 17):
            transport = UDPDatagram(frame, body: body).map(Transport.udp) ?? .other
        case (_, 1): transport = .icmp(body, isV6: false)
        case (_, 58): transport = .icmp(body, isV6: true)
        default: transport = .other
        }
    }
}

/// What the two header forms have in common.
private struct Fields {
    var source: IPAddress
    var destination: IPAddress
    var fragmentOffset = 0
    var identification: UInt32 = 0
    var moreFragments = false
    var protocolNumber: UInt8
    var bodyStart: Int
    /// Where the packet ends on the wire; may lie beyond what was captured.
    var end: Int

    var fragment: IPPacket.Fragment { fragmentOffset > 0 ? .later : moreFragments ? .first : .none }

    init?(v4 frame: Span<UInt8>, at start: Int) {
        guard let first = frame.byte(at: start), first >> 4 == 4, let total = frame.uint16(at: start + 2),
            let flags = frame.uint16(at: start + 6), let proto = frame.byte(at: start + 9),
            let source = frame.uint32(at: start + 12), let destination = frame.uint32(at: start + 16)
        else { return nil }
        let length = Int(first & 0x0F) * 4
        guard length >= 20, start + length <= frame.count else { return nil }
        self.source = IPAddress(v4: source)
        self.destination = IPAddress(v4: destination)
        fragmentOffset = Int(flags & 0x1FFF) * 8
        moreFragments = flags & 0x2000 != 0
        identification = UInt32(frame.uint16(at: start + 4) ?? 0)
        protocolNumber = proto
        bodyStart = start + length
        // Segmentation offload leaves the total length 0: then the packet is as long as the frame.
        end = total == 0 ? frame.count : start + Int(total)
        guard end >= bodyStart else { return nil }
    }

    init?(v6 frame: Span<UInt8>, at start: Int) {
        guard let length = frame.uint16(at: start + 4), var next = frame.byte(at: start + 6),
            let sourceHigh = frame.uint64(at: start + 8), let sourceLow = frame.uint64(at: start + 16),
            let high = frame.uint64(at: start + 24), let low = frame.uint64(at: start + 32)
        else { return nil }
        source = IPAddress(v6High: sourceHigh, low: sourceLow)
        destination = IPAddress(v6High: high, low: low)
        end = length == 0 ? frame.count : start + 40 + Int(length)
        var offset = start + 40
        // RFC 8200 section 4: hop-by-hop, routing, destination options, fragment, authentication.
        var headers = 0
        walk: while headers < 16 {
            switch next {
            case 0, 43, 60:
                guard let following = frame.byte(at: offset), let units = frame.byte(at: offset + 1) else { break walk }
                next = following
                offset += (Int(units) + 1) * 8
            case 44:
                guard let following = frame.byte(at: offset), let flags = frame.uint16(at: offset + 2) else {
                    break walk
                }
                next = following
                identification = frame.uint32(at: offset + 4) ?? 0
                offset += 8
                fragmentOffset = Int(flags & 0xFFF8)
                moreFragments = flags & 1 != 0
                if fragmentOffset > 0 { break walk }
            case 51:
                guard let following = frame.byte(at: offset), let units = frame.byte(at: offset + 1) else { break walk }
                next = following
                offset += (Int(units) + 2) * 4
            default:
                break walk
            }
            headers += 1
        }
        guard offset <= frame.count, offset <= end else { return nil }
        protocolNumber = next
        bodyStart = offset
    }
}
