/// The Internet checksum (RFC 1071) and its repair after bytes of a packet were changed.
public enum Checksum {
    /// One's complement sum of big-endian words, an odd last byte padded with zero.
    static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum: UInt64 = 0
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
            index += 2
        }
        if index < bytes.endIndex { sum += UInt64(bytes[index]) << 8 }
        return UInt32(fold(sum))
    }

    static func fold(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum >> 16) + (sum & 0xFFFF) }
        return UInt16(sum)
    }

    /// Where the checksum of the transport header lies, for the protocols that have one.
    private static func offset(in packet: IPPacket) -> Int? {
        switch packet.transport {
        case .tcp(let segment): segment.header.lowerBound + 16
        case .udp(let datagram): datagram.header.lowerBound + 6
        case .icmp(let body, _): body.count >= 4 ? body.lowerBound + 2 : nil
        case .other: nil
        }
    }

    /// Mends the checksum of the transport header after the packet's body was changed from `original` to `frame`.
    ///
    /// A checksum that was right becomes right again, and so does the partial one that offloading leaves. One that was
    /// wrong stays wrong (RFC 1624 update), as it may be what is looked for; so does the part of a packet that was not
    /// captured. A zero UDP checksum means none and stays zero.
    public static func repair(_ frame: inout [UInt8], original: [UInt8], packet: IPPacket) {
        guard packet.fragment == .none, frame.count == original.count, let offset = offset(in: packet),
            let old = original.uint16(at: offset), packet.body.upperBound <= frame.count,
            frame[packet.body] != original[packet.body]
        else { return }
        var isUDP = false
        if case .udp = packet.transport { isUDP = true }
        if isUDP, old == 0 { return }
        let before = sum(original[packet.body])
        let after = sum(frame[packet.body])
        let pseudo = pseudoHeader(of: packet)
        var new = ~fold(UInt64(~old & 0xFFFF) + UInt64(~fold(UInt64(before)) & 0xFFFF) + UInt64(after))
        if packet.missing == 0 {
            let full = ~fold(UInt64(after) + UInt64(~old & 0xFFFF) + UInt64(pseudo))
            if old == fold(UInt64(pseudo)) { new = full }
        }
        if isUDP, new == 0 { new = 0xFFFF }
        frame[offset] = UInt8(new >> 8)
        frame[offset + 1] = UInt8(new & 0xFF)
    }

    /// RFC 9293 section 3.1 and RFC 8200 section 8.1; zero for ICMP over IPv4, which has none.
    private static func pseudoHeader(of packet: IPPacket) -> UInt32 {
        if case .icmp(_, isV6: false) = packet.transport { return 0 }
        let length = UInt64(packet.body.count + packet.missing)
        var sum = UInt64(packet.protocolNumber) + (length >> 16) + (length & 0xFFFF)
        for address in [packet.source, packet.destination] {
            for half in [address.high, address.low] {
                for shift in stride(from: UInt64(0), to: 64, by: 16) { sum += half >> shift & 0xFFFF }
            }
        }
        return UInt32(fold(sum))
    }
}
