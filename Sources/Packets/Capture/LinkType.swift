/// The kind of link-layer header before a frame's network header (the LINKTYPE registry of pcap files).
public struct LinkType: Hashable, Sendable {
    public let number: Int

    public init(number: Int) { self.number = number }

    public static let null = LinkType(number: 0)
    public static let ethernet = LinkType(number: 1)
    public static let ppp = LinkType(number: 9)
    public static let pppHDLC = LinkType(number: 50)
    public static let pppoe = LinkType(number: 51)
    public static let raw = LinkType(number: 101)
    public static let ciscoHDLC = LinkType(number: 104)
    public static let loop = LinkType(number: 108)
    public static let linuxCooked = LinkType(number: 113)
    public static let ipv4 = LinkType(number: 228)
    public static let ipv6 = LinkType(number: 229)
    public static let linuxCooked2 = LinkType(number: 276)

    /// The name that tcpdump prints and takes, such as `LINUX_SLL2`; `DLT<number>` for one that we cannot read.
    public var name: String {
        switch number {
        case 0: "NULL"
        case 1: "EN10MB"
        case 9: "PPP"
        case 12, 14, 101: "RAW"
        case 50: "PPP_SERIAL"
        case 51: "PPP_ETHER"
        case 104: "C_HDLC"
        case 108: "LOOP"
        case 113: "LINUX_SLL"
        case 228: "IPV4"
        case 229: "IPV6"
        case 276: "LINUX_SLL2"
        default: "DLT\(number)"
        }
    }

    /// Whether the header is one that `PacketLayout` can read. Frames of any other kind cannot be scrubbed.
    public var isKnown: Bool { !name.hasPrefix("DLT") }
}
