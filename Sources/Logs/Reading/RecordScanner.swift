/// Cuts a log into records (a first line and the lines that belong to it), in bounded memory whatever the lines are.
///
/// Bytes before the first record of a file form a record of their own. Runs of NUL at the beginning of a line, which a
/// log that was cut under a running writer holds, are left out.
struct RecordScanner: ~Copyable {
    /// What is kept of one record; the rest of a longer one is counted in `omittedBytes`.
    static let recordLimit = 1 << 20
    /// Searching less than this at once does not pay.
    private static let leastSkip = 4 << 10
    /// What is read at once at least.
    private static let room = 256 << 10

    let source: LogSource
    private let isCancelled: @Sendable () -> Bool
    private var buffer: [UInt8]
    /// Valid bytes of the buffer.
    private var tail = 0
    private var sourceEnded = false
    /// File offset of the buffer's first byte.
    private var base: Int
    /// The record's beginning and end in the buffer; of a too long record only the last part.
    private var head = 0
    private var end = 0
    /// The kept part of a too long record.
    private var kept: [UInt8] = []
    private var nextLine: Int?

    /// Per needle of `skip`: the file offset up to which it does not occur.
    private var clearUntil: [Int] = []

    /// How the present record begins; `none` for what stands before a file's first record.
    private(set) var start = RecordStart.none
    private var nextStart = RecordStart.unknown
    /// Offset of the present record in the (unpacked) file.
    private(set) var offset: Int
    /// Line number of the present record, counted from 1; nil when reading began in the middle of the file.
    private(set) var line: Int?
    /// Bytes of the present record that are not kept.
    private(set) var omittedBytes = 0
    /// Set when reading stopped because the work was cancelled.
    private(set) var wasCancelled = false

    /// - Parameter offset: where the source stands: the beginning of a line.
    init(_ source: consuming LogSource, offset: Int = 0, isCancelled: @escaping @Sendable () -> Bool) {
        self.source = source
        self.isCancelled = isCancelled
        buffer = [UInt8](repeating: 0, count: Self.recordLimit + Self.room)
        base = offset
        self.offset = offset
        nextLine = offset == 0 ? 1 : nil
        source.seek(to: offset)
    }

    /// Bytes of the file that were read so far, counted from where reading began or from its start.
    var position: Int { base + tail }

    /// Gives the present record's bytes.
    func withRecord<R>(_ body: (Span<UInt8>) -> R) -> R {
        kept.isEmpty ? body(buffer.span.extracting(head..<trimmedEnd)) : body(kept.span)
    }

    private var trimmedEnd: Int {
        var end = end
        while end > head, buffer[end - 1] == 0 {
            end -= 1
        }
        return end
    }

    /// Goes to the next record.
    ///
    /// - Returns: false at the end of the log, or when the work was cancelled.
    /// - Throws: `LogError` with `cannotRead` or `damaged`; what was given before is sound.
    mutating func next() throws(LogError) -> Bool {
        repeat {
            guard try advance() else { return false }
        } while kept.isEmpty && trimmedEnd == head
        return true
    }

    private mutating func advance() throws(LogError) -> Bool {
        head = end
        kept.removeAll(keepingCapacity: true)
        omittedBytes = 0
        while nextStart == .unknown {
            head = skipZeros(from: head)
            end = head
            nextStart = RecordStart(buffer.span.extracting(0..<tail), at: head, isWhole: sourceEnded)
            if nextStart == .unknown, try !fill(), !sourceEnded { return false }
        }
        if head == tail { return false }
        start = nextStart
        offset = base + head
        line = nextLine
        return try findEnd()
    }

    /// Jumps behind the present record and further, over records that hold none of the needles, as far as what is in
    /// memory tells. The next record is then one that tells its own time.
    ///
    /// - Parameter needles: the same ones in every call.
    mutating func skip(without needles: [[UInt8]]) {
        guard nextStart.isStart, tail - end > Self.leastSkip else { return }
        var clear = clearUntil.count == needles.count ? clearUntil : [Int](repeating: 0, count: needles.count)
        clearUntil = []
        if let goal = goal(without: needles, clearUntil: &clear) {
            if let line = nextLine { nextLine = line + goal.lines }
            end = goal.end
            nextStart = goal.start
        }
        clearUntil = clear
    }

    /// Whether one of the needles may stand in the present record; false is certain.
    var mayHoldNeedle: Bool {
        clearUntil.isEmpty || clearUntil.contains { $0 < base + end }
    }

    /// Where to jump, and how many lines that is.
    private func goal(without needles: [[UInt8]], clearUntil: inout [Int]) -> (
        end: Int, start: RecordStart, lines: Int
    )? {
        let bytes = buffer.span.extracting(0..<tail)
        // Every needle is searched for only where that was not done before.
        for (index, needle) in needles.enumerated() where clearUntil[index] <= base + end {
            let hit = bytes.firstIndex(of: needle, from: end)
            clearUntil[index] = base + (hit ?? max(end, tail - needle.count + 1))
        }
        let clear = (clearUntil.min() ?? 0) - base
        guard clear - end > Self.leastSkip else { return nil }
        var limit = min(clear, tail)
        for _ in 0..<64 {
            guard let feed = bytes.lastIndex(of: .lineFeed, before: limit), feed >= end else { return nil }
            let start = RecordStart(bytes, at: feed + 1, isWhole: false)
            if start == .dated || start == .json {
                return (feed + 1, start, nextLine == nil ? 0 : bytes.count(of: .lineFeed, in: end..<feed + 1))
            }
            limit = feed
        }
        return nil
    }

    /// Finds where the record that begins at `head` ends, and sets `end` and `nextStart`.
    private mutating func findEnd() throws(LogError) -> Bool {
        // Distances from the end of the valid bytes stay right when the buffer moves.
        var search = head
        var lineStart: Int?
        while true {
            if let candidate = lineStart {
                let probe = skipZeros(from: candidate)
                // Zeros belong to the record before, however many they are.
                lineStart = probe
                let next = RecordStart(buffer.span.extracting(0..<tail), at: probe, isWhole: sourceEnded)
                if next.isStart {
                    return close(at: probe, before: next)
                }
                if next == .none {
                    search = probe
                    lineStart = nil
                    if search >= tail, sourceEnded { return close(at: tail, before: .none) }
                    continue
                }
            } else if let feed = buffer.span.extracting(0..<tail).firstIndex(of: .lineFeed, from: search) {
                lineStart = feed + 1
                nextLine? += 1
                continue
            } else {
                search = tail
            }
            if sourceEnded { return close(at: tail, before: .none) }
            let pending = tail - (lineStart ?? search)
            let more = try fill(keeping: pending)
            if wasCancelled { return false }
            // What was pending now ends where the new bytes begin.
            let oldTail = tail - lastFill
            if lineStart != nil { lineStart = oldTail - pending } else { search = oldTail - pending }
            if !more, !sourceEnded { return false }
        }
    }

    private mutating func close(at index: Int, before next: RecordStart) -> Bool {
        end = index
        nextStart = next
        if !kept.isEmpty { omittedBytes += end - head }
        return end > head || !kept.isEmpty
    }

    private func skipZeros(from start: Int) -> Int {
        var position = start
        while position < tail, buffer[position] == 0 {
            position += 1
        }
        return position
    }

    // MARK: The buffer

    private var lastFill = 0

    /// Reads more bytes behind the valid ones, making room first.
    ///
    /// - Parameter pending: bytes at the end that must stay even when the record is too long to be kept.
    /// - Returns: whether there were any.
    private mutating func fill(keeping pending: Int = 0) throws(LogError) -> Bool {
        lastFill = 0
        if isCancelled() {
            wasCancelled = true
            return false
        }
        if buffer.count - tail < Self.room {
            discard(upTo: head)
            if buffer.count - tail < Self.room {
                keepBeginning(pending: pending)
            }
        }
        lastFill = try source.read(into: &buffer, from: tail)
        tail += lastFill
        sourceEnded = lastFill == 0
        return lastFill > 0
    }

    /// Moves the valid bytes from an index on to the buffer's beginning.
    private mutating func discard(upTo index: Int) {
        guard index > 0 else { return }
        let count = tail - index
        unsafe buffer.withUnsafeMutableBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[index..<index + count])
            unsafe bytes.copyMemory(from: rest)
        }
        base += index
        tail = count
        head = max(0, head - index)
        end = max(0, end - index)
    }

    /// The record is longer than the buffer: sets its beginning aside and drops the rest of what was read of it.
    private mutating func keepBeginning(pending: Int) {
        let read = tail - pending
        if kept.isEmpty {
            let cut = cutPoint(before: min(read, head + Self.recordLimit))
            kept = Array(buffer[head..<cut])
            omittedBytes = read - cut
        } else {
            omittedBytes += read
        }
        discard(upTo: read)
        head = 0
        end = 0
    }

    /// Where a too long record is cut: after a whole line if there is one, else between two words, so that what looks
    /// for secrets in it does not see half a word.
    private func cutPoint(before limit: Int) -> Int {
        let bytes = buffer.span.extracting(0..<tail)
        let earliest = max(head + 1, limit - 64 << 10)
        if let feed = bytes.lastIndex(of: .lineFeed, before: limit), feed + 1 > head + 1 {
            return feed + 1
        }
        if let space = bytes.lastIndex(of: UInt8(ascii: " "), before: limit), space >= earliest {
            return space
        }
        return limit
    }
}
