/// Puts the segments of one direction of a TCP connection in order.
///
/// The first copy of a byte counts; later copies are dropped. Memory is bounded: when too much waits behind a gap, the
/// gap is given up. A segment that was cut by the snap length leaves a gap of its own.
public struct StreamAssembler: Sendable {
    public enum Event: Sendable {
        /// The next bytes of the stream. `position` counts from the first byte after the SYN, or from the first byte
        /// seen; `tag` is what the caller gave with the segment that they came in.
        case data(position: Int, bytes: ArraySlice<UInt8>, tag: Int)
        /// Bytes that will not come.
        case gap(length: Int)
    }

    private struct Segment: Sendable {
        var position: Int
        var bytes: ArraySlice<UInt8>
        var length: Int
        var tag: Int
        var end: Int { position + length }
    }

    /// The sequence number of position 0.
    private var base: UInt32?
    /// The position that is wanted next.
    public private(set) var next = 0
    /// Whether position 0 is the first byte after a SYN that was seen.
    public private(set) var sawStart = false
    private var pending: [Segment] = []
    private var pendingBytes = 0
    private let byteLimit: Int
    private let segmentLimit: Int

    /// - Parameters:
    ///   - byteLimit: bytes that may wait behind a gap.
    ///   - segmentLimit: segments that may wait behind a gap.
    public init(byteLimit: Int = 262_144, segmentLimit: Int = 256) {
        self.byteLimit = byteLimit
        self.segmentLimit = segmentLimit
    }

    /// Whether segments wait behind a gap.
    public var isWaiting: Bool { !pending.isEmpty }

    /// Bytes on the wire of the segments that wait.
    public var waitingBytes: Int { pendingBytes }

    /// Notes the initial sequence number of a SYN.
    /// - Returns: false when the SYN starts another connection on the same ports: then begin with a new assembler.
    public mutating func begin(initialSequence: UInt32) -> Bool {
        let first = initialSequence &+ 1
        guard let base else {
            base = first
            sawStart = true
            return true
        }
        return base == first
    }

    /// Where a sequence number lies in the stream; nil before the first segment.
    public func position(of sequence: UInt32) -> Int? {
        guard let base else { return nil }
        return next + Int(Int32(bitPattern: sequence &- (base &+ UInt32(truncatingIfNeeded: next))))
    }

    /// Takes a segment.
    /// - Parameters:
    ///   - bytes: its payload as far as captured.
    ///   - length: the length of its payload on the wire.
    ///   - tag: handed back with the bytes.
    public mutating func receive(sequence: UInt32, bytes: ArraySlice<UInt8>, length: Int, tag: Int) -> [Event] {
        guard length > 0 else { return [] }
        if base == nil { base = sequence }
        guard let position = position(of: sequence), position + length > next else { return [] }
        let segment = Segment(position: position, bytes: bytes, length: length, tag: tag)
        var events: [Event] = []
        guard position > next else {
            deliver(segment, to: &events)
            drain(to: &events)
            return events
        }
        let index = pending.firstIndex { $0.position > position } ?? pending.endIndex
        pending.insert(segment, at: index)
        pendingBytes += length
        while pendingBytes > byteLimit || pending.count > segmentLimit { skipGap(to: &events) }
        return events
    }

    /// Gives up the bytes before the first waiting segment.
    public mutating func skipGap() -> [Event] {
        var events: [Event] = []
        skipGap(to: &events)
        return events
    }

    private mutating func skipGap(to events: inout [Event]) {
        guard let first = pending.first else { return }
        if first.position > next {
            events.append(.gap(length: first.position - next))
            next = first.position
        }
        drain(to: &events)
    }

    private mutating func drain(to events: inout [Event]) {
        var used = 0
        for segment in pending {
            guard segment.position <= next else { break }
            used += 1
            pendingBytes -= segment.length
            deliver(segment, to: &events)
        }
        pending.removeFirst(used)
    }

    private mutating func deliver(_ segment: Segment, to events: inout [Event]) {
        guard segment.end > next else { return }
        let known = next - segment.position
        let bytes = segment.bytes.dropFirst(known)
        if !bytes.isEmpty { events.append(.data(position: next, bytes: bytes, tag: segment.tag)) }
        let missing = segment.end - next - bytes.count
        next = segment.end
        if missing > 0 { events.append(.gap(length: missing)) }
    }
}
