import Packets

/// TCP segments in IP fragments: decided when the whole of them is there.
extension StreamDesk {
    mutating func holdFragment(_ fragment: HeldFrame, _ tag: Int) {
        var frame = fragment
        let (id, isComplete) = datagrams.take(frame.packet, tag: tag, before: frame.before)
        frame.datagram = id
        held[tag] = frame
        if isComplete, !assemble(id) { datagrams.abandon(id) }
    }

    private mutating func assemble(_ id: Int) -> Bool {
        guard let datagram = datagrams[id], let length = datagram.length else { return false }
        var bytes = [UInt8](repeating: 0, count: length)
        var first: HeldFrame?
        for tag in datagram.tags {
            guard let frame = held[tag] else { return false }
            let offset = frame.packet.fragmentOffset
            let body = frame.packet.body
            guard offset + body.count <= length else { return false }
            let place = frame.place.lowerBound + body.lowerBound..<frame.place.lowerBound + body.upperBound
            bytes.replaceSubrange(offset..<offset + body.count, with: held.slice(place))
            if offset == 0 { first = frame }
        }
        guard let first, case .tcp(let head) = first.packet.transport,
            let segment = TCPSegment(bytes.span, body: 0..<length, missing: 0)
        else { return false }
        let side = side(of: first.packet, segment)
        let position = flows.sides[side].position(of: segment.dataSequence)
        for tag in datagram.tags {
            guard var frame = held[tag] else { return false }
            let offset = frame.packet.fragmentOffset
            frame.payload = offset == 0 ? head.payload : frame.packet.body
            frame.position = position + max(0, offset - head.header.count)
            frame.waitEnd = position + segment.payloadLength
            frame.side = side
            frame.generation = flows.generation(ofSide: side)
            let known = max(0, min(frame.payload.count, flows.sides[side].decided - frame.position))
            let (stream, start) = (flows.sides[side], frame.position)
            held.change(frame.place(from: start, to: start + known)) {
                stream.scrubCopy(&$0, 0..<known, position: start)
            }
            frame.decidedTo = start + known
            held[tag] = frame
            link(tag, to: side)
        }
        advance(side)
        return true
    }

    /// Before the first of its frames leaves: zeroes what was never decided, and mends the checksum in the first one.
    mutating func finishDatagram(_ id: Int) {
        guard let datagram = datagrams[id], !datagram.isFinished else { return }
        datagrams[id]?.isFinished = true
        var after: UInt64 = 0
        var head: HeldFrame?
        for tag in datagram.tags {
            guard let frame = held[tag] else { continue }
            zeroRest(frame)
            let body = frame.packet.body
            after += held.change(frame.place) { Checksum.sum($0.span, body) }
            if case .tcp = frame.packet.transport { head = frame }
        }
        guard let head, case .tcp(let segment) = head.packet.transport, datagram.isComplete, after != datagram.before
        else { return }
        let offset = segment.header.lowerBound + 16
        held.change(head.place) { bytes in
            guard let old = bytes.span.uint16(at: offset) else { return }
            bytes.store(
                Checksum.updated(old, before: Checksum.word(datagram.before), after: Checksum.word(after)), at: offset)
        }
    }
}
