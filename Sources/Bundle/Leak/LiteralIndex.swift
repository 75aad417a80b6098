internal import Glibc

/// Many literals looked for at once, in every form: a filter over the first bytes, then a table by the hash of the
/// first bytes that tells which form of which literal may stand there, then the form itself, written again.
///
/// The filter knows the seven bytes that begin a form and the seven from its second one on. So it is asked at every
/// other place of a text only, and no form slips through.
///
/// So a form takes about twenty bytes, however long it is. Cost per byte of text doesn't grow with their number, also
/// where all begin alike, as the tokens of one issuer do: forms with the same first bytes are told apart by more of them.
struct LiteralIndex {
    /// So many bytes of a form are hashed.
    private static let window = 7
    /// Forms shorter than this are few and in a dictionary of their own.
    private static let longEnough = window + 1
    /// So many forms may have the same first bytes before more of them are looked at.
    private static let alike = 4
    /// No literals at all.
    static let none = LiteralIndex(secrets: [])

    /// What a slot of the table says, beside the bits of its hash.
    private enum Entry {
        /// A form of a piece.
        static func form(_ piece: Int, _ form: LiteralForm) -> UInt32 {
            UInt32(piece + 1) << 5 | UInt32(form.rawValue)
        }
        /// More bytes tell: so many.
        static let deeper: UInt32 = 1 << 31
    }

    /// All pieces one behind the other, and where each ends.
    private var bytes: [UInt8] = []
    private var starts: [UInt32] = [0]
    /// Whether a piece is not the whole secret.
    private var isPart: [Bool] = []
    /// Open addressing: the upper half of the hash of a form's first bytes, and an ``Entry``. 0 is free.
    private var slots: [UInt64] = []
    /// Two bits of one word for each hash of first bytes, and of the bytes one place on.
    private var filter: [UInt64] = []
    private var filterBits = 0
    private var short: [UInt32: [[UInt8]]] = [:]

    /// The anchors of all detectors, and the literals' among them.
    private(set) var anchors = LeakAnchors.table
    /// True where there are so many that the anchors are no filter any more.
    private(set) var isLarge = false
    private(set) var isEmpty = true

    init(secrets: [[UInt8]]) {
        var entries: [(hash: UInt64, entry: UInt32)] = []
        var scratch: [UInt8] = []
        for secret in secrets {
            for piece in LiteralPieces.of(secret) where starts.count < 1 << 26 {
                let number = starts.count - 1
                bytes += piece
                starts.append(UInt32(bytes.count))
                isPart.append(piece.count < secret.count)
                LiteralPieces.forEachForm(of: piece, scratch: &scratch) { form, text in
                    if text.count >= Self.longEnough {
                        entries.append((Self.hash(text[...], Self.window), Entry.form(number, form)))
                    } else if text.count >= LiteralPieces.minBytes {
                        anchors[LeakAnchors.slot(LeakAnchors.head(text))] |= LeakAnchors.literal
                        short[LeakAnchors.head(text), default: []].append(text)
                    }
                }
            }
        }
        isEmpty = entries.isEmpty && short.isEmpty
        guard !entries.isEmpty else { return }
        isLarge = entries.count > 2_000
        // Four entries a word or fewer: 1.5 % of other places pass.
        filterBits = max(10, Self.bits(entries.count / 2))
        slots = [UInt64](repeating: 0, count: entries.count * 3 / 2 + 16)
        filter = [UInt64](repeating: 0, count: 1 << filterBits)
        for (hash, entry) in entries {
            mark(hash)
            write(entry, to: &scratch)
            if isLarge {
                mark(Self.hash(scratch[1...], Self.window))
            } else {
                anchors[LeakAnchors.slot(LeakAnchors.head(scratch))] |= LeakAnchors.literal
            }
        }
        enter(&entries, depth: Self.window)
    }

    /// Enters forms by the hashes of their first `depth` bytes.
    private mutating func enter(_ entries: inout [(hash: UInt64, entry: UInt32)], depth: Int) {
        entries.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.entry < $1.entry }
        var start = 0
        while start < entries.count {
            let hash = entries[start].hash
            let end = entries[start...].firstIndex { $0.hash != hash } ?? entries.count
            if end - start <= Self.alike {
                for index in start..<end { put(hash, entries[index].entry) }
            } else {
                enterAlike(entries[start..<end].map(\.entry), hash, depth)
            }
            start = end
        }
    }

    /// Enters forms that are the same in their first `depth` bytes.
    private mutating func enterAlike(_ entries: [UInt32], _ hash: UInt64, _ depth: Int) {
        var scratch: [UInt8] = []
        var longer: [UInt32] = []
        var next = Int.max
        var hasWhole = false
        for entry in entries {
            write(entry, to: &scratch)
            if scratch.count > depth {
                longer.append(entry)
                next = min(next, scratch.count)
            } else if !hasWhole {
                // The others are the same to the last byte.
                hasWhole = true
                put(hash, entry)
            }
        }
        guard !longer.isEmpty else { return }
        next = min(next, depth + 16)
        put(hash, Entry.deeper | UInt32(next))
        var deeper = longer.map { entry in
            write(entry, to: &scratch)
            return (hash: Self.hash(scratch[...], next), entry: entry)
        }
        enter(&deeper, depth: next)
    }

    private mutating func mark(_ hash: UInt64) {
        filter[Int(hash >> UInt64(64 - filterBits))] |= Self.mask(hash)
    }

    private mutating func put(_ hash: UInt64, _ entry: UInt32) {
        var slot = slot(hash)
        while slots[slot] != 0 { slot = slot + 1 == slots.count ? 0 : slot + 1 }
        slots[slot] = hash << 32 | UInt64(entry)
    }

    private func slot(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(slots.count)).high)
    }

    private func write(_ entry: UInt32, to out: inout [UInt8]) {
        let piece = Int(entry >> 5) - 1
        LiteralForm(rawValue: UInt8(entry & 31))?.write(
            bytes[Int(starts[piece])..<Int(starts[piece + 1])], to: &out)
    }

    /// The literals alone.
    var withoutDetectors: LiteralIndex {
        var index = self
        index.anchors = anchors.map { $0 & LeakAnchors.literal }
        return index
    }

    // MARK: - Search

    /// What stands somewhere: how long it is, and whether it is only a part of a longer secret.
    typealias Hit = (length: Int, isPart: Bool)

    /// The literal that stands at `index`, if one does. The text must go on for eight bytes behind its end, whatever
    /// they are.
    func hit(_ text: UnsafePointer<UInt8>, at index: Int, count: Int) -> Hit? {
        if !short.isEmpty {
            let head = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt32.self)
            if let forms = short[head | LeakAnchors.fold],
                let form = forms.first(where: { unsafe has($0, text, index, count) })
            {
                return (form.count, false)
            }
        }
        guard !slots.isEmpty, index + Self.longEnough <= count else { return nil }
        let head = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        var hash = Self.hash(head)
        let mask = Self.mask(hash)
        guard filter[Int(hash >> UInt64(64 - filterBits))] & mask == mask else { return nil }
        var depth = Self.window
        while true {
            var next = 0
            var slot = slot(hash)
            while slots[slot] != 0 {
                let (tag, entry) = (slots[slot] >> 32, UInt32(truncatingIfNeeded: slots[slot]))
                slot = slot + 1 == slots.count ? 0 : slot + 1
                guard tag == hash & 0xFFFF_FFFF else { continue }
                if entry & Entry.deeper != 0 {
                    next = Int(entry & ~Entry.deeper)
                } else if let hit = unsafe hit(entry, text, index, count) {
                    return hit
                }
            }
            guard next > depth, index + next <= count else { return nil }
            hash = unsafe Self.deepen(hash, text + index, depth, next)
            depth = next
        }
    }

    private func hit(_ entry: UInt32, _ text: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> Hit? {
        var form: [UInt8] = []
        write(entry, to: &form)
        return unsafe has(form, text, index, count) ? (form.count, isPart[Int(entry >> 5) - 1]) : nil
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

    /// For many literals: the anchors are asked at each place, the filter at every other one. What passes there may begin
    /// there or one place before.
    private func findAny(
        in text: UnsafePointer<UInt8>, from start: Int, to end: Int, table: UnsafePointer<UInt8>
    ) -> Int {
        let raw = unsafe UnsafeRawPointer(text)
        let shift = UInt64(64 - filterBits)
        return unsafe filter.withUnsafeBufferPointer { filter in
            guard let filter = filter.baseAddress else { return end }
            func passes(_ head: UInt64) -> Bool {
                let hash = Self.hash(head)
                let mask = Self.mask(hash)
                return unsafe filter[Int(truncatingIfNeeded: hash >> shift)] & mask == mask
            }
            var index = start
            while index < end {
                // Four places at a time from an odd one on: two even ones answer for all of them.
                while index & 1 == 1, index + 4 <= end {
                    let bytes = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    let next = unsafe raw.loadUnaligned(fromByteOffset: index + 3, as: UInt64.self)
                    if unsafe LeakAnchors.fires(bytes, table) || passes(bytes >> 8) || passes(next) { break }
                    index += 4
                }
                guard index < end else { break }
                let head = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt32.self)
                if unsafe table[LeakAnchors.slot(head | LeakAnchors.fold)] != 0 { return index }
                let even = (index + 1) & ~1
                if passes(unsafe raw.loadUnaligned(fromByteOffset: even, as: UInt64.self)) { return index }
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
            return text.indices.contains { unsafe hit(base, at: $0, count: text.count) != nil }
        }
    }

    private func has(_ form: [UInt8], _ text: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> Bool {
        guard index + form.count <= count else { return false }
        return unsafe memcmp(form, text + index, form.count) == 0
    }

    // MARK: - Hashes

    /// Of the first seven bytes of eight.
    private static func hash(_ head: UInt64) -> UInt64 {
        let head = head << 8
        let mixed = (head ^ head >> 29) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 32
    }

    /// Of the first `depth` bytes.
    private static func hash(_ form: ArraySlice<UInt8>, _ depth: Int) -> UInt64 {
        let head = form.prefix(window).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return unsafe form.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe deepen(hash(head), base, window, depth)
        }
    }

    /// The hash of more bytes from that of the first ones.
    private static func deepen(_ hash: UInt64, _ text: UnsafePointer<UInt8>, _ from: Int, _ to: Int) -> UInt64 {
        var hash = hash
        for index in from..<to {
            hash = unsafe (hash ^ UInt64(text[index])) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
        }
        return hash
    }

    /// Two bits of a word of the filter, of bits that don't choose the word.
    private static func mask(_ hash: UInt64) -> UInt64 {
        1 << (hash & 63) | 1 << (hash >> 6 & 63)
    }

    /// The number of bits of the next power of two.
    private static func bits(_ count: Int) -> Int { Int.bitWidth - max(0, count - 1).leadingZeroBitCount }
}
