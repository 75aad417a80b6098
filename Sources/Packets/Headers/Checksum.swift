/// The Internet checksum (RFC 1071) and its repair after bytes of a packet were changed.
public enum Checksum {
    /// The sum of the 16-bit words of a range as the machine reads them, an odd last byte padded with zero. It becomes
    /// smaller when a byte becomes zero; `word` makes the one's complement sum of big-endian words of it.
    package static func sum(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        let part = bytes.extracting(range)
        var lanes = SIMD4<UInt64>.zero
        var offset = 0
        while offset + 32 <= part.count {
            let words = unsafe part.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            lanes &+= (words & SIMD4(repeating: 0xFFFF_FFFF)) &+ (words &>> SIMD4(repeating: 32))
            offset += 32
        }
        var sum = lanes.wrappedSum()
        while offset + 2 <= part.count {
            sum &+= UInt64(unsafe part.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
            offset += 2
        }
        if offset < part.count { sum &+= UInt64(UInt16(littleEndian: UInt16(part[offset]))) }
        return sum
    }

    /// RFC 1071 section 2 B: swapping the bytes of the sum is the same as swapping those of each word.
    package static func word(_ sum: UInt64) -> UInt64 { UInt64(UInt16(bigEndian: fold(sum))) }

    package static func fold(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum >> 16) + (sum & 0xFFFF) }
        return UInt16(sum)
    }

    /// Where the checksum of the transport header lies, for the protocols that have one.
    package static func offset(in packet: IPPacket) -> Int? {
        switch packet.transport {
        case .tcp(let segment): segment.header.lowerBound + 16
        case .udp(let datagram): datagram.header.lowerBound + 6
        case .icmp(let body, _): body.count >= 4 ? body.lowerBound + 2 : nil
        case .other: nil
        }
    }

    /// Mends the transport checksum of a packet after bytes of its body were changed.
    ///
    /// A checksum that was right becomes right again, and so does the partial one that offloading leaves (the sum of the
    /// pseudo header alone). One that was wrong stays wrong (RFC 1624), as it may be what is looked for; so does that of
    /// a packet that was not captured to its end. A zero UDP checksum means none and stays zero.
    /// - Parameters:
    ///   - before: the sum of the bytes that were changed, as they were.
    ///   - after: the sum of the same bytes now.
    package static func repair(
        _ frame: inout MutableSpan<UInt8>, of packet: IPPacket, before: UInt64, after: UInt64
    ) {
        guard before != after, packet.fragment == .none, let offset = offset(in: packet),
            let old = frame.span.uint16(at: offset)
        else { return }
        let pseudo = pseudoHeader(of: packet)
        var new = updated(old, before: word(before), after: word(after))
        if packet.missing == 0, old == fold(pseudo) {
            new = ~fold(word(sum(frame.span, packet.body)) + UInt64(~old) + pseudo)
        }
        if packet.protocolNumber == 17 {
            if old == 0 { return }
            if new == 0 { new = 0xFFFF }
        }
        frame.store(new, at: offset)
    }

    /// A checksum after words that it covers were changed (RFC 1624), from their sums.
    package static func updated(_ old: UInt16, before: UInt64, after: UInt64) -> UInt16 {
        ~fold(UInt64(~old) + UInt64(~fold(before)) + UInt64(fold(after)))
    }

    /// RFC 9293 section 3.1 and RFC 8200 section 8.1; zero for ICMP over IPv4, which has none.
    package static func pseudoHeader(of packet: IPPacket) -> UInt64 {
        if packet.protocolNumber == 1 { return 0 }
        let length = UInt64(packet.body.count + packet.missing)
        return UInt64(packet.protocolNumber) + (length >> 16) + (length & 0xFFFF) + packet.source.sum
            + packet.destination.sum
    }
}

extension IPAddress {
    /// One's complement sum, not folded.
    package var sum: UInt64 {
        (high >> 48) + (high >> 32 & 0xFFFF) + (high >> 16 & 0xFFFF) + (high & 0xFFFF) + (low >> 48)
            + (low >> 32 & 0xFFFF) + (low >> 16 & 0xFFFF) + (low & 0xFFFF)
    }
}
