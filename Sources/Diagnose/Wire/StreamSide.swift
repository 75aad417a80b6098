internal import Packets

/// Where and when something was seen.
struct FrameStamp {
    let number: Int
    let time: CaptureTime
}

/// One direction of a TCP connection: which bytes come next, and what waits for those before it.
///
/// The first copy of a byte counts. Segments that come in order are read in place, others are copied until the gap
/// before them is filled or given up.
struct StreamSide {
    struct Pending {
        var sequence: UInt32
        var bytes: [UInt8]
        var length: Int
        var stamp: FrameStamp
    }

    enum Opening: UInt8 { case nothing, tls, http, text, other }

    static let maximumPending = 256
    static let maximumPendingBytes = 262_144

    /// The sequence number of the first byte.
    private(set) var base: UInt32?
    /// The sequence number that comes next.
    private(set) var next: UInt32 = 0
    /// The first byte is the one right after a SYN.
    private(set) var sawStart = false
    /// Bytes of the stream that were delivered.
    private(set) var delivered = 0
    private(set) var pending: [Pending] = []
    private(set) var pendingBytes = 0

    var records = RecordReader()
    /// Handshake messages that are not whole yet.
    var handshake: [UInt8] = []
    var isEncrypted = false
    /// The encrypted Finished of TLS 1.2 and before.
    var isFinished = false
    var sawApplicationData = false
    var closed: (stamp: FrameStamp, isReset: Bool)?
    var opening = Opening.nothing
    var synCount = 0
    var retransmissions = 0

    /// Bytes that wait to become whole.
    var heldBytes: Int { pendingBytes + handshake.count + records.held.count }

    /// Notes a SYN.
    /// - Returns: false when it begins another connection on the same ports.
    mutating func begin(_ initial: UInt32) -> Bool {
        synCount += 1
        guard let base else {
            base = initial &+ 1
            next = initial &+ 1
            sawStart = true
            return true
        }
        return base == initial &+ 1
    }

    /// How many bytes of a segment are old; negative when bytes before it are missing.
    mutating func known(_ sequence: UInt32) -> Int {
        if base == nil {
            base = sequence
            next = sequence
        }
        return Int(Int32(bitPattern: next &- sequence))
    }

    mutating func advance(_ count: Int) {
        next &+= UInt32(truncatingIfNeeded: count)
        delivered += count
    }

    mutating func wait(_ segment: Pending) {
        guard !pending.contains(where: { $0.sequence == segment.sequence && $0.length >= segment.length }) else {
            retransmissions += 1
            return
        }
        let place = pending.firstIndex { Int32(bitPattern: $0.sequence &- segment.sequence) > 0 } ?? pending.endIndex
        pending.insert(segment, at: place)
        pendingBytes += segment.bytes.count
    }

    var waitsTooLong: Bool {
        pending.count > StreamSide.maximumPending || pendingBytes > StreamSide.maximumPendingBytes
    }

    /// The first segment that waits, if it comes next now or bytes before it are given up.
    mutating func takePending(skippingGap: Bool) -> (segment: Pending, gap: Int)? {
        guard let first = pending.first else { return nil }
        let gap = Int(Int32(bitPattern: first.sequence &- next))
        guard gap <= 0 || skippingGap else { return nil }
        pending.removeFirst()
        pendingBytes -= first.bytes.count
        return (first, gap)
    }

    /// Lets go of what waits, once nothing more will come or memory is short.
    mutating func shed() {
        pending = []
        pendingBytes = 0
        handshake = []
        records.shed()
    }
}
