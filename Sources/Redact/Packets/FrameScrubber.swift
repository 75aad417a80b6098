import Packets

/// What of a frame stays whatever the stream it belongs to: headers of link, tunnels, network and transport.
enum FrameScrubber {
    /// Zeroes everything but headers, and the payload of TCP, which is for the stream to decide: also of fragments.
    /// - Returns: whether anything became zero that was not.
    static func scrub(
        _ frame: inout MutableSpan<UInt8>, layout: PacketLayout, names: PacketNames?
    ) -> Bool {
        var scrub = FrameScrub(names: names)
        switch layout.content {
        case .other: scrub.zero(&frame, layout.linkHeader.upperBound..<frame.count)
        case .arp(let range): scrub.zero(&frame, range.upperBound..<frame.count)
        case .ip(let packet):
            scrub.zero(&frame, packet.body.upperBound..<frame.count)
            switch packet.transport {
            case .tcp(let segment): scrub.options(&frame, packet, segment)
            case .udp(let datagram): scrub.datagram(&frame, packet, datagram)
            case .icmp(let body, let isV6): scrub.message(&frame, packet, body, isV6: isV6)
            case .other where packet.protocolNumber == 6 && packet.fragment != .none: break
            // The snap length cut the options off.
            case .other where packet.protocolNumber == 6 && packet.missing > 0 && packet.body.count >= 20:
                scrub.zero(&frame, packet.body.dropFirst(20))
            case .other: scrub.zero(&frame, packet.body)
            }
        }
        return scrub.hasRemoved
    }
}

private struct FrameScrub {
    let names: PacketNames?
    var hasRemoved = false

    mutating func zero(_ frame: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty, Checksum.sum(frame.span, range) > 0 else { return }
        hasRemoved = true
        frame.zero(range)
    }

    /// Zeroes a part of a packet's body and mends the packet's checksum.
    private mutating func zero(_ frame: inout MutableSpan<UInt8>, _ range: Range<Int>, of packet: IPPacket) {
        guard !range.isEmpty else { return }
        // Sums are over words that are aligned within the body.
        let words = (range.lowerBound - (range.lowerBound - packet.body.lowerBound) % 2)..<range.upperBound
        let before = Checksum.sum(frame.span, words)
        zero(&frame, range)
        Checksum.repair(&frame, of: packet, before: before, after: Checksum.sum(frame.span, words))
    }

    /// Maximum segment size, window scale, selective acknowledgement, time stamps: the options that tell of the path.
    /// Others, such as the cookie of TCP Fast Open, become zero inside.
    mutating func options(_ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ segment: TCPSegment) {
        guard segment.header.count > 20 else { return }
        var doomed: [Range<Int>] = []
        segment.forEachOption(in: frame.span) { kind, range in
            if ![2, 3, 4, 5, 8].contains(kind) { doomed.append(range) }
        }
        for range in doomed { zero(&frame, range, of: packet) }
    }

    mutating func datagram(_ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ datagram: UDPDatagram) {
        if datagram.payload.upperBound < packet.body.upperBound {
            zero(&frame, datagram.payload.upperBound..<packet.body.upperBound)
        }
        let isDNS = datagram.sourcePort == 53 || datagram.destinationPort == 53
        guard isDNS, packet.fragment == .none, packet.missing == 0 else {
            return zero(&frame, datagram.payload, of: packet)
        }
        let before = Checksum.sum(frame.span, datagram.payload)
        DNSMessage.scrub(&frame, datagram.payload, names)
        let after = Checksum.sum(frame.span, datagram.payload)
        if before != after { hasRemoved = true }
        Checksum.repair(&frame, of: packet, before: before, after: after)
    }

    /// ICMP errors quote the packet that caused them: its headers stay, its payload goes (RFC 792, RFC 4443).
    mutating func message(
        _ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ body: Range<Int>, isV6: Bool
    ) {
        guard body.count >= 8 else { return zero(&frame, body, of: packet) }
        let type = frame[body.lowerBound]
        let quoted = body.lowerBound + 8
        let end: Int
        switch (isV6, type) {
        case (false, 3), (false, 4), (false, 11), (false, 12):
            let first = frame.span.byte(at: quoted) ?? 0
            end = first >> 4 == 4 ? quoted + Int(first & 15) * 4 + 8 : quoted
        case (true, 1), (true, 2), (true, 3), (true, 4): end = quoted + 48
        // Neighbour discovery (RFC 4861): the target address.
        case (true, 135), (true, 136): end = quoted + 16
        default: end = quoted
        }
        if end < body.upperBound { zero(&frame, end..<body.upperBound, of: packet) }
    }
}
