internal import Glibc

/// Many literals looked for at once, in every form: a filter over the first eight bytes, the lengths of the forms that
/// begin so, a table by the hash of the whole form, then the bytes themselves. Cost per byte of text doesn't grow with
/// their number, also where all begin alike, as the tokens of one issuer do.
struct LiteralIndex {
    /// Forms shorter than this are few and in a dictionary of their own.
    private static let window = 8
    /// No literals at all.
    static let none = LiteralIndex(secrets: [])

    private struct Slot {
        var offset: UInt32
        /// 0: the slot is free.
        var count: UInt32
    }

    /// All long forms one behind the other.
    private var bytes: [UInt8] = []
    /// The lengths of the forms with the same first eight bytes, in order.
    private var lengths: [UInt64: [Int]] = [:]
    /// Open addressing, by the hash of the whole form.
    private var slots: [Slot] = []
    private var slotBits = 0
    /// A bit for each hash of first eight bytes, a sixteenth of them set at most.
    private var filter: [UInt64] = []
    private var filterBits = 0
    private var short: [UInt32: [[UInt8]]] = [:]

    /// The anchors of all detectors, and the literals' among them.
    private(set) var anchors = LeakAnchors.table
    /// True where there are so many that the anchors are no filter any more.
    private(set) var isLarge = false
    private(set) var isEmpty = true

    init(secrets: [[UInt8]]) {
        var forms: [[UInt8]] = []
        var total = 0
        for secret in secrets {
            for form in LiteralForms.all(of: secret) {
                isEmpty = false
                if form.count < Self.window {
                    anchors[LeakAnchors.slot(LeakAnchors.head(form))] |= LeakAnchors.literal
                    short[LeakAnchors.head(form), default: []].append(form)
                } else {
                    forms.append(form)
                    total += form.count
                }
            }
        }
        guard !forms.isEmpty else { return }
        isLarge = forms.count > 2_000
        bytes.reserveCapacity(total)
        slotBits = max(4, Self.bits(forms.count * 2))
        filterBits = max(16, Self.bits(forms.count * 16))
        slots = [Slot](repeating: Slot(offset: 0, count: 0), count: 1 << slotBits)
        filter = [UInt64](repeating: 0, count: 1 << (filterBits - 6))
        for form in forms { add(form) }
    }

    private mutating func add(_ form: [UInt8]) {
        let whole = form.reduce(Self.seed, Self.mix)
        var slot = Int(whole >> UInt64(64 - slotBits))
        while slots[slot].count > 0 {
            let known = slots[slot]
            if Int(known.count) == form.count,
                bytes[Int(known.offset)..<(Int(known.offset) + form.count)].elementsEqual(form)
            {
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Slot(offset: UInt32(bytes.count), count: UInt32(form.count))
        bytes += form
        let head = form.prefix(Self.window).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let known = lengths[head, default: []]
        if !known.contains(form.count) { lengths[head] = (known + [form.count]).sorted() }
        let bit = Int(Self.hash(head) >> UInt64(64 - filterBits))
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
        if !isLarge { anchors[LeakAnchors.slot(LeakAnchors.head(form))] |= LeakAnchors.literal }
    }

    /// Whether a literal stands at `index`. The text must go on for eight bytes behind its end, whatever they are.
    func hits(_ text: UnsafePointer<UInt8>, at index: Int, count: Int) -> Bool {
        if !short.isEmpty {
            let head = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt32.self)
            if let forms = short[head | LeakAnchors.fold], forms.contains(where: { unsafe has($0, text, index, count) })
            {
                return true
            }
        }
        guard !slots.isEmpty else { return false }
        let head = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let bit = Int(Self.hash(head) >> UInt64(64 - filterBits))
        guard filter[bit >> 6] & (1 << UInt64(bit & 63)) != 0, let lengths = lengths[head] else { return false }
        var hash = Self.seed
        var end = index
        for length in lengths where index + length <= count {
            while end < index + length {
                hash = Self.mix(hash, unsafe text[end])
                end += 1
            }
            if unsafe isForm(text + index, length, hash) { return true }
        }
        return false
    }

    private func isForm(_ text: UnsafePointer<UInt8>, _ count: Int, _ hash: UInt64) -> Bool {
        var slot = Int(hash >> UInt64(64 - slotBits))
        while slots[slot].count > 0 {
            let form = slots[slot]
            let isEqual = unsafe bytes.withUnsafeBufferPointer { all in
                guard Int(form.count) == count, let base = all.baseAddress else { return false }
                return unsafe memcmp(base + Int(form.offset), text, count) == 0
            }
            if isEqual { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    /// The first place from `start` up to `end` where a detector or a literal asks for a look, or `end`. The text must
    /// go on for eight bytes behind `end`.
    func find(in text: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        unsafe anchors.withUnsafeBufferPointer { anchors in
            guard let table = anchors.baseAddress else { return end }
            guard isLarge else { return unsafe LeakAnchors.find(in: text, from: start, to: end, table: table) }
            return unsafe findAny(in: text, from: start, to: end, table: table)
        }
    }

    /// For many literals: both tables are asked at each place.
    private func findAny(
        in text: UnsafePointer<UInt8>, from start: Int, to end: Int, table: UnsafePointer<UInt8>
    ) -> Int {
        let raw = unsafe UnsafeRawPointer(text)
        let shift = UInt64(64 - filterBits)
        return unsafe filter.withUnsafeBufferPointer { filter in
            var index = start
            while index < end {
                let bytes = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let bit = Int(Self.hash(bytes) >> shift)
                let head = UInt32(truncatingIfNeeded: bytes) | LeakAnchors.fold
                if unsafe filter[bit >> 6] >> UInt64(bit & 63) & 1 != 0 || table[LeakAnchors.slot(head)] != 0 {
                    return index
                }
                index += 1
            }
            return end
        }
    }

    /// Which detectors ask for a look at `index`.
    func flags(_ text: UnsafePointer<UInt8>, at index: Int) -> UInt8 {
        let head = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt32.self)
        return anchors[LeakAnchors.slot(head | LeakAnchors.fold)] | (isLarge ? LeakAnchors.literal : 0)
    }

    func contains(_ text: [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        let padded = text + [UInt8](repeating: 0, count: Self.window)
        return unsafe padded.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return text.indices.contains { unsafe hits(base, at: $0, count: text.count) }
        }
    }

    private func has(_ form: [UInt8], _ text: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> Bool {
        guard index + form.count <= count else { return false }
        return unsafe memcmp(form, text + index, form.count) == 0
    }

    /// FNV-1a, stirred so that its high bits depend on all bytes.
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
    private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        let next = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        return next ^ next >> 29
    }

    private static func hash(_ head: UInt64) -> UInt64 { head &* 0x9E37_79B9_7F4A_7C15 }

    /// The number of bits of the next power of two.
    private static func bits(_ count: Int) -> Int { Int.bitWidth - max(0, count - 1).leadingZeroBitCount }
}
