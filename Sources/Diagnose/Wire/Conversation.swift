internal import Packets

/// Names the two ends of a connection, whichever of them sends.
struct ConversationKey: Hashable {
    var firstHigh: UInt64
    var firstLow: UInt64
    var secondHigh: UInt64
    var secondLow: UInt64
    /// First and second port.
    var ports: UInt32
    var isIPv6: Bool

    /// - Returns: the key, and whether the segment's source is its first end.
    static func make(_ segment: ScannedSegment) -> (key: ConversationKey, isFirst: Bool) {
        let a = segment.addresses
        let isFirst =
            (a.sourceHigh, a.sourceLow, segment.sourcePort)
            <= (a.destinationHigh, a.destinationLow, segment.destinationPort)
        let key =
            isFirst
            ? ConversationKey(
                firstHigh: a.sourceHigh, firstLow: a.sourceLow, secondHigh: a.destinationHigh,
                secondLow: a.destinationLow, ports: UInt32(segment.sourcePort) << 16 | UInt32(segment.destinationPort),
                isIPv6: a.isIPv6)
            : ConversationKey(
                firstHigh: a.destinationHigh, firstLow: a.destinationLow, secondHigh: a.sourceHigh,
                secondLow: a.sourceLow, ports: UInt32(segment.destinationPort) << 16 | UInt32(segment.sourcePort),
                isIPv6: a.isIPv6)
        return (key, isFirst)
    }

    func hash(into hasher: inout Hasher) {
        // The high words of IPv4 addresses are always zero.
        if isIPv6 {
            hasher.combine(firstHigh)
            hasher.combine(secondHigh)
            hasher.combine(secondLow)
            hasher.combine(firstLow)
        } else {
            hasher.combine(firstLow << 32 | secondLow)
        }
        hasher.combine(ports)
    }

    var firstPort: Int { Int(ports >> 16) }
    var secondPort: Int { Int(ports & 0xFFFF) }
    var first: IPAddress { address(firstHigh, firstLow) }
    var second: IPAddress { address(secondHigh, secondLow) }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        isIPv6 ? IPAddress(v6High: high, low: low) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }
}

/// What is known so far of one TCP connection.
final class Conversation {
    let key: ConversationKey
    let start: FrameStamp
    var first = StreamSide()
    var second = StreamSide()
    /// Which end is the client, once something tells.
    var clientIsFirst: Bool?
    var sawSynAck = false
    var gaps = 0
    var lastTime: CaptureTime
    /// What TLS records told; nil as long as there were none.
    var tls: TLSState?
    /// Already among those that failed.
    var isCountedFailed = false
    /// What its owner counts for it.
    var booked = 0
    var isForgotten = false
    /// HTTP status line or method that a side began with, in clear.
    var plainWords: [(isFirst: Bool, frame: Int, text: String)] = []

    init(key: ConversationKey, start: FrameStamp) {
        self.key = key
        self.start = start
        lastTime = start.time
    }

    subscript(isFirst: Bool) -> StreamSide {
        @inline(__always) _read { if isFirst { yield first } else { yield second } }
        @inline(__always) _modify { if isFirst { yield &first } else { yield &second } }
    }

    var clientSide: Bool { clientIsFirst ?? (key.secondPort <= key.firstPort) }
    var serverPort: Int { clientSide ? key.secondPort : key.firstPort }
    var isTLS: Bool { tls != nil }
    var isClosed: Bool {
        first.closed?.isReset == true || second.closed?.isReset == true || first.closed != nil && second.closed != nil
    }

    /// Bytes that are held for this connection, about.
    var footprint: Int { 640 + heldBytes + (tls?.footprint ?? 0) }
    /// Bytes that wait to become whole.
    var heldBytes: Int { first.heldBytes + second.heldBytes }

    /// Lets go of what waits to become whole.
    func shed() {
        first.shed()
        second.shed()
    }

    /// Takes a segment of one direction.
    /// - Returns: whether anything changed that may change how the handshake is judged.
    func take(_ segment: ScannedSegment, _ stamp: FrameStamp, isFirst: Bool, _ store: ByteStore) -> Bool {
        lastTime = stamp.time
        var changed = false
        if segment.isSYN {
            if clientIsFirst == nil { clientIsFirst = segment.isACK ? !isFirst : isFirst }
            if segment.isACK { sawSynAck = true }
        }
        if segment.isACK, !self[!isFirst].pending.isEmpty,
            Int32(bitPattern: segment.acknowledgement &- self[!isFirst].next) > 0
        {
            // The other end has the missing bytes, so they will not come again.
            changed = drain(!isFirst, stamp, store, skippingGap: true)
        }
        if segment.payloadLength > 0 {
            let sequence = segment.isSYN ? segment.sequence &+ 1 : segment.sequence
            if receive(segment.payload, segment.payloadLength, sequence, stamp, isFirst, store) { changed = true }
        }
        if segment.flags & 0x05 != 0,
            self[isFirst].closed == nil || segment.isRST && self[isFirst].closed?.isReset == false
        {
            self[isFirst].closed = (stamp, segment.isRST)
            changed = true
        }
        return changed
    }

    private func receive(
        _ payload: ByteView, _ length: Int, _ sequence: UInt32, _ stamp: FrameStamp, _ isFirst: Bool,
        _ store: ByteStore
    ) -> Bool {
        let known = self[isFirst].known(sequence)
        if known == 0, self[isFirst].pending.isEmpty {
            return deliver(payload, length, stamp, isFirst, store)
        }
        if known >= length {
            self[isFirst].retransmissions += 1
            return false
        }
        var changed = false
        if known >= 0 {
            let from = min(known, payload.count)
            changed = deliver(payload.slice(from, payload.count), length - known, stamp, isFirst, store)
            if drain(isFirst, stamp, store, skippingGap: false) { changed = true }
        } else {
            self[isFirst].wait(.init(sequence: sequence, bytes: payload.array, length: length, stamp: stamp))
            while self[isFirst].waitsTooLong {
                if drain(isFirst, stamp, store, skippingGap: true) { changed = true }
            }
        }
        return changed
    }

    /// Delivers what waits and comes next now; with `skippingGap`, gives up the bytes that are missing before it.
    private func drain(_ isFirst: Bool, _ stamp: FrameStamp, _ store: ByteStore, skippingGap: Bool) -> Bool {
        var changed = false
        var mayskip = skippingGap
        while let (segment, gap) = self[isFirst].takePending(skippingGap: mayskip) {
            mayskip = false
            if gap > 0 { lose(gap, isFirst) }
            let known = max(0, -gap)
            guard known < segment.length else { continue }
            // What fills a gap makes the waiting messages whole; a gap that is given up does not.
            let at = skippingGap ? segment.stamp : stamp
            let isChanged = ByteView.with(segment.bytes) { view in
                deliver(
                    view.slice(min(known, view.count), view.count), segment.length - known, at, isFirst, store)
            }
            if isChanged { changed = true }
        }
        return changed
    }

    private func lose(_ count: Int, _ isFirst: Bool) {
        gaps += 1
        self[isFirst].records.lose(count)
        self[isFirst].handshake = []
        self[isFirst].advance(count)
    }

    /// Reads the next bytes of a direction. What was not captured of the segment's `length` bytes is a gap.
    private func deliver(
        _ view: ByteView, _ length: Int, _ stamp: FrameStamp, _ isFirst: Bool, _ store: ByteStore
    ) -> Bool {
        var offset = 0
        var changed = false
        let atStart = self[isFirst].delivered == 0 && self[isFirst].sawStart
        let trust: RecordShape.Trust =
            tls != nil ? .high : self[isFirst].sawStart && self[isFirst].opening != .nothing ? .low : .some
        reading: while offset < view.count {
            switch self[isFirst].records.step(view, &offset, atStart: atStart, trust: trust) {
            case .needsMore: break reading
            case .foreign:
                noteForeign(view, stamp, isFirst)
                changed = true
                break reading
            case .record(let header, let body):
                changed = takeRecord(header, body, stamp, isFirst, store) || changed
            case .heldRecord(let header):
                let held = self[isFirst].records.takeHeld()
                changed = ByteView.with(held) { takeRecord(header, $0, stamp, isFirst, store) } || changed
            }
        }
        self[isFirst].advance(view.count)
        if length > view.count { lose(length - view.count, isFirst) }
        return changed
    }

    private func takeRecord(
        _ header: RecordReader.Header, _ body: ByteView, _ stamp: FrameStamp, _ isFirst: Bool, _ store: ByteStore
    ) -> Bool {
        self[isFirst].opening = .tls
        let state = tls ?? TLSState()
        tls = state
        // The rest of a long transfer tells nothing new.
        if header.type == 23, !state.isTLS13, self[isFirst].sawApplicationData { return false }
        return take(header, body, state, stamp, isFirst, store)
    }

    private func noteForeign(_ view: ByteView, _ stamp: FrameStamp, _ isFirst: Bool) {
        guard self[isFirst].opening == .nothing || self[isFirst].opening == .tls, plainWords.count < 4 else { return }
        let wasTLS = self[isFirst].opening == .tls
        let words = PlainText.firstWords(view)
        if !wasTLS {
            self[isFirst].opening = words == nil ? .other : PlainText.isHTTP(words ?? "") ? .http : .text
        }
        if let words { plainWords.append((isFirst, stamp.number, words)) }
    }
}

/// Text where TLS was expected, or before it.
enum PlainText {
    private static let methods = [
        "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ",
    ]

    /// The first words of the first line, when it is text: never more than the method or the status, since what follows
    /// may be private.
    static func firstWords(_ view: ByteView) -> String? {
        var bytes: [UInt8] = []
        for offset in 0..<min(view.count, 64) {
            let byte = view[offset]
            // A zero is what the scrubber leaves of a value.
            if byte == 0x0D || byte == 0x0A || byte == 0 { break }
            guard (0x20...0x7E).contains(byte) else { return nil }
            bytes.append(byte)
        }
        guard bytes.count >= 3 else { return nil }
        let line = String(decoding: bytes, as: UTF8.self)
        let isWhole = bytes.count == min(view.count, 64) || view[bytes.count] != 0
        if let method = methods.first(where: { line.hasPrefix($0) }) { return String(method.dropLast()) }
        if line.hasPrefix("HTTP/1.") { return String(line.prefix(12)) }
        guard isWhole || line.hasPrefix("<") else { return nil }
        return String(line.prefix { $0 != " " && $0 != "-" }.prefix(12))
    }

    static func isHTTP(_ words: String) -> Bool { words.hasPrefix("HTTP/") || methods.contains(words + " ") }
}
