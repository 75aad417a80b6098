import Packets

/// What of a frame stays whatever the stream it belongs to: headers of link, network and transport.
enum FrameScrubber {
    /// Zeroes everything but headers. The payload of a TCP segment is zero too; what may stay is put back later.
    static func scrub(_ frame: inout [UInt8], layout: PacketLayout) {
        let original = frame
        let link = layout.linkHeader
        zero(&frame, link.upperBound..<frame.count)
        switch layout.content {
        case .other: return
        case .arp(let range): copy(range, from: original, to: &frame)
        case .ip(let packet):
            copy(packet.header, from: original, to: &frame)
            switch packet.transport {
            case .other: return
            case .tcp(let segment): keepHeader(of: segment, from: original, to: &frame)
            case .udp(let datagram): keep(datagram, of: packet, from: original, to: &frame)
            case .icmp(let body, let isV6): keepMessage(body, isV6: isV6, from: original, to: &frame)
            }
        }
    }

    private static func zero(_ frame: inout [UInt8], _ range: Range<Int>) {
        for index in range { frame[index] = 0 }
    }

    private static func copy(_ range: Range<Int>, from original: [UInt8], to frame: inout [UInt8]) {
        for index in range where index < frame.count { frame[index] = original[index] }
    }

    /// Maximum segment size, window scale, selective acknowledgement, time stamps: the options that tell of the path.
    /// Others, such as the cookie of TCP Fast Open, become zero inside.
    private static func keepHeader(of segment: TCPSegment, from original: [UInt8], to frame: inout [UInt8]) {
        copy(segment.header, from: original, to: &frame)
        segment.forEachOption(in: original) { kind, range in
            if ![2, 3, 4, 5, 8].contains(kind) { zero(&frame, range) }
        }
    }

    private static func keep(
        _ datagram: UDPDatagram, of packet: IPPacket, from original: [UInt8], to frame: inout [UInt8]
    ) {
        copy(datagram.header, from: original, to: &frame)
        guard packet.fragment == .none, packet.missing == 0, datagram.sourcePort == 53 || datagram.destinationPort == 53
        else { return }
        var message = Array(original[datagram.payload])
        guard DNSMessage.scrub(&message) else { return }
        frame.replaceSubrange(datagram.payload, with: message)
    }

    /// ICMP errors quote the packet that caused them: its headers stay, its payload goes (RFC 792, RFC 4443).
    private static func keepMessage(
        _ body: Range<Int>, isV6: Bool, from original: [UInt8], to frame: inout [UInt8]
    ) {
        guard let type = original.byte(at: body.lowerBound), body.count >= 8 else { return }
        copy(body.lowerBound..<body.lowerBound + 8, from: original, to: &frame)
        let quoted = body.lowerBound + 8
        switch (isV6, type) {
        case (false, 3), (false, 4), (false, 11), (false, 12):
            guard let first = original.byte(at: quoted), first >> 4 == 4 else { return }
            copy(quoted..<min(body.upperBound, quoted + Int(first & 15) * 4 + 8), from: original, to: &frame)
        case (true, 1), (true, 2), (true, 3), (true, 4):
            copy(quoted..<min(body.upperBound, quoted + 48), from: original, to: &frame)
        // Neighbour discovery (RFC 4861): the target address.
        case (true, 135), (true, 136):
            copy(quoted..<min(body.upperBound, quoted + 16), from: original, to: &frame)
        default: return
        }
    }
}
