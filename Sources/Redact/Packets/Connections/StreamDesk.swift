import Packets

/// Decides frames: at once where it can, else when the bytes have come that they wait for.
struct StreamDesk {
    var flows = FlowTable()
    var held = HeldFrames()
    var datagrams = Datagrams()
    var counts = ScrubCounts()

    var isWaiting: Bool { !held.isEmpty }

    /// For people.
    var notes: [String] {
        var notes: [String] = []
        if counts.gaps > 0 {
            notes.append(
                "segments were missing, late or cut at \(counts.gaps) places; what could not be told there is zero")
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
            if Checksum.sum(frame.span, 0..<frame.count) > 0 { counts.payloads += 1 }
            frame.zero(0..<frame.count)
            return nil
        }
        var fragmentSum: UInt64 = 0
        let packet = layout.ip
        let isFragment = packet.map { $0.fragment != .none && $0.protocolNumber == 6 } ?? false
        if let packet, isFragment { fragmentSum = Checksum.sum(frame.span, packet.body) }
        let hasRemoved = FrameScrubber.scrub(&frame, layout: layout)
        guard let packet, isFragment || packet.protocolNumber == 6 else {
            if hasRemoved { counts.payloads += 1 }
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
            if hasRemoved { counts.payloads += 1 }
            return nil
        }
        return take(&frame, packet, segment, hasRemoved: hasRemoved, seconds: seconds)
    }

    private mutating func take(
        _ frame: inout MutableSpan<UInt8>, _ packet: IPPacket, _ segment: TCPSegment, hasRemoved: Bool, seconds: Int64
    ) -> HeldFrame? {
        let (index, isFirst) = flow(of: packet, segment)
        guard segment.payloadLength > 0 else {
            if hasRemoved { counts.payloads += 1 }
            return nil
        }
        let position = flows[index][isFirst].position(of: segment.dataSequence)
        let before = Checksum.sum(frame.span, segment.payload)
        let count = segment.payload.count
        var decidedTo = position
        do {
            var payload = frame._mutatingExtracting(segment.payload)
            if flows[index][isFirst].isNext(position) {
                let decided = takeNext(&payload, index, isFirst)
                decidedTo += decided
                if segment.payloadLength > count {
                    _ = flows[index][isFirst].skip(segment.payloadLength - count, &counts)
                    payload.zero(decided..<count)
                    decidedTo = position + count
                }
            } else {
                let known = max(0, min(count, flows[index][isFirst].decided - position))
                flows[index][isFirst].scrubCopy(&payload, 0..<known, position: position)
                decidedTo += known
            }
        }
        guard decidedTo >= position + count else {
            return HeldFrame(
                place: 0..<frame.count, payload: segment.payload, packet: packet, before: before, seconds: seconds,
                hasRemoved: hasRemoved, missing: segment.payloadLength - count, flow: index,
                generation: flows[index].generation, isFirst: isFirst, position: position, decidedTo: decidedTo,
                waitEnd: position + count)
        }
        let after = Checksum.sum(frame.span, segment.payload)
        if hasRemoved || before != after { counts.payloads += 1 }
        Checksum.repair(&frame, of: packet, before: before, after: after)
        return nil
    }

    private mutating func takeNext(_ payload: inout MutableSpan<UInt8>, _ index: Int, _ isFirst: Bool) -> Int {
        let remembered = flows[index][isFirst].recent.count
        let decided = flows[index].take(&payload, isFirst: isFirst, &counts)
        flows.noteMemory(of: index, isFirst: isFirst, before: remembered)
        return decided
    }

    /// The connection of a segment, with what its flags and acknowledgement tell.
    mutating func flow(of packet: IPPacket, _ segment: TCPSegment) -> (index: Int, isFirst: Bool) {
        let (key, isFirst) = FlowKey.make(
            source: Endpoint(address: packet.source, port: segment.sourcePort),
            destination: Endpoint(address: packet.destination, port: segment.destinationPort))
        let index = flows.index(of: key)
        if segment.flags.contains(.syn), !flows[index][isFirst].begin(initialSequence: segment.sequence) {
            flows.renew(index)
            _ = flows[index][isFirst].begin(initialSequence: segment.sequence)
        }
        if segment.flags.contains(.rst) { flows[index].finished = 3 }
        if segment.flags.contains(.fin) { flows[index].finished |= isFirst ? 1 : 2 }
        if segment.flags.contains(.ack), flows[index][!isFirst].heldCount > 0 {
            // The other side has the bytes that we wait for: the capture missed them.
            let acknowledged = flows[index][!isFirst].position(of: segment.acknowledgement)
            while flows[index][!isFirst].next < acknowledged, skipGap(index, !isFirst) {}
        }
        return (index, isFirst)
    }
}

extension TCPSegment {
    /// The sequence number of the first byte of the payload.
    var dataSequence: UInt32 { flags.contains(.syn) ? sequence &+ 1 : sequence }
}
