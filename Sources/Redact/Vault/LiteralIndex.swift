/// Finds any of many literals, in all their forms, at a cost per byte that does not grow with their number.
///
/// Every form is at least eight bytes long. Four runs of five bytes that begin one after the other in a form are
/// entered in a hash table; whatever place the form stands at, one of the four begins at a multiple of four, so only every
/// fourth place of a text is looked at: at a bit of a filter first, where that is set in the table, and where an entry has
/// the right tag at the literal itself. An entry is four bytes: a hundred thousand literals take about 16 MiB.
struct LiteralIndex: ~Copyable {
    /// Where a literal stands.
    struct Match {
        let start: Int
        let end: Int
        let literal: Int
        let form: LiteralForm
    }

    /// More literals than this do not fit in an entry.
    static let capacity = (1 << 17) - 2
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
    private var table = [UInt32](repeating: 0, count: 1 << 10)
    private var filter = [UInt64](repeating: 0, count: 1 << 7)
    private var used = 0
    /// Odd, and different in each process: nobody can prepare values that collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private(set) var longest = 0

    var count: Int { starts.count - 1 }

    func value(_ literal: Int) -> ArraySlice<UInt8> { values[starts[literal]..<starts[literal + 1]] }

    /// Adds a literal of at least ``shortest`` bytes.
    /// - Returns: false if there is no room, or too many alike.
    mutating func add(_ value: [UInt8]) -> Bool {
        guard count < Self.capacity else { return false }
        var text: [UInt8] = []
        var entries: [(hash: UInt64, entry: UInt32)] = []
        entries.reserveCapacity(40)
        for form in LiteralForm.allCases {
            let isForm = unsafe value.withUnsafeBufferPointer { unsafe form.write($0, into: &text) }
            guard isForm, text.count >= Self.shortest else { continue }
            longest = max(longest, text.count)
            guard enter(text, form, &entries) else { return false }
        }
        reserve(entries.count)
        for (hash, entry) in entries { insert(hash, entry) }
        values += value
        starts.append(values.count)
        return true
    }

    /// Chooses which eight bytes of a form are entered, the first, the last or the middle ones, so that few others share
    /// them: tokens of a kind begin alike.
    private func enter(
        _ text: [UInt8], _ form: LiteralForm, _ entries: inout [(hash: UInt64, entry: UInt32)]
    ) -> Bool {
        for choice in 0..<UInt32(3) {
            let first = Self.first(choice, length: text.count)
            let before = entries.count
            var isCrowded = false
            for offset in 0..<Self.step {
                let hash = unsafe text.withUnsafeBufferPointer { text in
                    unsafe self.hash(Self.load(text, first + offset))
                }
                isCrowded = isCrowded || chain(hash) >= Self.longestChain
                let entry =
                    Self.tag(hash) << 25 | UInt32(count + 1) << 8 | form.rawValue << 4 | choice << 2 | UInt32(offset)
                entries.append((hash, entry))
            }
            if !isCrowded { return true }
            entries.removeSubrange(before...)
        }
        return false
    }

    private static func first(_ choice: UInt32, length: Int) -> Int {
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
                    let bit = Int(truncatingIfNeeded: hash >> shift)
                    if unsafe filter[bit >> 6] & (1 << UInt64(bit & 63)) != 0 {
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
        let tag = Self.tag(hash)
        while table[slot] != 0 {
            let entry = table[slot]
            slot = (slot + 1) & (table.count - 1)
            guard entry >> 25 == tag, let form = LiteralForm(rawValue: entry >> 4 & 15) else { continue }
            let literal = Int(entry >> 8 & 0x1FFFF) - 1
            guard write(form, literal, into: &text), text.count >= Self.shortest else { continue }
            let start = place - Int(entry & 3) - Self.first(entry >> 2 & 3, length: text.count)
            guard start >= 0, start + text.count <= bytes.count,
                unsafe Self.stands(text, at: start, in: bytes, isCaseless: form.isCaseless)
            else { continue }
            let end = start + text.count
            if let known = best, (known.start, -known.end) <= (start, -end) { continue }
            best = Match(start: start, end: end, literal: literal, form: form)
        }
        return best
    }

    @discardableResult
    private func write(_ form: LiteralForm, _ literal: Int, into text: inout [UInt8]) -> Bool {
        unsafe values.withUnsafeBufferPointer { values in
            let value = unsafe UnsafeBufferPointer(rebasing: values[starts[literal]..<starts[literal + 1]])
            return unsafe form.write(value, into: &text)
        }
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

    private var filterShift: UInt64 { UInt64(64 - (filter.count * 64).trailingZeroBitCount) }

    private static func load(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt64 {
        var run: UInt64 = 0
        for offset in 0..<5 { unsafe run |= UInt64(bytes[place + offset]) << UInt64(offset * 8) }
        return run
    }

    /// The hash of the low five bytes of `run`, letters in either case.
    @inline(__always)
    private func hash(_ run: UInt64) -> UInt64 {
        let product = ((run | 0x20_2020_2020) & Self.runMask) &* factor
        return product ^ (product >> 29)
    }

    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash & 127) }

    private func slot(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - table.count.trailingZeroBitCount))
    }

    private func chain(_ hash: UInt64) -> Int {
        var slot = slot(hash)
        var length = 0
        let tag = Self.tag(hash)
        while table[slot] != 0, length < 4 * Self.longestChain {
            if table[slot] >> 25 == tag { length += 1 }
            slot = (slot + 1) & (table.count - 1)
        }
        return length
    }

    private mutating func reserve(_ more: Int) {
        guard (used + more) * 5 > table.count * 4 else { return }
        let old = table
        table = [UInt32](repeating: 0, count: table.count * 4)
        filter = [UInt64](repeating: 0, count: table.count / 8)
        used = 0
        var text: [UInt8] = []
        for entry in old where entry != 0 {
            guard let form = LiteralForm(rawValue: entry >> 4 & 15) else { continue }
            let literal = Int(entry >> 8 & 0x1FFFF) - 1
            write(form, literal, into: &text)
            let place = Self.first(entry >> 2 & 3, length: text.count) + Int(entry & 3)
            let hash = unsafe text.withUnsafeBufferPointer { text in unsafe self.hash(Self.load(text, place)) }
            insert(hash, entry)
        }
    }

    private mutating func insert(_ hash: UInt64, _ entry: UInt32) {
        var slot = slot(hash)
        while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
        table[slot] = entry
        used += 1
        let bit = Int(truncatingIfNeeded: hash >> filterShift)
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
}
