/// The link-layer header and the EtherType of what follows.
struct LinkHeader {
    let length: Int
    let etherType: UInt16

    init?(_ frame: Span<UInt8>, linkType: LinkType) {
        switch linkType.number {
        case LinkType.ethernet.number:
            self.init(ethernet: frame, at: 0)
        case LinkType.linuxCooked.number:
            guard let type = frame.uint16(at: 14), let hardware = frame.uint16(at: 2) else { return nil }
            self.init(tagged: frame, at: 16, LinkHeader.isNetlink(hardware) ? 0 : type)
        case LinkType.linuxCooked2.number:
            guard let type = frame.uint16(at: 0), let hardware = frame.uint16(at: 8), frame.count >= 20 else {
                return nil
            }
            self.init(tagged: frame, at: 20, LinkHeader.isNetlink(hardware) ? 0 : type)
        case LinkType.null.number, LinkType.loop.number:
            // The address family differs from system to system, the version nibble does not.
            self.init(ip: frame, at: 4)
        case 12, 14, LinkType.raw.number, LinkType.ipv4.number, LinkType.ipv6.number:
            self.init(ip: frame, at: 0)
        case LinkType.ppp.number, LinkType.pppHDLC.number:
            self.init(ppp: frame, at: frame.uint16(at: 0) == 0xFF03 ? 2 : 0)
        case LinkType.pppoe.number:
            self.init(tagged: frame, at: 0, 0x8864)
        case LinkType.ciscoHDLC.number:
            guard let type = frame.uint16(at: 2) else { return nil }
            self.init(tagged: frame, at: 4, type)
        default:
            return nil
        }
    }

    /// An Ethernet header, also one inside of a tunnel.
    init?(ethernet frame: Span<UInt8>, at start: Int) {
        guard let type = frame.uint16(at: start + 12) else { return nil }
        self.init(tagged: frame, at: start + 14, type)
    }

    private init?(ip frame: Span<UInt8>, at start: Int) {
        guard let first = frame.byte(at: start) else { return nil }
        length = start
        etherType = LinkHeader.etherType(ofIPVersion: first >> 4)
    }

    /// The protocol field of PPP (RFC 1661): one byte where its low bit is set.
    private init?(ppp frame: Span<UInt8>, at start: Int) {
        guard let first = frame.byte(at: start) else { return nil }
        let isShort = first & 1 == 1
        guard let proto = isShort ? UInt16(first) : frame.uint16(at: start) else { return nil }
        length = start + (isShort ? 1 : 2)
        etherType = proto == 0x21 ? 0x0800 : proto == 0x57 ? 0x86DD : 0
    }

    /// Steps over IEEE 802.1Q and 802.1ad tags, MPLS labels (RFC 3032) and PPPoE (RFC 2516). More than eight of them are
    /// no real network.
    private init?(tagged frame: Span<UInt8>, at start: Int, _ first: UInt16) {
        var (offset, type) = (start, first)
        var tags = 0
        tags: while tags < 8 {
            tags += 1
            switch type {
            case 0x8100, 0x88A8, 0x9100:
                guard let next = frame.uint16(at: offset + 2) else { break tags }
                (offset, type) = (offset + 4, next)
            case 0x8847, 0x8848:
                guard let label = frame.uint32(at: offset) else { break tags }
                offset += 4
                if label & 0x100 != 0 {
                    type = LinkHeader.etherType(ofIPVersion: (frame.byte(at: offset) ?? 0) >> 4)
                    break tags
                }
            case 0x8864:
                guard frame.byte(at: offset) == 0x11, let inner = LinkHeader(ppp: frame, at: offset + 6) else {
                    type = 0
                    break tags
                }
                (offset, type) = (inner.length, inner.etherType)
                break tags
            default: break tags
            }
        }
        guard offset <= frame.count else { return nil }
        length = offset
        etherType = type
    }

    /// ARPHRD_NETLINK frames (tcpdump on `nlmon`) hold kernel messages, and a family where others have the EtherType.
    private static func isNetlink(_ hardware: UInt16) -> Bool { hardware == 824 }

    private static func etherType(ofIPVersion version: UInt8) -> UInt16 {
        version == 4 ? 0x0800 : version == 6 ? 0x86DD : 0
    }
}
