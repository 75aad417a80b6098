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
        guard frame.side >= 0 else { return holdFragment(frame, tag) }
        held[tag] = frame
        link(tag, to: frame.side)
        advance(frame.side)
        while flows.sides[frame.side].heldCount > StreamDesk.heldPerSide, skipGap(frame.side) {}
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
        if frame.side < 0 { return datagrams[frame.datagram]?.isOpen ?? false }
        return flows.generation(ofSide: frame.side) == frame.generation
            && flows.sides[frame.side].decided < frame.waitEnd
    }

    private mutating func giveUp(_ frame: HeldFrame) {
        if frame.side < 0 { return datagrams.abandon(frame.datagram) }
        while isOpen(frame), skipGap(frame.side) {}
    }

    /// Gives up the bytes that are missing before the first frame that waits, and those that wait for the rest of a line.
    /// - Returns: false when there is nothing to give up.
    mutating func skipGap(_ side: Int) -> Bool {
        let next = flows.sides[side].next
        var target: Int?
        forEachHeld(side) { _, frame in
            if frame.end > next { target = min(target ?? .max, max(next, frame.position)) }
        }
        guard target != nil || flows.sides[side].decided < next else { return false }
        let gap = flows.sides[side].skip((target ?? next) - next, &context)
        apply(gap.lowerBound, nil, count: gap.count, side)
        advance(side)
        return true
    }

    /// Takes the frames that waited for the bytes that are there now.
    mutating func advance(_ side: Int) {
        while true {
            let next = flows.sides[side].next
            var piece: Range<Int>?
            var missing = 0
            forEachHeld(side) { _, frame in
                if piece == nil, frame.position <= next, frame.end > next {
                    piece = frame.place(from: next, to: frame.end)
                }
                if frame.end == next, frame.missing > 0 { missing = frame.missing }
            }
            if let piece {
                let decision = flows.take(held.slice(piece), side: side, &context)
                apply(decision.start, decision, count: decision.raw.count, side)
            } else if missing > 0 {
                let gap = flows.sides[side].skip(missing, &context)
                apply(gap.lowerBound, nil, count: gap.count, side)
            } else {
                return
            }
        }
    }

    /// Puts what was decided into every waiting copy of that part of the stream: a byte that is the one that was decided
    /// becomes what stays of it, any other zero. Nil: all of it becomes zero.
    private mutating func apply(_ start: Int, _ decision: StreamSide.Decision?, count: Int, _ side: Int) {
        guard count > 0 else { return }
        var tag = flows.sides[side].firstHeld
        while tag >= 0, let frame = held[tag] {
            let from = max(start, frame.position)
            let to = min(start + count, frame.end)
            if from < to {
                held.change(frame.place(from: from, to: to)) { copy in
                    guard let decision else { return copy.zero(0..<copy.count) }
                    let raw = decision.raw.startIndex + from - start
                    let scrubbed = decision.scrubbed.startIndex + from - start
                    for offset in 0..<copy.count {
                        let isSame = copy[offset] == decision.raw[raw + offset]
                        copy[offset] = isSame ? decision.scrubbed[scrubbed + offset] : 0
                    }
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
            context.payloads += 1
        } else {
            zeroRest(frame)
            let (packet, payload, before) = (frame.packet, frame.payload, frame.before)
            let removed = held.change(frame.place) { bytes in
                let after = Checksum.sum(bytes.span, payload)
                Checksum.repair(&bytes, of: packet, before: before, after: after)
                return before != after
            }
            if removed || frame.hasRemoved { context.payloads += 1 }
        }
        guard frame.side >= 0, flows.generation(ofSide: frame.side) == frame.generation,
            flows.sides[frame.side].firstHeld == tag
        else { return }
        flows.sides[frame.side].firstHeld = frame.nextHeld
        flows.sides[frame.side].heldCount -= 1
    }

    /// What was never decided becomes zero.
    func zeroRange(of frame: HeldFrame) -> Range<Int> {
        let start = min(max(frame.position, frame.decidedTo), frame.end)
        return frame.place(from: start, to: frame.end)
    }

    mutating func zeroRest(_ frame: HeldFrame) {
        held.change(zeroRange(of: frame)) { $0.zero(0..<$0.count) }
    }

    private func forEachHeld(_ side: Int, _ body: (Int, HeldFrame) -> Void) {
        var tag = flows.sides[side].firstHeld
        while tag >= 0, let frame = held[tag] {
            body(tag, frame)
            tag = frame.nextHeld
        }
    }

    /// Puts a frame into the list of its direction, which is in the order of the queue.
    mutating func link(_ tag: Int, to side: Int) {
        var before = -1
        var next = flows.sides[side].firstHeld
        while next >= 0, next < tag {
            before = next
            next = held[next]?.nextHeld ?? -1
        }
        held[tag]?.nextHeld = next
        if before >= 0 { held[before]?.nextHeld = tag } else { flows.sides[side].firstHeld = tag }
        flows.sides[side].heldCount += 1
    }

}
