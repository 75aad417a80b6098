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
            var captures: [ArraySlice<UInt8>] = []
            guard Self.match(pattern.literals, bytes, &captures) else { continue }
            var values: [String: String] = [:]
            for (hole, capture) in zip(pattern.holes, captures) {
                let value = String(decoding: capture, as: UTF8.self)
                values[hole] = translation(of: value, depth: depth + 1) ?? value
            }
            return Self.filled(pattern.target, values)
        }
        return nil
    }

    /// Matches literal parts with something, as little as will do, between them.
    private static func match(
        _ literals: [[UInt8]], _ bytes: ArraySlice<UInt8>, _ captures: inout [ArraySlice<UInt8>]
    ) -> Bool {
        guard let first = literals.first, starts(bytes, with: first) else { return false }
        var position = bytes.startIndex + first.count
        for (index, literal) in literals.enumerated().dropFirst() {
            let isLast = index == literals.count - 1
            let begin = position
            guard begin < bytes.endIndex else { return false }
            if isLast {
                // The rest, up to the last literal part at the very end.
                let end = bytes.endIndex - literal.count
                guard end > begin, bytes[end...].elementsEqual(literal) else { return false }
                captures.append(bytes[begin..<end])
                return true
            }
            guard let found = find(literal, in: bytes[(begin + 1)...]) else { return false }
            captures.append(bytes[begin..<found])
            position = found + literal.count
        }
        return position == bytes.endIndex
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
