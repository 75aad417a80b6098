/// Where the headers and the payload of a frame lie.
///
/// All ranges are within the captured bytes. What does not parse has no range, so a caller that keeps only what it has
/// a range for never keeps an unknown byte.
public struct PacketLayout: Sendable {
    public enum Content: Sendable {
        case ip(IPPacket)
        /// Address resolution (RFC 826): the fixed part, without padding.
        case arp(Range<Int>)
        case other
    }

    /// Bytes of the link-layer header, VLAN tags included, and of the tunnels around the innermost packet.
    public let linkHeader: Range<Int>
    public let content: Content
    /// The packets of tunnels around `content`, outermost first.
    public let outer: [IPPacket]

    private static let deepestTunnel = 4

    /// Reads the headers of a frame; nil for a link type that is not known or a frame that is too short for its header.
    public init?(frame: [UInt8], linkType: LinkType) { self.init(frame.span, linkType: linkType) }

    package init?(_ frame: Span<UInt8>, linkType: LinkType) {
        guard let link = LinkHeader(frame, linkType: linkType) else { return nil }
        switch link.etherType {
        case 0x0800, 0x86DD:
            guard var packet = IPPacket(frame, at: link.length) else { fallthrough }
            var outer: [IPPacket] = []
            while outer.count < PacketLayout.deepestTunnel, let inner = packet.tunnelled(in: frame) {
                outer.append(packet)
                packet = inner
            }
            linkHeader = 0..<packet.header.lowerBound
            content = .ip(packet)
            self.outer = outer
        default:
            linkHeader = 0..<link.length
            let isARP = link.etherType == 0x0806 && frame.count >= link.length + 28
            content = isARP ? .arp(link.length..<link.length + 28) : .other
            outer = []
        }
    }

    /// Where hardware addresses of six bytes lie, those of Ethernet frames in tunnels too.
    package func hardwareAddresses(in frame: Span<UInt8>, linkType: LinkType) -> [Int] {
        var offsets: [Int]
        switch linkType.number {
        case LinkType.ethernet.number: offsets = [0, 6]
        case LinkType.linuxCooked.number: offsets = frame.uint16(at: 4) == 6 ? [6] : []
        case LinkType.linuxCooked2.number: offsets = frame.byte(at: 11) == 6 ? [12] : []
        default: offsets = []
        }
        for packet in outer {
            if let (start, type) = packet.tunnel(in: frame), type == 0x6558 { offsets += [start, start + 6] }
        }
        return offsets
    }

    public var ip: IPPacket? {
        if case .ip(let packet) = content { packet } else { nil }
    }
}

extension IPPacket {
    /// The packet inside of a tunnel: IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784), VXLAN (RFC 7348). Nil when there is
    /// none, or one that does not fit into this packet.
    func tunnelled(in frame: Span<UInt8>) -> IPPacket? {
        guard let (start, type) = tunnel(in: frame) else { return nil }
        switch type {
        case 0x0800, 0x86DD: return innerPacket(frame, at: start)
        case 0x6558:
            guard let link = LinkHeader(ethernet: frame, at: start), [0x0800, 0x86DD].contains(link.etherType) else {
                return nil
            }
            return innerPacket(frame, at: link.length)
        default: return nil
        }
    }

    /// Where the inside of a tunnel begins, and its EtherType (6558: an Ethernet frame).
    func tunnel(in frame: Span<UInt8>) -> (start: Int, type: UInt16)? {
        guard fragment == .none else { return nil }
        let start: Int
        let type: UInt16
        switch protocolNumber {
        case 4: (start, type) = (body.lowerBound, 0x0800)
        case 41: (start, type) = (body.lowerBound, 0x86DD)
        case 47:
            guard let flags = frame.uint16(at: body.lowerBound), flags & 0x4FFF == 0,
                let inner = frame.uint16(at: body.lowerBound + 2)
            else { return nil }
            let options = [0x8000, 0x2000, 0x1000].count { Int(flags) & $0 != 0 }
            (start, type) = (body.lowerBound + 4 + 4 * options, inner)
        case 17:
            guard case .udp(let datagram) = transport, datagram.destinationPort == 4_789,
                frame.uint32(at: datagram.payload.lowerBound) == 0x0800_0000
            else { return nil }
            (start, type) = (datagram.payload.lowerBound + 8, 0x6558)
        default: return nil
        }
        return (start, type)
    }

    private func innerPacket(_ frame: Span<UInt8>, at start: Int) -> IPPacket? {
        guard start <= body.upperBound, let inner = IPPacket(frame, at: start),
            inner.body.upperBound + inner.missing <= body.upperBound + missing, inner.body.upperBound <= body.upperBound
        else { return nil }
        return inner
    }
}
