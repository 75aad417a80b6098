/// Finds any of many literals, in all their forms, at a cost per byte that does not grow with their number.
///
/// Every form is at least eight bytes long. Four runs of five bytes that begin one after the other in a form are
/// entered in a hash table; whatever place the form stands at, one of the four begins at a multiple of four, so only every
/// fourth place of a text is looked at: at two bits of a filter first, where these are set in the table, and where an
/// entry has the same hash at the literal itself. An entry is eight bytes: a hundred thousand literals take about 28 MiB.
struct LiteralIndex: ~Copyable {
    /// Where a literal stands.
    struct Match {
        let start: Int
        let end: Int
        let literal: Int
        let form: LiteralForm
    }

    /// A run of a form: the hash of its bytes, and packed in the low half which literal and form it is of, which eight
    /// bytes of the form were chosen, and which of their four runs it is. Nothing is 0.
    private struct Entry {
        let bits: UInt64

        init(bits: UInt64) { self.bits = bits }

        init(hash: UInt32, literal: Int, form: LiteralForm, choice: UInt64, offset: UInt64) {
            bits = UInt64(hash) << 32 | UInt64(literal + 1) << 8 | UInt64(form.rawValue) << 4 | choice << 2 | offset
        }

        var isEmpty: Bool { bits == 0 }
        var hash: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
        var literal: Int { Int(truncatingIfNeeded: bits >> 8 & 0xFF_FFFF) - 1 }
        var form: LiteralForm { LiteralForm(rawValue: UInt32(truncatingIfNeeded: bits >> 4 & 15)) ?? .plain }
        var choice: UInt64 { bits >> 2 & 3 }
        var offset: Int { Int(truncatingIfNeeded: bits & 3) }
    }

    /// More literals than this are too many for the memory that a redactor may take.
    static let capacity = 1 << 17
    /// The shortest form that is looked for, bytes.
    static let shortest = 8
    /// How far into a form its runs may lie.
    static let reach = 4_096
    private static let step = 4
    private static let runMask: UInt64 = 0xFF_FFFF_FFFF
    /// Entries of one run that are followed at most: a text can't make the search slow by secrets that are alike.
    private static let longestChain = 48

    private var values: [UInt8] = []
    private var starts: [Int] = [0]
    /// Entries, each at the place of its hash or the next free one.
    private var table = WordTable(count: 1 << 10)
    /// Words by the last bits of a hash, in each of which its first bits choose two bits.
    private var filter = WordTable(count: 1 << 8)
    private var used = 0
    /// Odd, and different in each process: nobody can prepare values that collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private(set) var longest = 0
    /// Used again and again, so that adding takes no memory of its own.
    private var scratch: [UInt8] = []
    private var pending: [FormRuns] = []
    private var firstWords: [UInt64] = []

    var count: Int { starts.count - 1 }

    func value(_ literal: Int) -> ArraySlice<UInt8> { values[starts[literal]..<starts[literal + 1]] }

    func isValue(_ literal: Int, _ value: [UInt8]) -> Bool {
        let start = starts[literal]
        guard starts[literal + 1] - start == value.count else { return false }
        for index in value.indices where values[start + index] != value[index] { return false }
        return true
    }

    /// The eight bytes of a form at each of the places that may be entered, and the place that is.
    private struct FormRuns {
        let form: LiteralForm
        let bytes: InlineArray<3, UInt64>
        var choice = 0
    }

    /// Adds a literal of at least ``shortest`` bytes.
    /// - Returns: false if there is no room, or too many alike.
    mutating func add(_ value: [UInt8]) -> Bool {
        guard count < Self.capacity else { return false }
        pending.removeAll(keepingCapacity: true)
        let forms = value.allSatisfy(\.isAlphanumeric) ? LiteralForm.ofWords : LiteralForm.allCases
        for form in forms {
            let isForm = unsafe value.withUnsafeBufferPointer { unsafe form.write($0, into: &scratch) }
            guard isForm, scratch.count >= Self.shortest else { continue }
            longest = max(longest, scratch.count)
            let length = scratch.count
            pending.append(
                unsafe scratch.withUnsafeBytes { text in
                    FormRuns(
                        form: form,
                        bytes: InlineArray { choice in
                            unsafe text.loadUnaligned(
                                fromByteOffset: Self.first(UInt64(choice), length: length), as: UInt64.self)
                        })
                })
        }
        reserve(pending.count * Self.step)
        guard chooseRuns() else { return false }
        for runs in pending {
            for offset in 0..<Self.step {
                insert(
                    Entry(
                        hash: hash(runs.bytes[runs.choice] >> UInt64(offset * 8)), literal: count, form: runs.form,
                        choice: UInt64(runs.choice), offset: UInt64(offset)))
            }
        }
        values += value
        starts.append(values.count)
        return true
    }

    /// Chooses which eight bytes of each form are entered, the first, the last or the middle ones, so that few others
    /// share them: tokens of a kind begin alike.
    private mutating func chooseRuns() -> Bool {
        // All places of the table at once, without a decision between them: waiting for each in turn takes far longer.
        firstWords.removeAll(keepingCapacity: true)
        for runs in pending {
            for offset in 0..<Self.step { firstWords.append(table[slot(hash(runs.bytes[0] >> UInt64(offset * 8)))]) }
        }
        for index in pending.indices {
            let isFree = (index * Self.step..<(index + 1) * Self.step).allSatisfy { firstWords[$0] == 0 }
            if isFree { continue }
            guard let choice = (0..<3).first(where: { !isCrowded(pending[index].bytes[$0]) }) else { return false }
            pending[index].choice = choice
        }
        return true
    }

    private func isCrowded(_ bytes: UInt64) -> Bool {
        (0..<Self.step).contains { chain(hash(bytes >> UInt64($0 * 8))) >= Self.longestChain }
    }

    private static func first(_ choice: UInt64, length: Int) -> Int {
        switch choice {
        case 0: 0
        case 1: min(length - shortest, reach)
        default: min((length - shortest) / 2, reach / 2)
        }
    }

    /// The first literal with a run in `bytes[from..<to]`. It starts at most ``reach`` bytes before the run, and may end
    /// behind `to`, but not behind the end of `bytes`.
    /// - Parameter base: position of the first byte in the stream; runs are looked for at its multiples of four.
    func find(in bytes: UnsafeBufferPointer<UInt8>, base: Int, from: Int, to: Int) -> Match? {
        guard count > 0 else { return nil }
        let last = filterLast
        var place = (from + base + 3) / Self.step * Self.step - base
        let end = min(to, bytes.count - 4)
        // Where eight bytes can be read at once.
        let fast = min(end, bytes.count - 7)
        while place < end {
            var hit = end
            while place < fast {
                let hash = unsafe hash(
                    UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped).loadUnaligned(
                        fromByteOffset: place, as: UInt64.self))
                let word = filter[Int(truncatingIfNeeded: hash & last)]
                // One bit after the other: most places end at the first, and testing one bit is one instruction.
                if word &>> Self.firstBit(hash) & 1 != 0, word &>> Self.secondBit(hash) & 1 != 0 {
                    hit = place
                    break
                }
                place &+= Self.step
            }
            if hit == end {
                guard place < end else { return nil }
                hit = place
            }
            if let match = unsafe match(in: bytes, at: hit) { return match }
            place = hit + Self.step
        }
        return nil
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
            var text: [UInt8] = []
            guard unsafe form.write(value, into: &text) else { return nil }
            return unsafe text.withUnsafeBufferPointer { unsafe match(entry, $0, in: bytes, at: place) }
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
        for offset in 0..<5 { unsafe run |= UInt64(bytes[place + offset]) << UInt64(offset * 8) }
        return run
    }

    /// The hash of the low five bytes of `run`, letters in either case.
    @inline(__always)
    private func hash(_ run: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (((run | 0x20_2020_2020) & Self.runMask) &* factor) >> 32)
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

    private mutating func reserve(_ more: Int) {
        guard (used + more) * 20 > table.count * 17 else { return }
        // Twice as much while that is little, half as much again when it is not.
        var old = WordTable(count: table.count < 1 << 20 ? table.count * 2 : table.count / 2 * 3)
        swap(&table, &old)
        // Up to half a megabyte the filter is generous: it stays in the cache.
        let bits = table.count < 1 << 18 ? 16 : 8
        var words = filter.count
        while table.count * bits > words * 64 { words *= 2 }
        if words > filter.count { filter = WordTable(count: words) }
        used = 0
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
