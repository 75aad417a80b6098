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

    /// Bytes of the link-layer header, VLAN tags included.
    public let linkHeader: Range<Int>
    public let content: Content

    /// Reads the headers of a frame; nil for a link type that is not known or a frame that is too short for its header.
    public init?(frame: [UInt8], linkType: LinkType) {
        guard let link = LinkHeader(frame: frame, linkType: linkType) else { return nil }
        linkHeader = 0..<link.length
        switch link.etherType {
        case 0x0800, 0x86DD:
            content = IPPacket(frame: frame, at: link.length).map(Content.ip) ?? .other
        case 0x0806:
            content = frame.count >= link.length + 28 ? .arp(link.length..<link.length + 28) : .other
        default:
            content = .other
        }
    }

    public var ip: IPPacket? {
        if case .ip(let packet) = content { packet } else { nil }
    }
}

/// The link-layer header and the EtherType of what follows.
struct LinkHeader {
    let length: Int
    let etherType: UInt16

    init?(frame: [UInt8], linkType: LinkType) {
        var offset: Int
        var type: UInt16
        switch linkType.number {
        case LinkType.ethernet.number:
            guard let value = frame.uint16(at: 12) else { return nil }
            (offset, type) = (14, value)
        case LinkType.linuxCooked.number:
            guard let value = frame.uint16(at: 14), let hardware = frame.uint16(at: 2) else { return nil }
            (offset, type) = (16, LinkHeader.isNetlink(hardware) ? 0 : value)
        case LinkType.linuxCooked2.number:
            guard let value = frame.uint16(at: 0), let hardware = frame.uint16(at: 8), frame.count >= 20 else {
                return nil
            }
            (offset, type) = (20, LinkHeader.isNetlink(hardware) ? 0 : value)
        case LinkType.null.number, LinkType.loop.number:
            // The address family differs from system to system, the version nibble does not.
            guard let value = LinkHeader.etherType(ofIPAt: 4, in: frame) else { return nil }
            (offset, type) = (4, value)
        case 12, 14, LinkType.raw.number, LinkType.ipv4.number, LinkType.ipv6.number:
            guard let value = LinkHeader.etherType(ofIPAt: 0, in: frame) else { return nil }
            (offset, type) = (0, value)
        default:
            return nil
        }
        // IEEE 802.1Q and 802.1ad tags; more than four of them is no real network.
        var tags = 0
        while [0x8100, 0x88A8, 0x9100].contains(type), tags < 4, let next = frame.uint16(at: offset + 2) {
            offset += 4
            type = next
            tags += 1
        }
        guard offset <= frame.count else { return nil }
        length = offset
        etherType = type
    }

    /// ARPHRD_NETLINK frames (tcpdump on `nlmon`) hold kernel messages, and a family where others have the EtherType.
    private static func isNetlink(_ hardware: UInt16) -> Bool { hardware == 824 }

    private static func etherType(ofIPAt offset: Int, in frame: [UInt8]) -> UInt16? {
        switch frame.byte(at: offset).map({ $0 >> 4 }) {
        case 4: 0x0800
        case 6: 0x86DD
        case nil: nil
        default: 0
        }
    }
}
