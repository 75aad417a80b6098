import Packets

/// One direction of a TCP connection on its way through the scrubber.
///
/// Positions count the bytes of the stream from the first one after the SYN, or from the first one seen. The first copy
/// of a byte counts.
struct StreamSide {
    /// Bytes of the scrubbed stream that are remembered for copies that come late: enough for a handshake.
    private static let memory = 16_384

    private var base: UInt32 = 0
    private var hasBase = false
    /// The position that is wanted next.
    private(set) var next = 0
    private var filter = StreamFilter()
    /// Raw bytes before `next` of which the filter could not yet say what stays.
    private var pending: [UInt8] = []
    /// Scrubbed bytes from `recentStart` on.
    private(set) var recent: [UInt8] = []
    private var recentStart = 0
    /// The frames of this direction that wait: the tag of the first (-1: none), and their number.
    var firstHeld = -1
    var heldCount = 0

    /// Makes it that of a new connection. In place: it is large.
    mutating func reset(isDNS: Bool) {
        hasBase = false
        next = 0
        filter.reset(isDNS: isDNS)
        if !pending.isEmpty { pending = [] }
        if !recent.isEmpty { recent = [] }
        firstHeld = -1
        heldCount = 0
    }

    /// All bytes before this position are decided.
    var decided: Int { next - pending.count }

    /// Whether a segment at this position can be decided in place.
    func isNext(_ position: Int) -> Bool { position == next && pending.isEmpty && heldCount == 0 }

    /// Notes the initial sequence number of a SYN. False: another connection begins on the same ports.
    mutating func begin(initialSequence: UInt32) -> Bool {
        let first = initialSequence &+ 1
        guard hasBase else {
            (base, hasBase) = (first, true)
            return true
        }
        return base == first
    }

    /// Where a sequence number lies in the stream. The first one seen is position 0.
    mutating func position(of sequence: UInt32) -> Int {
        if !hasBase { (base, hasBase) = (sequence, true) }
        return next + Int(Int32(bitPattern: sequence &- (base &+ UInt32(truncatingIfNeeded: next))))
    }

    /// Takes the payload of a segment that begins at `next` while nothing waits, in place.
    /// - Returns: how many bytes of it are decided.
    mutating func take(
        _ bytes: inout MutableSpan<UInt8>, _ exchange: inout HTTPExchange, _ context: inout ScrubContext
    ) -> Int {
        let wasKeeping = filter.isKeeping
        let decided = filter.filter(&bytes, segmentStart: 0, &exchange, &context)
        if wasKeeping || filter.isKeeping { remember(bytes.span.extracting(0..<decided), at: next) }
        if decided < bytes.count {
            for index in decided..<bytes.count { pending.append(bytes[index]) }
        }
        next += bytes.count
        return decided
    }

    /// Takes raw bytes that begin at `next`.
    /// - Returns: the bytes that are decided now.
    mutating func take(
        _ bytes: ArraySlice<UInt8>, _ exchange: inout HTTPExchange, _ context: inout ScrubContext
    ) -> Decision {
        let start = decided
        let segmentStart = pending.count
        let raw = pending + bytes
        var work = raw
        next += bytes.count
        let wasKeeping = filter.isKeeping
        var span = work.mutableSpan
        let count = filter.filter(&span, segmentStart: segmentStart, &exchange, &context)
        if wasKeeping || filter.isKeeping { remember(span.span.extracting(0..<count), at: start) }
        pending = Array(work[count...])
        return Decision(start: start, raw: raw[..<count], scrubbed: work[..<count])
    }

    /// Gives up the bytes that wait for others, and `count` more that will not come.
    /// - Returns: the range that is zero now.
    mutating func skip(_ count: Int, _ context: inout ScrubContext) -> Range<Int> {
        let start = decided
        next += count
        // What waited is part of the gap.
        filter.skip(pending.count + count)
        pending = []
        context.gaps += 1
        return start..<next
    }

    /// Scrubs bytes that lie before `decided`: they stay where the scrubbed stream has the same byte.
    func scrubCopy(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, position: Int) {
        let known = recentStart - position..<max(recentStart, recentStart + recent.count) - position
        for index in range {
            let offset = index - range.lowerBound
            if !known.contains(offset) || recent[offset - known.lowerBound] != bytes[index] { bytes[index] = 0 }
        }
    }

    mutating func forget() { recent = [] }

    /// Bytes of the stream that are decided now, from position `start` on: as they came, and as they stay.
    struct Decision {
        let start: Int
        let raw: ArraySlice<UInt8>
        let scrubbed: ArraySlice<UInt8>
    }

    private mutating func remember(_ bytes: Span<UInt8>, at position: Int) {
        if recentStart + recent.count != position {
            recent.removeAll(keepingCapacity: true)
            recentStart = position
        }
        unsafe bytes.withUnsafeBufferPointer { unsafe recent.append(contentsOf: $0) }
        if recent.count > 2 * StreamSide.memory {
            let excess = recent.count - StreamSide.memory
            recent.removeFirst(excess)
            recentStart += excess
        }
    }
}
