/// What a frame holds for one who follows TCP connections.
public enum ScannedPacket {
    case segment(ScannedSegment)
    case fragment(ScannedFragment)
    /// No TCP over IP, or cut before its TCP header ends.
    case other
}

/// The two ends of a packet.
public struct ScannedAddresses {
    /// In network order; IPv4 fills the low 32 bits of the low words.
    public var sourceHigh: UInt64 = 0
    public var sourceLow: UInt64 = 0
    public var destinationHigh: UInt64 = 0
    public var destinationLow: UInt64 = 0
    public var isIPv6 = false

    public init() {}
}

/// A TCP segment, read in place.
public struct ScannedSegment {
    public let addresses: ScannedAddresses
    public let sourcePort: UInt16
    public let destinationPort: UInt16
    public let sequence: UInt32
    public let acknowledgement: UInt32
    /// As in `TCPSegment.Flags`.
    public let flags: UInt8
    /// As far as captured.
    public let payload: ByteView
    /// Length of the payload on the wire.
    public let payloadLength: Int

    @inlinable public var isSYN: Bool { flags & 0x02 != 0 }
    @inlinable public var isRST: Bool { flags & 0x04 != 0 }
    @inlinable public var isACK: Bool { flags & 0x10 != 0 }

    /// Reads the segment that fills `bytes`; `missing` bytes more of it were on the wire.
    package init?(_ bytes: ByteView, missing: Int, addresses: ScannedAddresses) {
        guard bytes.count >= 20 else { return nil }
        let headerLength = Int(bytes[12] >> 4) * 4
        guard headerLength >= 20, headerLength <= bytes.count else { return nil }
        self.addresses = addresses
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        sequence = bytes.uint32(at: 4)
        acknowledgement = bytes.uint32(at: 8)
        flags = bytes[13]
        payload = bytes.slice(headerLength, bytes.count)
        payloadLength = payload.count + missing
    }
}

/// A piece of an IP datagram.
public struct ScannedFragment {
    public let addresses: ScannedAddresses
    public let identification: UInt32
    public let protocolNumber: UInt8
    /// In bytes from the start of the datagram's payload.
    public let offset: Int
    public let hasMore: Bool
    public let payload: ByteView
    /// Bytes of the fragment that the snap length cut off.
    public let missing: Int
}

/// Reads the headers of a frame down to TCP, in place, tunnels and tags included.
public struct SegmentReader {
    private var bytes: ByteView
    private var offset = 0
    /// Bytes of what is being read that were on the wire but not captured.
    private var missing: Int
    /// Headers that wrap others; more of them is no real network.
    private var depth = 0

    /// What the frame holds.
    public static func read(_ frame: ScannedFrame) -> ScannedPacket {
        var reader = SegmentReader(
            bytes: frame.bytes, missing: max(0, frame.originalLength - frame.bytes.count))
        return reader.readLink(frame.linkType)
    }

    private init(bytes: ByteView, missing: Int) {
        self.bytes = bytes
        self.missing = missing
    }

    private var left: Int { bytes.count - offset }

    private mutating func readLink(_ linkType: Int) -> ScannedPacket {
        switch linkType {
        case 1: return readEthernet()
        case 113:
            // ARPHRD_NETLINK frames hold kernel messages.
            guard left >= 16, bytes.uint16(at: offset + 2) != 824 else { return .other }
            offset += 16
            return readType(bytes.uint16(at: offset - 2))
        case 276:
            guard left >= 20, bytes.uint16(at: offset + 8) != 824 else { return .other }
            offset += 20
            return readType(bytes.uint16(at: offset - 20))
        case 0, 108:
            offset += 4
            return readIP()
        case 12, 14, 101, 228, 229: return readIP()
        case 9, 50: return readPPP()
        case 51:
            offset += 6
            return readPPP()
        case 104:
            guard left >= 4 else { return .other }
            offset += 4
            return readType(bytes.uint16(at: offset - 2))
        case 117:
            guard left >= 4 else { return .other }
            offset += (Int(bytes[offset]) + 3) & ~3
            return readIP()
        case 109:
            offset += 12
            return readIP()
        case 239: return readNetfilterLog()
        default: return .other
        }
    }

    private mutating func readEthernet() -> ScannedPacket {
        guard left >= 14 else { return .other }
        offset += 14
        return readType(bytes.uint16(at: offset - 2))
    }

    /// A packet of the kernel's firewall log: a header and attributes, of which number 9 is the packet.
    private mutating func readNetfilterLog() -> ScannedPacket {
        offset += 4
        while left >= 4 {
            // Attributes are in the byte order of the host, which is little-endian nearly everywhere.
            let length = Int(bytes.uint16(at: offset).byteSwapped)
            let type = bytes.uint16(at: offset + 2).byteSwapped
            guard length >= 4 else { return .other }
            if type == 9 {
                offset += 4
                return readIP()
            }
            offset += (length + 3) & ~3
        }
        return .other
    }

    private mutating func readPPP() -> ScannedPacket {
        guard left >= 4 else { return .other }
        if bytes[offset] == 0xFF, bytes[offset + 1] == 0x03 { offset += 2 }
        var type = UInt16(bytes[offset])
        // The field may be compressed to one byte, which is odd then.
        if type & 1 == 1 {
            offset += 1
        } else {
            type = bytes.uint16(at: offset)
            offset += 2
        }
        return type == 0x21 || type == 0x57 ? readIP() : .other
    }

    /// An EtherType, or the length of an IEEE 802.3 frame.
    private mutating func readType(_ first: UInt16) -> ScannedPacket {
        var type = first
        while depth < 12 {
            depth += 1
            switch type {
            case 0x0800, 0x86DD: return readIP()
            case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300:
                guard left >= 4 else { return .other }
                type = bytes.uint16(at: offset + 2)
                offset += 4
            case 0x8864:
                offset += 6
                return readPPP()
            case 0x8847, 0x8848:
                guard left >= 4 else { return .other }
                let isLast = bytes[offset + 2] & 1 == 1
                offset += 4
                if isLast { return readIP() }
            case 0...1_500:
                guard left >= 8, bytes.uint16(at: offset) == 0xAAAA, bytes[offset + 2] == 3 else { return .other }
                type = bytes.uint16(at: offset + 6)
                offset += 8
                if type <= 1_500 { return .other }
            default: return .other
            }
        }
        return .other
    }

    private mutating func readIP() -> ScannedPacket {
        guard left >= 1, depth < 12 else { return .other }
        depth += 1
        switch bytes[offset] >> 4 {
        case 4: return readIPv4()
        case 6: return readIPv6()
        default: return .other
        }
    }

    private mutating func readIPv4() -> ScannedPacket {
        guard left >= 20 else { return .other }
        let headerLength = Int(bytes[offset] & 0x0F) * 4
        var total = Int(bytes.uint16(at: offset + 2))
        // Segmentation offload leaves the total length 0: then the packet is as long as the frame.
        if total == 0 { total = left + missing }
        guard headerLength >= 20, headerLength <= left, total >= headerLength else { return .other }
        var addresses = ScannedAddresses()
        addresses.sourceLow = UInt64(bytes.uint32(at: offset + 12))
        addresses.destinationLow = UInt64(bytes.uint32(at: offset + 16))
        let word = bytes.uint16(at: offset + 6)
        let identification = UInt32(bytes.uint16(at: offset + 4))
        let number = bytes[offset + 9]
        limit(to: total)
        offset += headerLength
        if word & 0x3FFF != 0 {
            return .fragment(
                ScannedFragment(
                    addresses: addresses, identification: identification, protocolNumber: number,
                    offset: Int(word & 0x1FFF) * 8, hasMore: word & 0x2000 != 0,
                    payload: bytes.slice(offset, bytes.count), missing: missing))
        }
        return readTransport(number, addresses)
    }

    private mutating func readIPv6() -> ScannedPacket {
        guard left >= 40 else { return .other }
        var addresses = ScannedAddresses()
        addresses.isIPv6 = true
        addresses.sourceHigh = bytes.uint64(at: offset + 8)
        addresses.sourceLow = bytes.uint64(at: offset + 16)
        addresses.destinationHigh = bytes.uint64(at: offset + 24)
        addresses.destinationLow = bytes.uint64(at: offset + 32)
        let length = Int(bytes.uint16(at: offset + 4))
        var next = bytes[offset + 6]
        if length > 0 { limit(to: 40 + length) }
        offset += 40
        // RFC 8200 section 4: hop-by-hop, routing, destination options, fragment, authentication; mobility, HIP, shim6.
        for _ in 0..<16 {
            switch next {
            case 0, 43, 60, 135, 139, 140:
                guard left >= 8 else { return .other }
                next = bytes[offset]
                offset += (Int(bytes[offset + 1]) + 1) * 8
            case 44:
                guard left >= 8 else { return .other }
                next = bytes[offset]
                let word = bytes.uint16(at: offset + 2)
                let identification = bytes.uint32(at: offset + 4)
                offset += 8
                if word & 0xFFF9 == 0 { continue }
                return .fragment(
                    ScannedFragment(
                        addresses: addresses, identification: identification, protocolNumber: next,
                        offset: Int(word & 0xFFF8), hasMore: word & 1 == 1,
                        payload: bytes.slice(offset, bytes.count), missing: missing))
            case 51:
                guard left >= 8 else { return .other }
                next = bytes[offset]
                offset += (Int(bytes[offset + 1]) + 2) * 4
            default:
                return readTransport(next, addresses)
            }
        }
        return .other
    }

    /// Leaves out what follows the packet that begins at `offset`, such as the padding of the link layer.
    private mutating func limit(to length: Int) {
        let end = offset + length
        if end <= bytes.count {
            bytes = bytes.slice(0, end)
            missing = 0
        } else {
            missing = min(missing, end - bytes.count)
        }
    }

    private mutating func readTransport(_ number: UInt8, _ addresses: ScannedAddresses) -> ScannedPacket {
        switch number {
        case 6:
            guard left >= 20,
                let segment = ScannedSegment(
                    bytes.slice(offset, bytes.count), missing: missing, addresses: addresses)
            else { return .other }
            return .segment(segment)
        case 4, 41: return readIP()
        case 47: return readGRE()
        case 17:
            // VXLAN (RFC 7348).
            guard left >= 16, bytes.uint16(at: offset + 2) == 4_789, depth < 12 else { return .other }
            depth += 1
            offset += 16
            return readEthernet()
        default: return .other
        }
    }

    /// Generic routing encapsulation (RFC 2784 and 2890).
    private mutating func readGRE() -> ScannedPacket {
        guard left >= 4 else { return .other }
        let flags = bytes.uint16(at: offset)
        let type = bytes.uint16(at: offset + 2)
        guard flags & 0x4007 == 0 else { return .other }
        offset += 4 + (flags & 0x8000 != 0 ? 4 : 0) + (flags & 0x2000 != 0 ? 4 : 0) + (flags & 0x1000 != 0 ? 4 : 0)
        guard left >= 0 else { return .other }
        return type == 0x6558 ? readEthernet() : readType(type)
    }

    /// Reads the payload of a datagram that was put together from fragments.
    public static func read(
        datagram: ByteView, protocolNumber: UInt8, addresses: ScannedAddresses
    ) -> ScannedPacket {
        var reader = SegmentReader(bytes: datagram, missing: 0)
        return reader.readTransport(protocolNumber, addresses)
    }
}
