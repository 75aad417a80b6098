import Packets

/// Frames that wait, until they are decided or waited too long.
extension StreamDesk {
    private static let heldFrames = 4_096
    private static let heldBytes = 4 << 20
    private static let heldSeconds: Int64 = 2
    private static let heldPerSide = 512

    /// Notes what the frame that was appended last waits for.
    /// - Parameters:
    ///   - wait: what `take` answered for it; nil when it is decided.
    ///   - place: where in `held` the frame lies.
    mutating func hold(_ wait: HeldFrame?, at place: Int) {
        let tag = held.nextTag - 1
        guard var frame = wait else { return }
        frame.place = place..<place + frame.place.count
        guard frame.flow >= 0 else { return holdFragment(frame, tag) }
        held[tag] = frame
        link(tag, to: frame.flow, frame.isFirst)
        advance(frame.flow, frame.isFirst)
        while flows[frame.flow][frame.isFirst].heldCount > StreamDesk.heldPerSide, skipGap(frame.flow, frame.isFirst) {}
    }

    /// Writes the frames at the head of the queue that are decided.
    mutating func release(all: Bool, now: Int64?, to out: inout [UInt8]) {
        while let (tag, frame) = held.first {
            if let frame {
                if isOpen(frame) {
                    let tooLong = now.map { $0 &- frame.seconds > StreamDesk.heldSeconds } ?? false
                    let tooMuch = held.count > StreamDesk.heldFrames || held.byteCount > StreamDesk.heldBytes
                    guard all || tooLong || tooMuch else { return }
                    giveUp(frame)
                }
                finish(tag)
            }
            held.release(to: &out)
        }
    }

    private func isOpen(_ frame: HeldFrame) -> Bool {
        if frame.flow < 0 { return datagrams[frame.datagram]?.isOpen ?? false }
        return flows[frame.flow].generation == frame.generation
            && flows[frame.flow][frame.isFirst].decided < frame.waitEnd
    }

    private mutating func giveUp(_ frame: HeldFrame) {
        if frame.flow < 0 { return datagrams.abandon(frame.datagram) }
        while isOpen(frame), skipGap(frame.flow, frame.isFirst) {}
    }

    /// Gives up the bytes that are missing before the first frame that waits, and those that wait for the rest of a line.
    /// - Returns: false when there is nothing to give up.
    mutating func skipGap(_ index: Int, _ isFirst: Bool) -> Bool {
        let next = flows[index][isFirst].next
        var target: Int?
        forEachHeld(index, isFirst) { _, frame in
            if frame.end > next { target = min(target ?? .max, max(next, frame.position)) }
        }
        guard target != nil || flows[index][isFirst].decided < next else { return false }
        let gap = flows[index][isFirst].skip((target ?? next) - next, &counts)
        apply(gap.lowerBound, nil, count: gap.count, index, isFirst)
        advance(index, isFirst)
        return true
    }

    /// Takes the frames that waited for the bytes that are there now.
    mutating func advance(_ index: Int, _ isFirst: Bool) {
        while true {
            let next = flows[index][isFirst].next
            var piece: Range<Int>?
            var missing = 0
            forEachHeld(index, isFirst) { _, frame in
                if piece == nil, frame.position <= next, frame.end > next {
                    piece = frame.place(from: next, to: frame.end)
                }
                if frame.end == next, frame.missing > 0 { missing = frame.missing }
            }
            if let piece {
                let remembered = flows[index][isFirst].recent.count
                let (start, bytes) = flows[index].take(held.slice(piece), isFirst: isFirst, &counts)
                flows.noteMemory(of: index, isFirst: isFirst, before: remembered)
                apply(start, bytes, count: bytes.count, index, isFirst)
            } else if missing > 0 {
                let gap = flows[index][isFirst].skip(missing, &counts)
                apply(gap.lowerBound, nil, count: gap.count, index, isFirst)
            } else {
                return
            }
        }
    }

    /// Zeroes in every waiting copy of a part of the stream what differs from the scrubbed bytes; nil: all of it.
    private mutating func apply(_ start: Int, _ bytes: ArraySlice<UInt8>?, count: Int, _ index: Int, _ isFirst: Bool) {
        guard count > 0 else { return }
        var tag = flows[index][isFirst].firstHeld
        while tag >= 0, let frame = held[tag] {
            let from = max(start, frame.position)
            let to = min(start + count, frame.end)
            if from < to {
                held.change(frame.place(from: from, to: to)) { copy in
                    guard let bytes else { return copy.zero(0..<copy.count) }
                    let first = bytes.startIndex + from - start
                    for offset in 0..<copy.count where copy[offset] != bytes[first + offset] { copy[offset] = 0 }
                }
                held[tag]?.decidedTo = max(frame.decidedTo, to)
            }
            tag = frame.nextHeld
        }
    }

    /// Settles a frame that leaves.
    private mutating func finish(_ tag: Int) {
        guard let frame = held[tag] else { return }
        if frame.datagram >= 0 {
            finishDatagram(frame.datagram)
            datagrams.leave(frame.datagram, tag: tag)
            counts.payloads += 1
        } else {
            zeroRest(frame)
            let (packet, payload, before) = (frame.packet, frame.payload, frame.before)
            let removed = held.change(frame.place) { bytes in
                let after = Checksum.sum(bytes.span, payload)
                Checksum.repair(&bytes, of: packet, before: before, after: after)
                return before != after
            }
            if removed || frame.hasRemoved { counts.payloads += 1 }
        }
        guard frame.flow >= 0, flows[frame.flow].generation == frame.generation,
            flows[frame.flow][frame.isFirst].firstHeld == tag
        else { return }
        flows[frame.flow][frame.isFirst].firstHeld = frame.nextHeld
        flows[frame.flow][frame.isFirst].heldCount -= 1
    }

    /// What was never decided becomes zero.
    func zeroRange(of frame: HeldFrame) -> Range<Int> {
        let start = min(max(frame.position, frame.decidedTo), frame.end)
        return frame.place(from: start, to: frame.end)
    }

    mutating func zeroRest(_ frame: HeldFrame) {
        held.change(zeroRange(of: frame)) { $0.zero(0..<$0.count) }
    }

    private func forEachHeld(_ index: Int, _ isFirst: Bool, _ body: (Int, HeldFrame) -> Void) {
        var tag = flows[index][isFirst].firstHeld
        while tag >= 0, let frame = held[tag] {
            body(tag, frame)
            tag = frame.nextHeld
        }
    }

    /// Puts a frame into the list of its direction, which is in the order of the queue.
    mutating func link(_ tag: Int, to index: Int, _ isFirst: Bool) {
        var before = -1
        var next = flows[index][isFirst].firstHeld
        while next >= 0, next < tag {
            before = next
            next = held[next]?.nextHeld ?? -1
        }
        held[tag]?.nextHeld = next
        if before >= 0 { held[before]?.nextHeld = tag } else { flows[index][isFirst].firstHeld = tag }
        flows[index][isFirst].heldCount += 1
    }

}
