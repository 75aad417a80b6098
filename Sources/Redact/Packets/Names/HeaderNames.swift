import Packets

/// Rewrites the addresses in the headers of a frame, and mends the checksums that cover them.
struct HeaderNames {
    let names: PacketNames

    func rewrite(_ frame: inout MutableSpan<UInt8>, _ layout: PacketLayout, linkType: LinkType) {
        // Those tunnels have a checksum over all that is inside.
        let outer = layout.outer.filter { $0.protocolNumber == 17 }
        let before = outer.map { Checksum.sum(frame.span, $0.body) }
        for offset in layout.hardwareAddresses(in: frame.span, linkType: linkType) { names.mac(&frame, at: offset) }
        switch layout.content {
        case .other: return
        case .arp(let range): address(&frame, resolution: range)
        case .ip(let packet):
            if case .icmp(let body, let isV6) = packet.transport { message(&frame, packet, body, isV6: isV6) }
            address(&frame, packet)
            for packet in layout.outer.reversed() {
                if let index = outer.firstIndex(where: { $0.header == packet.header }) {
                    Checksum.repair(
                        &frame, of: packet, before: before[index], after: Checksum.sum(frame.span, packet.body))
                }
                address(&frame, packet)
            }
        }
    }

    private func address(_ frame: inout MutableSpan<UInt8>, resolution range: Range<Int>) {
        let start = range.lowerBound
        // Ethernet and IPv4, with addresses of 6 and 4 bytes: no other kind is met.
        guard frame.span.uint64(at: start).map({ $0 >> 16 == 0x0001_0800_0604 }) == true else {
            return frame.zero(start + 8..<range.upperBound)
        }
        names.mac(&frame, at: start + 8)
        names.ipv4(&frame, at: start + 14)
        names.mac(&frame, at: start + 18)
        names.ipv4(&frame, at: start + 24)
    }

    private func address(_ frame: inout MutableSpan<UInt8>, _ packet: IPPacket) {
        let start = packet.header.lowerBound
        let oldSum = packet.source.sum + packet.destination.sum
        rewriteHeader(&frame, start, packet.header.upperBound, isIPv6: packet.source.isIPv6)
        let newSum = Checksum.word(
            Checksum.sum(frame.span, packet.source.isIPv6 ? start + 8..<start + 40 : start + 12..<start + 20))
        guard packet.protocolNumber != 1, let offset = Checksum.offset(in: packet),
            let old = frame.span.uint16(at: offset), !(packet.protocolNumber == 17 && old == 0)
        else { return }
        let pseudo = Checksum.pseudoHeader(of: packet)
        var new = Checksum.updated(old, before: UInt64(Checksum.fold(oldSum)), after: newSum)
        if packet.missing == 0, packet.fragment == .none, old == Checksum.fold(pseudo) {
            // Left to the network card: now it is made right.
            let body = Checksum.word(Checksum.sum(frame.span, packet.body))
            new = ~Checksum.fold(body + UInt64(~old) + pseudo - oldSum + newSum)
        }
        frame.store(packet.protocolNumber == 17 && new == 0 ? 0xFFFF : new, at: offset)
    }

    /// The addresses of an IP header; options and routes, which hold addresses too, become zero.
    private func rewriteHeader(_ frame: inout MutableSpan<UInt8>, _ start: Int, _ end: Int, isIPv6: Bool) {
        guard !isIPv6 else {
            names.ipv6(&frame, at: start + 8)
            names.ipv6(&frame, at: start + 24)
            var (next, offset) = (frame[start + 6], start + 40)
            while offset + 8 <= end, [0, 43, 44, 51, 60].contains(next) {
                let units = Int(frame[offset + 1])
                let length = next == 44 ? 8 : next == 51 ? (units + 2) * 4 : (units + 1) * 8
                if next == 43 { frame.zero(min(offset + 4, end)..<min(offset + length, end)) }
                next = frame[offset]
                offset += length
            }
            return
        }
        let words = start + 12..<end
        let before = Checksum.word(Checksum.sum(frame.span, words))
        names.ipv4(&frame, at: start + 12)
        names.ipv4(&frame, at: start + 16)
        if end > start + 20 { frame.zero(start + 20..<end) }
        let after = Checksum.word(Checksum.sum(frame.span, words))
        guard let old = frame.span.uint16(at: start + 10), old != 0 else { return }
        frame.store(Checksum.updated(old, before: before, after: after), at: start + 10)
    }

    /// The packet that an error quotes, and the target of neighbour discovery.
    private func message(_ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ body: Range<Int>, isV6: Bool) {
        guard body.count > 8 else { return }
        let before = Checksum.sum(frame.span, body)
        let start = body.lowerBound + 8
        switch (isV6, frame[body.lowerBound]) {
        case (false, 3), (false, 4), (false, 11), (false, 12):
            let end = start + Int(frame[start] & 15) * 4
            if frame[start] >> 4 == 4, end >= start + 20, end <= body.upperBound {
                rewriteHeader(&frame, start, end, isIPv6: false)
            } else {
                frame.zero(start..<body.upperBound)
            }
        case (true, 1), (true, 2), (true, 3), (true, 4):
            if body.upperBound >= start + 40 {
                rewriteHeader(&frame, start, start + 40, isIPv6: true)
            } else {
                frame.zero(start..<body.upperBound)
            }
        case (true, 135), (true, 136):
            if body.upperBound >= start + 16 { names.ipv6(&frame, at: start) }
        default: break
        }
        Checksum.repair(&frame, of: packet, before: before, after: Checksum.sum(frame.span, body))
    }
}
