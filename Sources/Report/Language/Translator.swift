/// Puts sentences that the program wrote in English into another language.
///
/// The English text, with `{holes}` for names and numbers, is what identifies a sentence, as in gettext: so any bundle
/// can be shown in any language, also one that was written before there was a translation. What fills the holes is
/// taken over as it is, or translated where it is such a sentence itself.
struct Translator: Sendable {
    private struct Pattern: Sendable {
        /// The literal parts; between two of them, and only there, is a hole.
        let literals: [[UInt8]]
        let holes: [String]
        let target: String
        let weight: Int
    }

    /// By the first bytes of the first literal part.
    private var byStart: [[UInt8]: [Pattern]] = [:]
    /// Those that begin with a hole, or with a very short literal part.
    private var others: [Pattern] = []
    private static let startLength = 6
    private static let maximumText = 4_000
    private static let maximumDepth = 3

    init(from source: [String: String], to target: [String: String]) {
        for (key, text) in source {
            guard let translated = target[key] else { continue }
            let (literals, holes) = Self.parts(of: text)
            let pattern = Pattern(
                literals: literals.map { Array($0.utf8) }, holes: holes, target: translated,
                weight: literals.reduce(0) { $0 + $1.utf8.count })
            if let first = pattern.literals.first, first.count >= Self.startLength {
                byStart[Self.start(of: first[...]), default: []].append(pattern)
            } else {
                others.append(pattern)
            }
        }
        // The one that says most itself is the right one.
        others.sort { $0.weight > $1.weight }
        for key in byStart.keys { byStart[key]?.sort { $0.weight > $1.weight } }
    }

    /// The translation, or nil. A capital at the beginning and a full stop at the end make no difference.
    func translation(of text: String) -> String? { translation(of: text, depth: 0) }

    private func translation(of text: String, depth: Int) -> String? {
        guard depth < Self.maximumDepth, !text.isEmpty, text.utf8.count <= Self.maximumText else { return nil }
        var bytes = Array(text.utf8)[...]
        if let exact = matched(bytes, depth) { return exact }
        guard bytes.last == UInt8(ascii: ".") else { return nil }
        bytes.removeLast()
        return matched(bytes, depth).map { $0 + "。" }
    }

    private func matched(_ bytes: ArraySlice<UInt8>, _ depth: Int) -> String? {
        let candidates = (byStart[Self.start(of: bytes)] ?? []) + others
        for pattern in candidates {
            let readings = Self.readings(pattern.literals, bytes)
            guard let first = readings.first else { continue }
            var best = (values: values(pattern, first, depth), count: 0)
            best.count = best.values.count { $0.value.isTranslated }
            for reading in readings.dropFirst() {
                let other = values(pattern, reading, depth)
                let count = other.count { $0.value.isTranslated }
                if count > best.count { best = (other, count) }
            }
            return Self.filled(pattern.target, best.values.mapValues(\.text))
        }
        return nil
    }

    private func values(
        _ pattern: Pattern, _ reading: [ArraySlice<UInt8>], _ depth: Int
    ) -> [String: (text: String, isTranslated: Bool)] {
        var values: [String: (text: String, isTranslated: Bool)] = [:]
        for (hole, capture) in zip(pattern.holes, reading) {
            let text = String(decoding: capture, as: UTF8.self)
            let translated = translation(of: text, depth: depth + 1)
            values[hole] = (translated ?? text, translated != nil)
        }
        return values
    }

    /// What the holes may stand for, shortest first: `x and y and z` can be read as `{a} and {b}` in two ways.
    private static func readings(_ literals: [[UInt8]], _ bytes: ArraySlice<UInt8>) -> [[ArraySlice<UInt8>]] {
        guard let first = literals.first, starts(bytes, with: first) else { return [] }
        var found: [[ArraySlice<UInt8>]] = []
        read(literals.dropFirst(), bytes.dropFirst(first.count), [], &found)
        return found
    }

    private static let maximumReadings = 6

    private static func read(
        _ literals: ArraySlice<[UInt8]>, _ bytes: ArraySlice<UInt8>, _ before: [ArraySlice<UInt8>],
        _ found: inout [[ArraySlice<UInt8>]]
    ) {
        guard let literal = literals.first else {
            if bytes.isEmpty { found.append(before) }
            return
        }
        guard let begin = bytes.indices.first else { return }
        if literals.count == 1 {
            // The rest, up to the last literal part at the very end.
            let end = bytes.endIndex - literal.count
            if end > begin, bytes[end...].elementsEqual(literal) { found.append(before + [bytes[begin..<end]]) }
            return
        }
        var start = begin + 1
        // Bounded, since a text may hold the same words many times.
        for _ in 0..<maximumReadings where found.count < maximumReadings {
            guard let place = find(literal, in: bytes[start...]) else { return }
            read(literals.dropFirst(), bytes[(place + literal.count)...], before + [bytes[begin..<place]], &found)
            start = place + 1
        }
    }

    private static func find(_ literal: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = literal.first else { return bytes.startIndex }
        var rest = bytes
        while let index = rest.firstIndex(of: first) {
            rest = rest[index...]
            if rest.starts(with: literal) { return index }
            rest.removeFirst()
        }
        return nil
    }

    /// Sentences begin with a capital where the same words within one do not.
    private static func starts(_ bytes: ArraySlice<UInt8>, with literal: [UInt8]) -> Bool {
        guard let first = literal.first else { return true }
        guard let own = bytes.first, lower(own) == lower(first) else { return false }
        return bytes.dropFirst().starts(with: literal.dropFirst())
    }

    private static func start(of bytes: ArraySlice<UInt8>) -> [UInt8] { bytes.prefix(startLength).map(lower) }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    // MARK: Texts with holes

    /// `a {x} b` is `a `, ` b` and `x`.
    static func parts(of text: String) -> (literals: [String], holes: [String]) {
        var literals = [""]
        var holes: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
                literals[literals.count - 1] += rest[...open]
                rest = rest[rest.index(after: open)...]
                continue
            }
            literals[literals.count - 1] += rest[..<open]
            holes.append(String(name))
            literals.append("")
            rest = rest[rest.index(after: close)...]
        }
        literals[literals.count - 1] += rest
        return (literals, holes)
    }

    static func filled(_ text: String, _ values: [String: String]) -> String {
        guard !values.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else { return text }
        let (literals, holes) = parts(of: text)
        var filled = literals.first ?? ""
        for (hole, literal) in zip(holes, literals.dropFirst()) { filled += (values[hole] ?? "{\(hole)}") + literal }
        return filled
    }
}
