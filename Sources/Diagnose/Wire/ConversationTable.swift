internal import Archive
internal import Packets

/// The connections of a capture.
struct ConversationTable: ~Copyable {
    private let maximumBytes: Int
    private let maximumConnections: Int

    private var scanner = CaptureScanner()
    private var gzip: StreamUnpacker?
    private var isFirstPiece = true
    private var fragments = FragmentTable()
    private let store = ByteStore()
    private var open: [ConversationKey: Conversation] = [:]
    private var last: Conversation?
    private(set) var all: [Conversation] = []
    private(set) var failed: [Conversation] = []
    private(set) var otherFrames = 0
    private(set) var forgotten = 0
    private var gzipDamage: String?
    private var bytes = 0

    init(maximumBytes: Int = 20 << 20, maximumConnections: Int = 32_768) {
        self.maximumBytes = maximumBytes
        self.maximumConnections = maximumConnections
    }

    var packets: Int { scanner.frameCount }
    var damage: String? { scanner.damage ?? gzipDamage }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        if isFirstPiece, let first = bytes.first {
            isFirstPiece = false
            if first == 0x1F { gzip = try? StreamUnpacker(.gzip) }
        }
        guard let gzip else {
            scan(bytes)
            return
        }
        do throws(ArchiveError) {
            try gzip.append(bytes) { scan($0[...]) }
        } catch {
            gzipDamage = error.reason
            self.gzip = nil
        }
    }

    mutating func finish() {
        do throws(ArchiveError) { try gzip?.finish() } catch { gzipDamage = error.reason }
        if gzipDamage == nil { scanner.finish() }
    }

    private mutating func scan(_ bytes: ArraySlice<UInt8>) {
        ByteView.with(bytes) { view in
            scanner.feed(view)
            while let frame = scanner.next() { take(frame) }
        }
    }

    private mutating func take(_ frame: ScannedFrame) {
        let stamp = FrameStamp(number: frame.number, time: frame.time)
        switch SegmentReader.read(frame) {
        case .segment(let segment): take(segment, stamp)
        case .fragment(let fragment):
            guard let whole = fragments.take(fragment) else {
                otherFrames += 1
                return
            }
            ByteView.with(whole) { datagram in
                let packet = SegmentReader.read(
                    datagram: datagram, protocolNumber: fragment.protocolNumber, addresses: fragment.addresses)
                if case .segment(let segment) = packet { take(segment, stamp) }
            }
        case .other: otherFrames += 1
        }
    }

    private mutating func take(_ segment: ScannedSegment, _ stamp: FrameStamp) {
        let (key, isFirst) = ConversationKey.make(segment)
        var conversation = conversation(key, stamp)
        if segment.isSYN, !conversation[isFirst].begin(segment.sequence) {
            open[key] = nil
            last = nil
            conversation = self.conversation(key, stamp)
            _ = conversation[isFirst].begin(segment.sequence)
        }
        let held = conversation.heldBytes
        if conversation.take(segment, stamp, isFirst: isFirst, store) {
            if conversation.isClosed { conversation.shed() }
            settle(conversation)
        } else if conversation.heldBytes != held {
            book(conversation)
        }
        if bytes + store.bytes > maximumBytes { forget() }
    }

    /// Books what a conversation holds now, and whether its handshake failed.
    private mutating func settle(_ conversation: Conversation) {
        book(conversation)
        if !conversation.isCountedFailed, conversation.mayHaveFailed, conversation.outcome == .failed {
            conversation.isCountedFailed = true
            failed.append(conversation)
        }
    }

    private mutating func book(_ conversation: Conversation) {
        let footprint = conversation.footprint
        bytes += footprint - conversation.booked
        conversation.booked = footprint
    }

    private mutating func conversation(_ key: ConversationKey, _ stamp: FrameStamp) -> Conversation {
        if let last, last.key == key { return last }
        if let conversation = open[key] {
            last = conversation
            return conversation
        }
        if all.count >= maximumConnections { forget() }
        let conversation = Conversation(key: key, start: stamp)
        open[key] = conversation
        all.append(conversation)
        last = conversation
        settle(conversation)
        return conversation
    }

    /// Lets the older half go: first of those that are over and tell nothing, then of those that did not fail.
    private mutating func forget() {
        last = nil
        let half = all.count / 2 + 1
        let dull = all.lazy.filter { !$0.isCountedFailed && !$0.isTLS }.prefix(half)
        var gone = Array(dull)
        if gone.count < half / 2 {
            gone += all.lazy.filter { !$0.isCountedFailed && $0.isTLS }.prefix(half - gone.count)
        }
        if gone.count < half / 4 { gone += all.lazy.filter(\.isCountedFailed).prefix(half - gone.count) }
        for conversation in gone { conversation.isForgotten = true }
        all.removeAll { $0.isForgotten }
        failed.removeAll { $0.isForgotten }
        for conversation in gone where open[conversation.key] === conversation { open[conversation.key] = nil }
        forgotten += gone.count
        store.keep(all.lazy.compactMap(\.tls).flatMap(\.shared))
        recount()
        // One connection alone may hold too much, of what never becomes whole.
        if bytes + store.bytes > maximumBytes {
            for conversation in all { conversation.shed() }
            recount()
        }
    }

    private mutating func recount() {
        bytes = 0
        for conversation in all {
            conversation.booked = conversation.footprint
            bytes += conversation.booked
        }
    }
}
