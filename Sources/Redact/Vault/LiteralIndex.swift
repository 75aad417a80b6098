/// Finds any of many literals, in all their forms, at a cost per byte that does not grow with their number.
///
/// Every form is at least eight bytes long. Four runs of five bytes that begin one after the other in a form are
/// entered in a hash table; whatever place the form stands at, one of the four begins at a multiple of four, so only every
/// fourth place of a text is looked at: at two bits of a filter first, where these are set in the table, and where an
/// entry has the same hash at the literal itself.
///
/// With many literals the memory of so many entries takes longer to wait for than places to look at: then one run of all
/// eight bytes is entered, and every place is looked at whose eight bytes have no blank, and no mark such as a dot or a
/// dash if those of no secret have one. An entry is eight bytes: a hundred thousand literals take about 12 MiB.
struct LiteralIndex: ~Copyable {
    /// Where a literal stands.
    struct Match {
        let start: Int
        let end: Int
        let literal: Int
        let form: LiteralForm
    }

    /// A run of a form: the hash of its bytes, and packed in the low half which literal and form it is of, which eight
    /// bytes of the form were chosen, and which of their runs it is. Nothing is 0.
    private struct Entry {
        let bits: UInt64

        init(bits: UInt64) { self.bits = bits }

        init(hash: UInt32, literal: Int, form: LiteralForm, choice: Int, offset: Int) {
            bits =
                UInt64(hash) << 32 | UInt64(literal + 1) << 8 | UInt64(form.rawValue) << 4
                | UInt64(choice << 2 | offset)
        }

        var hash: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
        var literal: Int { Int(truncatingIfNeeded: bits >> 8 & 0xFF_FFFF) - 1 }
        var form: LiteralForm { LiteralForm(rawValue: UInt32(truncatingIfNeeded: bits >> 4 & 15)) ?? .plain }
        var choice: Int { Int(truncatingIfNeeded: bits >> 2 & 3) }
        var offset: Int { Int(truncatingIfNeeded: bits & 3) }
    }

    /// More literals than this are too many for the memory that a redactor may take.
    static let capacity = 1 << 17
    /// The shortest form that is looked for, bytes.
    static let shortest = 8
    /// How far into a form its runs may lie.
    static let reach = 4_096
    /// From one place that is looked at to the next while literals are few, and runs of a form then.
    private static let wideStep = 4
    /// A larger table has one run of each form.
    private static let widestTable = 1 << 18
    /// Entries of one run that are followed at most: a text can't make the search slow by secrets that are alike.
    private static let longestChain = 48
    /// Bits of the filter for each place of the table.
    private static let filterBits = 8
    /// `0`, the first byte behind the marks that end most words in logs; `!`, the first one behind the blanks; and any.
    private static let leastBytes: [UInt8] = [0x30, 0x21, 0]
    /// Candidates that are collected in one go.
    private static let batch = 256

    private var values: [UInt8] = []
    private var starts: [Int] = [0]
    /// Entries, each at the place of its hash or the next free one.
    private var table = WordTable<UInt64>(count: 1 << 10)
    /// Words by the last bits of a hash, in each of which its first bits choose two bits.
    private var filter = WordTable<UInt64>(count: 1 << 7)
    private var used = 0
    /// How many runs of a form are entered, one next to the other, and from one place that is looked at to the next.
    private var step = LiteralIndex.wideStep
    /// The bytes of eight that make a run.
    private var runMask: UInt64 = 0xFF_FFFF_FFFF
    /// No chosen byte of a form is less: places with such bytes can be passed over.
    private var leastByte = LiteralIndex.leastBytes[0]
    /// Odd, and different in each process: nobody can prepare values that collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private(set) var longest = 0
    /// Used again and again, so that adding takes no memory of its own.
    private var scratch: [UInt8] = []
    private var pending: [FormBytes] = []
    private var firstWords: [UInt64] = []
    private let texts = FormTexts()

    var count: Int { starts.count - 1 }

    func value(_ literal: Int) -> ArraySlice<UInt8> { values[starts[literal]..<starts[literal + 1]] }

    func isValue(_ literal: Int, _ value: [UInt8]) -> Bool {
        let start = starts[literal]
        guard starts[literal + 1] - start == value.count else { return false }
        for index in value.indices where values[start + index] != value[index] { return false }
        return true
    }

    /// The eight bytes of a form at each of the places that may be chosen, and which are.
    private struct FormBytes {
        let form: LiteralForm
        let bytes: InlineArray<4, UInt64>
        var choice = 0
    }

    /// Adds a literal of at least ``shortest`` bytes.
    /// - Returns: false if there is no room, or too many alike.
    mutating func add(_ value: [UInt8]) -> Bool {
        guard count < Self.capacity, enter(value, as: count, isNew: true) else { return false }
        values += value
        starts.append(values.count)
        return true
    }

    /// Enters the forms of a value in the table; of a new one only if there are not too many alike.
    private mutating func enter(_ value: [UInt8], as literal: Int, isNew: Bool) -> Bool {
        pending.removeAll(keepingCapacity: true)
        let forms = value.allSatisfy(\.isAlphanumeric) ? LiteralForm.ofWords : LiteralForm.allCases
        for form in forms {
            let isForm = unsafe value.withUnsafeBufferPointer { unsafe form.write($0, into: &scratch) }
            guard isForm, scratch.count >= Self.shortest else { continue }
            longest = max(longest, scratch.count)
            let length = scratch.count
            pending.append(
                unsafe scratch.withUnsafeBytes { text in
                    FormBytes(
                        form: form,
                        bytes: InlineArray { choice in
                            unsafe text.loadUnaligned(
                                fromByteOffset: Self.first(choice, length: length), as: UInt64.self)
                        })
                })
        }
        if (used + pending.count * step) * 5 > table.count * 3 {
            grow()
            return enter(value, as: literal, isNew: isNew)
        }
        guard chooseBytes() || !isNew else { return false }
        for runs in pending {
            let bytes = runs.bytes[runs.choice]
            leastByte = min(leastByte, Self.leastByte(bytes))
            for offset in 0..<step {
                insert(
                    Entry(
                        hash: hash(bytes >> UInt64(offset * 8)), literal: literal, form: runs.form, choice: runs.choice,
                        offset: offset))
            }
        }
        return true
    }

    /// Chooses which eight bytes of each form are entered, the first, the last, the middle ones or those after a third: without marks or at least
    /// without a blank, and such that few others share them, as tokens of a kind begin alike.
    private mutating func chooseBytes() -> Bool {
        // All places of the table at once, without a decision between them: waiting for each in turn takes far longer.
        firstWords.removeAll(keepingCapacity: true)
        for form in pending {
            for offset in 0..<step { firstWords.append(table[slot(hash(form.bytes[0] >> UInt64(offset * 8)))]) }
        }
        for index in pending.indices {
            let bytes = pending[index].bytes
            let isFree = (index * step..<(index + 1) * step).allSatisfy { firstWords[$0] == 0 }
            if isFree, rank(bytes[0]) == Int(Self.leastBytes[0]) { continue }
            let choices = (0..<4).filter { !isCrowded(bytes[$0]) }
            guard let first = choices.first else { return false }
            pending[index].choice = choices.reduce(first) { best, choice in
                rank(bytes[choice]) > rank(bytes[best]) ? choice : best
            }
        }
        return true
    }

    private func isCrowded(_ bytes: UInt64) -> Bool {
        (0..<step).contains { chain(hash(bytes >> UInt64($0 * 8))) >= Self.longestChain }
    }

    /// The more, the fewer places of a text are looked at for the sake of a form. Least for one byte again and again, as in
    /// an indent or a line of dashes, of which some texts are full.
    private func rank(_ bytes: UInt64) -> Int {
        let isOneByte = (0..<step).contains { offset in
            let run = bytes >> UInt64(offset * 8) & runMask
            return run == (run & 255) &* 0x0101_0101_0101_0101 & runMask
        }
        return isOneByte ? -1 : Int(Self.leastByte(bytes))
    }

    private static func first(_ choice: Int, length: Int) -> Int {
        switch choice {
        case 0: 0
        case 1: min(length - shortest, reach)
        case 2: min((length - shortest) / 2, reach / 2)
        default: min((length - shortest) / 3, reach / 3)
        }
    }

    /// Calls `body` with each literal that has a run in `bytes[from..<to]`, or up to three places before: the places that
    /// were looked at up to `from` may have been fewer. A literal starts at most ``reach`` bytes before its run, and may end
    /// behind `to`, but not behind the end of `bytes`.
    /// - Parameters:
    ///   - base: position of the first byte in the stream; with few literals, runs are looked for at its multiples of four.
    ///   - body: says at which place to go on.
    func forEachMatch(
        in bytes: UnsafeBufferPointer<UInt8>, base: Int, from: Int, to: Int, _ body: (Match) -> Int
    ) {
        guard count > 0, let start = bytes.baseAddress else { return }
        var from = max(0, from - Self.wideStep + 1)
        var place = (from + base + step - 1) / step * step - base
        let end = min(to, bytes.count - (Self.shortest - step))
        // Where eight bytes can be read at once.
        let fast = min(end, bytes.count - 7)
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.batch) { candidates in
            while place < fast {
                let count = unsafe findCandidates(UnsafeRawPointer(start), &place, fast, into: candidates)
                for index in 0..<count where unsafe candidates[index] >= from {
                    if let match = unsafe match(in: bytes, at: candidates[index]) { from = body(match) }
                }
            }
        }
        while place < end {
            if place >= from, let match = unsafe match(in: bytes, at: place) { from = body(match) }
            place += step
        }
    }

    /// The places from `place` on, as many as there is room for, that the filter lets through and whose places in the
    /// table are taken.
    private func findCandidates(
        _ start: UnsafeRawPointer, _ place: inout Int, _ end: Int, into candidates: UnsafeMutableBufferPointer<Int>
    ) -> Int {
        let last = filterLast
        var (next, passed, count) = (place, 0, 0)
        if step > 1 {
            while next < end, passed < Self.batch {
                let hash = unsafe hash(start.loadUnaligned(fromByteOffset: next, as: UInt64.self))
                let bits = filter[Int(truncatingIfNeeded: hash & last)]
                // One decision for both bits: that of the first alone is guessed wrong too often.
                if bits &>> Self.firstBit(hash) & bits &>> Self.secondBit(hash) & 1 != 0 {
                    unsafe candidates[passed] = next
                    passed &+= 1
                }
                next &+= Self.wideStep
            }
        } else {
            let least = leastByte
            while next < end, passed < Self.batch {
                let word = unsafe start.loadUnaligned(fromByteOffset: next, as: UInt64.self)
                let marks = Self.marks(word, below: least)
                if marks != 0 {
                    // On behind the last mark of the eight bytes.
                    next &+= 8 &- marks.leadingZeroBitCount &>> 3
                    continue
                }
                let hash = hash(word)
                let bits = filter[Int(truncatingIfNeeded: hash & last)]
                // The filter is large: nothing is decided by it, so that no place waits for the memory of the one before.
                unsafe candidates[passed] = next
                passed &+= Int(truncatingIfNeeded: bits &>> Self.firstBit(hash) & bits &>> Self.secondBit(hash) & 1)
                next &+= 1
            }
        }
        place = next
        for index in 0..<passed {
            let place = unsafe candidates[index]
            let hash = unsafe hash(start.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            unsafe candidates[count] = place
            count &+= table[slot(hash)] == 0 ? 0 : 1
        }
        return count
    }

    /// The highest bit of each of eight bytes that is less than `least`.
    @inline(__always)
    private static func marks(_ word: UInt64, below least: UInt8) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~((word & low) &+ UInt64(0x80 - least) &* 0x0101_0101_0101_0101 | word) & ~low
    }

    /// The first of ``leastBytes`` that none of eight bytes falls below.
    private static func leastByte(_ bytes: UInt64) -> UInt8 {
        leastBytes.first { marks(bytes, below: $0) == 0 } ?? 0
    }

    private func match(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Match? {
        let hash = unsafe hash(Self.load(bytes, place))
        var best: Match?
        var slot = slot(hash)
        while table[slot] != 0 {
            let entry = Entry(bits: table[slot])
            slot = next(slot)
            guard entry.hash == hash, let match = unsafe match(entry, in: bytes, at: place) else { continue }
            if let known = best, (known.start, -known.end) <= (match.start, -match.end) { continue }
            best = match
        }
        return best
    }

    private func match(_ entry: Entry, in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Match? {
        let (literal, form) = (entry.literal, entry.form)
        return unsafe values.withUnsafeBufferPointer { values in
            let value = unsafe UnsafeBufferPointer(rebasing: values[starts[literal]..<starts[literal + 1]])
            if form == .plain { return unsafe match(entry, value, in: bytes, at: place) }
            return unsafe texts.withText(of: literal, form, value) { unsafe match(entry, $0, in: bytes, at: place) }
        }
    }

    /// Compares the text of an entry's form with what stands around its run.
    private func match(
        _ entry: Entry, _ text: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, at place: Int
    ) -> Match? {
        let start = place - entry.offset - Self.first(entry.choice, length: text.count)
        let end = start + text.count
        guard start >= 0, end <= bytes.count else { return nil }
        let isCaseless = entry.form.isCaseless
        for offset in 0..<text.count {
            let (byte, other) = unsafe (text[offset], bytes[start + offset])
            if byte != other, !isCaseless || byte.lowercased != other.lowercased { return nil }
        }
        return Match(start: start, end: end, literal: entry.literal, form: entry.form)
    }

    // MARK: - The table

    private static func load(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt64 {
        var run: UInt64 = 0
        for offset in 0..<min(8, bytes.count - place) {
            unsafe run |= UInt64(bytes[place + offset]) << UInt64(offset * 8)
        }
        return run
    }

    /// The hash of the run at the beginning of eight bytes, letters in either case.
    @inline(__always)
    private func hash(_ bytes: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (((bytes | 0x2020_2020_2020_2020) & runMask) &* factor) >> 32)
    }

    /// The last index of the filter, whose length is a power of two: the last bits of a hash choose the word.
    private var filterLast: UInt32 { UInt32(truncatingIfNeeded: filter.count - 1) }

    @inline(__always)
    private static func firstBit(_ hash: UInt32) -> UInt64 { UInt64(hash &>> 26) }

    @inline(__always)
    private static func secondBit(_ hash: UInt32) -> UInt64 { UInt64(hash &>> 20 & 63) }

    @inline(__always)
    private func slot(_ hash: UInt32) -> Int { Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(table.count)) >> 32) }

    @inline(__always)
    private func next(_ slot: Int) -> Int { slot + 1 == table.count ? 0 : slot + 1 }

    /// How many entries have this hash.
    private func chain(_ hash: UInt32) -> Int {
        var slot = slot(hash)
        var length = 0
        while table[slot] != 0 {
            if Entry(bits: table[slot]).hash == hash { length += 1 }
            slot = next(slot)
        }
        return length
    }

    /// Makes room for more entries, or has fewer of each form.
    private mutating func grow() {
        let isFewer = step > 1 && table.count >= Self.widestTable
        var old = WordTable<UInt64>(count: isFewer ? table.count : table.count * 2)
        swap(&table, &old)
        filter = WordTable<UInt64>(count: table.count * Self.filterBits / 64)
        used = 0
        if isFewer {
            (step, runMask) = (1, .max)
            // Other runs have other hashes.
            for literal in 0..<count { _ = enter(Array(value(literal)), as: literal, isNew: false) }
            return
        }
        // Entries keep their order: the new table fills from its front as the old one empties.
        for slot in 0..<old.count where old[slot] != 0 {
            insert(Entry(bits: old[slot]))
            old.drop(before: slot)
        }
    }

    private mutating func insert(_ entry: Entry) {
        var slot = slot(entry.hash)
        while table[slot] != 0 { slot = next(slot) }
        table[slot] = entry.bits
        used += 1
        filter[Int(truncatingIfNeeded: entry.hash & filterLast)] |=
            1 << Self.firstBit(entry.hash) | 1 << Self.secondBit(entry.hash)
    }
}
