import Packets

/// Decides frames: at once where it can, else when the bytes have come that they wait for.
struct StreamDesk {
    var flows = FlowTable()
    var held = HeldFrames()
    var datagrams = Datagrams()
    var context = ScrubContext()

    var isWaiting: Bool { !held.isEmpty }

    /// For people.
    var notes: [String] {
        var notes: [String] = []
        if context.gaps > 0 {
            notes.append(
                "segments were missing, late or cut at \(context.gaps) places; what could not be told there is zero")
        }
        if datagrams.lost > 0 {
            notes.append("\(datagrams.lost) IP fragments have no payload left: others are missing")
        }
        if flows.evicted > 0 {
            notes.append(
                "\(flows.evicted) connections that had not ended were forgotten, as more than \(FlowTable.limit) were open"
            )
        }
        return notes
    }

    /// Scrubs a frame in place.
    /// - Returns: nil when it is decided, else what it waits for: give that to `hold` with the frame.
    mutating func take(_ frame: inout MutableSpan<UInt8>, linkType: LinkType, seconds: Int64) -> HeldFrame? {
        guard let layout = PacketLayout(frame.span, linkType: linkType) else {
            if Checksum.sum(frame.span, 0..<frame.count) > 0 { context.payloads += 1 }
            frame.zero(0..<frame.count)
            return nil
        }
        if let names = context.names { HeaderNames(names: names).rewrite(&frame, layout, linkType: linkType) }
        var fragmentSum: UInt64 = 0
        let packet = layout.ip
        let isFragment = packet.map { $0.fragment != .none && $0.protocolNumber == 6 } ?? false
        if let packet, isFragment { fragmentSum = Checksum.sum(frame.span, packet.body) }
        let hasRemoved = FrameScrubber.scrub(&frame, layout: layout, names: context.names)
        guard let packet, isFragment || packet.protocolNumber == 6 else {
            if hasRemoved { context.payloads += 1 }
            return nil
        }
        if isFragment {
            var payload = packet.body
            if case .tcp(let segment) = packet.transport { payload = segment.payload }
            return HeldFrame(
                place: 0..<frame.count, payload: payload, packet: packet, before: fragmentSum, seconds: seconds,
                hasRemoved: hasRemoved)
        }
        guard case .tcp(let segment) = packet.transport else {
            if hasRemoved { context.payloads += 1 }
            return nil
        }
        return take(&frame, packet, segment, hasRemoved: hasRemoved, seconds: seconds)
    }

    private mutating func take(
        _ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ segment: TCPSegment, hasRemoved: Bool, seconds: Int64
    ) -> HeldFrame? {
        let side = side(of: packet, segment)
        guard segment.payloadLength > 0 else {
            if hasRemoved { context.payloads += 1 }
            return nil
        }
        let position = flows.sides[side].position(of: segment.dataSequence)
        let before = Checksum.sum(frame.span, segment.payload)
        let count = segment.payload.count
        var decidedTo = position
        do {
            var payload = frame._mutatingExtracting(segment.payload)
            if flows.sides[side].isNext(position) {
                let decided = flows.take(&payload, side: side, &context)
                decidedTo += decided
                if segment.payloadLength > count {
                    _ = flows.sides[side].skip(segment.payloadLength - count, &context)
                    payload.zero(decided..<count)
                    decidedTo = position + count
                }
            } else {
                let known = max(0, min(count, flows.sides[side].decided - position))
                flows.sides[side].scrubCopy(&payload, 0..<known, position: position)
                decidedTo += known
            }
        }
        guard decidedTo >= position + count else {
            return HeldFrame(
                place: 0..<frame.count, payload: segment.payload, packet: packet, before: before, seconds: seconds,
                hasRemoved: hasRemoved, missing: segment.payloadLength - count, side: side,
                generation: flows.generation(ofSide: side), position: position, decidedTo: decidedTo,
                waitEnd: position + count)
        }
        let after = Checksum.sum(frame.span, segment.payload)
        if hasRemoved || before != after { context.payloads += 1 }
        Checksum.repair(&frame, of: packet, before: before, after: after)
        return nil
    }

    /// The direction that a segment belongs to, with what its flags and acknowledgement tell.
    mutating func side(of packet: IPPacket, _ segment: TCPSegment) -> Int {
        let (key, isFirst) = FlowKey.make(
            source: Endpoint(address: packet.source, port: segment.sourcePort),
            destination: Endpoint(address: packet.destination, port: segment.destinationPort))
        let index = flows.index(of: key)
        let side = isFirst ? 2 * index : 2 * index + 1
        if segment.flags.contains(.syn), !flows.sides[side].begin(initialSequence: segment.sequence) {
            flows.renew(index)
            _ = flows.sides[side].begin(initialSequence: segment.sequence)
        }
        if segment.flags.contains(.rst) { flows.flows[index].finished = 3 }
        if segment.flags.contains(.fin) { flows.flows[index].finished |= isFirst ? 1 : 2 }
        let other = side ^ 1
        if flows.sides[other].heldCount > 0, segment.flags.contains(.ack) {
            // The other side has the bytes that we wait for: the capture missed them.
            let acknowledged = flows.sides[other].position(of: segment.acknowledgement)
            while flows.sides[other].next < acknowledged, skipGap(other) {}
        }
        return side
    }
}

extension TCPSegment {
    /// The sequence number of the first byte of the payload.
    var dataSequence: UInt32 { flags.contains(.syn) ? sequence &+ 1 : sequence }
}
