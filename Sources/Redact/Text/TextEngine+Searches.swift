/// What an engine looks for without anchors: learned literals, and payment card numbers.
extension TextEngine {
    /// Looks for learned literals that start before `end`.
    func findLiterals(upTo end: Int) {
        guard end > literalPosition else { return }
        let base = buffer.base
        let bytes = unsafe buffer.bytes(base..<buffer.end)
        queue.sort()
        var cursor = 0
        var found: [(range: Range<Int>, literal: LearnedLiteral)] = []
        var next = literalPosition
        // A literal may begin a little before the place it is recognised at; nothing of that is written yet.
        unsafe vault.forEachMatch(in: bytes, base: base, from: next - base, to: end - base) { match, literal in
            var (start, stop) = (match.start + base, match.end + base)
            next = stop
            if shield.contains(start) { return next - base }
            if match.isBase64 {
                // The neighbours in the encoded text hold bits of the secret.
                let low = max(base, start - 4_096)
                while start > low, unsafe bytes[start - 1 - base].isBase64 { start -= 1 }
                // The digits of an escape hold none.
                let behind = buffer.window(base, stop, isEnd: false).skipEscapeDigits(start)
                if behind <= match.start + base { start = behind }
                let high = min(buffer.end, stop + 4_096)
                while stop < high, unsafe bytes[stop - base].isBase64 || bytes[stop - base] == .equals { stop += 1 }
                next = stop
            }
            if !queue.covers(start..<stop, from: &cursor) { found.append((start..<stop, literal())) }
            return next - base
        }
        for (range, literal) in found { add(range, rule: literal.rule, value: literal.value) }
        literalPosition = max(next, end)
    }

    /// Looks for payment card numbers.
    ///
    /// A card's digits, in one run or in groups, are at least fourteen bytes: of those that stand seven apart, one begins
    /// eight bytes that are all digits, blanks or dashes.
    func findCards(upTo end: Int) {
        guard let rule = rules.cardRule else { return }
        let base = buffer.base
        let bytes = unsafe buffer.bytes(base..<buffer.end)
        var index = cardPosition - base
        let last = min(end - base, bytes.count - 7)
        while index < last {
            guard unsafe Self.isNumeric(bytes, index) else {
                index += 7
                continue
            }
            var first = index
            while first > 0, index - first < 24, unsafe Self.isNumeric(bytes[first - 1]) { first -= 1 }
            var after = index + 8
            while after < bytes.count, unsafe Self.isNumeric(bytes[after]) { after += 1 }
            if after - first >= 14 { inspectCards(first + base, after + base, rule) }
            index = max(index + 7, after)
        }
        cardPosition = max(cardPosition, index + base)
    }

    private func inspectCards(_ first: Int, _ after: Int, _ rule: Int) {
        var start = first
        while start <= after - 14 {
            let around = buffer.window(start - Self.overlap, start + Self.overlap, isEnd: true)
            guard around[start].isDigit, !around[start - 1].isDigit else {
                start += 1
                continue
            }
            let inspector = Inspector(rules: rules, window: around, format: format, depth: depth, names: names)
            if let card = inspector.card(start: start, rule: rule) {
                accept(card)
                start = card.end
            } else {
                start += 1
            }
        }
    }

    @inline(__always)
    private static func isNumeric(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard let start = bytes.baseAddress else { return false }
        let word = unsafe UnsafeRawPointer(start).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        // Blanks, dashes and digits are of 0x20 to 0x3F, as is other punctuation.
        guard word & 0xE0E0_E0E0_E0E0_E0E0 == 0x2020_2020_2020_2020 else { return false }
        // In each byte, the highest bit says that it is no digit (it is 0 to 9 without 0x30), no blank, and no dash.
        let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let noDigit = (word ^ 0x30 &* ones) &+ 0x76 &* ones
        let noBlank = (word ^ 0x20 &* ones) &+ 0x7F &* ones
        let noDash = (word ^ 0x2D &* ones) &+ 0x7F &* ones
        return noDigit & noBlank & noDash & high == 0
    }

    private static func isNumeric(_ byte: UInt8) -> Bool { byte.isDigit || byte == .space || byte == .dash }
}

/// The fingerprints of the last values, as the same secret often comes again.
struct CodeCache {
    private var slots: [(hash: UInt64, code: UInt64)] = []
    private let seed = UInt64.random(in: .min ... .max) | 1

    mutating func code(of value: [UInt8], by fingerprint: Fingerprint) -> UInt64 {
        let hash = Hashing.hash(value, seed: seed) | 1
        if slots.isEmpty { slots = [(hash: UInt64, code: UInt64)](repeating: (0, 0), count: 256) }
        let slot = Int(truncatingIfNeeded: hash >> 8) & 255
        if slots[slot].hash == hash { return slots[slot].code }
        let code = fingerprint.code(value)
        slots[slot] = (hash, code)
        return code
    }
}
