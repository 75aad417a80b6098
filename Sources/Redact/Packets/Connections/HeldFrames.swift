import Packets

/// A frame that waits because bytes before its own are missing, or because a line of its stream is not complete.
struct HeldFrame {
    /// Where in `HeldFrames` the frame lies.
    var place: Range<Int>
    /// The payload of its connection, within the frame.
    var payload: Range<Int>
    /// For the checksum; its ranges are within the frame.
    let packet: IPPacket
    /// Sum of the payload as it came; of a fragment, of all its body.
    let before: UInt64
    let seconds: Int64
    /// Whether something outside of the payload became zero.
    var hasRemoved: Bool
    /// Bytes that the snap length cut off.
    var missing = 0
    /// The direction of a connection; -1 while that is not known, as of a fragment.
    var side = -1
    var generation = -1
    /// Stream position of the first byte of the payload.
    var position = 0
    /// Bytes before this position are scrubbed; at the end of the wait the others become zero.
    var decidedTo = 0
    /// The frame waits until the stream is decided up to here: its own end, or that of its fragmented datagram.
    var waitEnd = 0
    /// The tag of the next waiting frame of the same direction.
    var nextHeld = -1
    /// The fragmented datagram that it belongs to.
    var datagram = -1

    var end: Int { position + payload.count }

    /// The payload from a stream position on, as a place in `HeldFrames`.
    func place(from start: Int, to stop: Int) -> Range<Int> {
        let first = place.lowerBound + payload.lowerBound - position
        return first + start..<first + stop
    }
}

/// Frames on their way out, in their order: they leave when the first of them is decided.
struct HeldFrames {
    private struct Entry {
        /// Nil when it is decided.
        var frame: HeldFrame?
        let end: Int
    }

    private var entries: [Entry] = []
    private var head = 0
    /// The tag of `entries[0]`.
    private var firstTag = 0
    /// Records, decided ones among them too, one behind the other.
    private var bytes: [UInt8] = []
    /// The place of `bytes[0]` among all bytes that ever were here: places in frames are counted so.
    private var base = 0
    private var released = 0

    var isEmpty: Bool { head == entries.count }
    var count: Int { entries.count - head }
    var byteCount: Int { bytes.count - released }
    var nextTag: Int { firstTag + entries.count }

    subscript(tag: Int) -> HeldFrame? {
        _read { yield entries[tag - firstTag].frame }
        _modify { yield &entries[tag - firstTag].frame }
    }

    /// The first frame in the queue: its tag, and nil where it is decided.
    var first: (tag: Int, frame: HeldFrame?)? { isEmpty ? nil : (firstTag + head, entries[head].frame) }

    /// Appends a record as `write` makes it; that answers where in the bytes the frame begins.
    /// - Returns: the place of the frame.
    mutating func append(_ write: (inout [UInt8]) -> Int) -> Int {
        let start = write(&bytes)
        entries.append(Entry(frame: nil, end: bytes.count + base))
        return start + base
    }

    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range.lowerBound - base..<range.upperBound - base] }

    /// Changes the bytes of a range in place.
    mutating func change<R>(_ range: Range<Int>, _ body: (inout MutableSpan<UInt8>) -> R) -> R {
        let local = range.lowerBound - base..<range.upperBound - base
        var whole = bytes.mutableSpan
        var part = whole._mutatingExtracting(local)
        return body(&part)
    }

    /// Lets the first frame go.
    mutating func release(to out: inout [UInt8]) {
        let end = entries[head].end - base
        out += bytes[released..<end]
        released = end
        head += 1
        if isEmpty || head > 8_192 || released > 8 << 20 {
            firstTag += head
            base += released
            entries.removeFirst(head)
            bytes.removeFirst(released)
            (head, released) = (0, 0)
        }
    }
}
