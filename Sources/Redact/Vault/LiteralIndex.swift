/// Finds any of many literals, in all their forms, at a cost per byte that does not grow with their number.
///
/// Every form is at least eight bytes long. Four runs of five bytes that begin one after the other in a form are
/// entered in a hash table; whatever place the form stands at, one of the four begins at a multiple of four, so only every
/// fourth place of a text is looked at: at a bit of a filter first, where that is set in the table, and where an entry has
/// the same hash at the literal itself. An entry is eight bytes: a hundred thousand literals take about 24 MiB.
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
        var bits: UInt64 = 0

        init() {}

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
    private var table = [Entry](repeating: Entry(), count: 1 << 10)
    /// Words by the first bits of a hash, in which its next bits choose two bits; at least six bits for each entry.
    private var filter = [UInt64](repeating: 0, count: 1 << 8)
    private var used = 0
    /// Odd, and different in each process: nobody can prepare values that collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private(set) var longest = 0
    /// Used again and again, so that adding takes no memory of its own.
    private var scratch: [UInt8] = []
    private var pending: [Entry] = []

    var count: Int { starts.count - 1 }

    func value(_ literal: Int) -> ArraySlice<UInt8> { values[starts[literal]..<starts[literal + 1]] }

    func isValue(_ literal: Int, _ value: [UInt8]) -> Bool {
        let start = starts[literal]
        guard starts[literal + 1] - start == value.count else { return false }
        for index in value.indices where values[start + index] != value[index] { return false }
        return true
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
            guard enter(form) else { return false }
        }
        reserve(pending.count)
        for entry in pending { insert(entry) }
        values += value
        starts.append(values.count)
        return true
    }

    /// Chooses which eight bytes of a form are entered, the first, the last or the middle ones, so that few others share
    /// them: tokens of a kind begin alike.
    private mutating func enter(_ form: LiteralForm) -> Bool {
        for choice in 0..<UInt64(3) {
            let first = Self.first(choice, length: scratch.count)
            let before = pending.count
            let runs = unsafe scratch.withUnsafeBytes { text in
                unsafe text.loadUnaligned(fromByteOffset: first, as: UInt64.self)
            }
            var isCrowded = false
            for offset in 0..<UInt64(Self.step) {
                let hash = hash(runs >> (offset * 8))
                isCrowded = isCrowded || (isSet(hash) && chain(hash) >= Self.longestChain)
                pending.append(Entry(hash: hash, literal: count, form: form, choice: choice, offset: offset))
            }
            if !isCrowded { return true }
            pending.removeSubrange(before...)
        }
        return false
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
        let shift = filterShift
        var place = (from + base + 3) / Self.step * Self.step - base
        let end = min(to, bytes.count - 4)
        // Where eight bytes can be read at once.
        let fast = min(end, bytes.count - 7)
        return unsafe filter.withUnsafeBufferPointer { filter in
            while place < end {
                var hit = end
                while place < fast {
                    let hash = unsafe hash(
                        UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped).loadUnaligned(
                            fromByteOffset: place, as: UInt64.self))
                    let mask = Self.mask(hash, shift)
                    if unsafe filter[Int(truncatingIfNeeded: hash >> shift)] & mask == mask {
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
    }

    private func match(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Match? {
        let hash = unsafe hash(Self.load(bytes, place))
        var best: Match?
        var text: [UInt8] = []
        var slot = slot(hash)
        while !table[slot].isEmpty {
            let entry = table[slot]
            slot = next(slot)
            guard entry.hash == hash else { continue }
            let (literal, form) = (entry.literal, entry.form)
            let isForm = unsafe values.withUnsafeBufferPointer { values in
                let value = unsafe UnsafeBufferPointer(rebasing: values[starts[literal]..<starts[literal + 1]])
                return unsafe form.write(value, into: &text)
            }
            guard isForm else { continue }
            let start = place - entry.offset - Self.first(entry.choice, length: text.count)
            guard start >= 0, start + text.count <= bytes.count,
                unsafe Self.stands(text, at: start, in: bytes, isCaseless: form.isCaseless)
            else { continue }
            let end = start + text.count
            if let known = best, (known.start, -known.end) <= (start, -end) { continue }
            best = Match(start: start, end: end, literal: literal, form: form)
        }
        return best
    }

    private static func stands(
        _ text: [UInt8], at start: Int, in bytes: UnsafeBufferPointer<UInt8>, isCaseless: Bool
    ) -> Bool {
        for (offset, byte) in text.enumerated() {
            let other = unsafe bytes[start + offset]
            if byte != other, !isCaseless || byte.lowercased != other.lowercased { return false }
        }
        return true
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

    private var filterShift: UInt32 { UInt32(32 - filter.count.trailingZeroBitCount) }

    @inline(__always)
    private static func mask(_ hash: UInt32, _ shift: UInt32) -> UInt64 {
        1 << UInt64(hash >> (shift &- 6) & 63) | 1 << UInt64(hash & 63)
    }

    private func isSet(_ hash: UInt32) -> Bool {
        let (shift, word) = (filterShift, Int(truncatingIfNeeded: hash >> filterShift))
        let mask = Self.mask(hash, shift)
        return filter[word] & mask == mask
    }

    @inline(__always)
    private func slot(_ hash: UInt32) -> Int { Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(table.count)) >> 32) }

    @inline(__always)
    private func next(_ slot: Int) -> Int { slot + 1 == table.count ? 0 : slot + 1 }

    /// How many entries have this hash.
    private func chain(_ hash: UInt32) -> Int {
        var slot = slot(hash)
        var length = 0
        while !table[slot].isEmpty {
            if table[slot].hash == hash { length += 1 }
            slot = next(slot)
        }
        return length
    }

    private mutating func reserve(_ more: Int) {
        guard (used + more) * 20 > table.count * 17 else { return }
        let old = table
        // Twice as much while that is little, half as much again when it is not.
        table = [Entry](repeating: Entry(), count: old.count < 1 << 20 ? old.count * 2 : old.count / 2 * 3)
        // Up to a quarter of a megabyte the filter is generous: it stays in the cache.
        let bits = table.count < 1 << 17 ? 20 : 5
        while table.count * bits > filter.count * 64 {
            filter = [UInt64](repeating: 0, count: filter.count * 2)
        }
        used = 0
        for entry in old where !entry.isEmpty { insert(entry) }
    }

    private mutating func insert(_ entry: Entry) {
        var slot = slot(entry.hash)
        while !table[slot].isEmpty { slot = next(slot) }
        table[slot] = entry
        used += 1
        filter[Int(truncatingIfNeeded: entry.hash >> filterShift)] |= Self.mask(entry.hash, filterShift)
    }
}
