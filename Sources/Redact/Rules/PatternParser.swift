/// Reads a pattern: literal characters, sets (`[A-Za-z0-9_-]`, `\d`, `\w`, `\x`), counts (`{n}`, `{n,m}`, `?`, `+`,
/// `*`) and at most one group `( )` that marks the secret within the match.
///
/// What a backtracking engine would need is refused: alternatives, nested groups, and a part of variable length that
/// could take what the next part needs.
struct PatternParser {
    /// Why a pattern is refused, in words for its writer.
    struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    static let longest = 16_384

    private let text: [UInt8]
    private var index = 0
    private var parts: [Pattern.Part] = []
    private var group: (start: Int, end: Int?)?

    private init(_ text: String) {
        self.text = Array(text.utf8)
    }

    /// - Parameter isKeyed: another literal wakes the pattern, so it needs none of its own.
    static func parse(_ text: String, isKeyed: Bool = false) throws(Problem) -> Pattern {
        var parser = PatternParser(text)
        try parser.readParts()
        return try parser.pattern(isKeyed: isKeyed)
    }

    private mutating func readParts() throws(Problem) {
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "("):
                guard group == nil else { throw Problem("a second '('") }
                group = (parts.count, nil)
                continue
            case UInt8(ascii: ")"):
                guard let open = group, open.end == nil else { throw Problem("a ')' without '('") }
                group = (open.start, parts.count)
                continue
            case UInt8(ascii: "|"): throw Problem("'|' is not known here; write two patterns")
            case UInt8(ascii: "^"), UInt8(ascii: "$"): throw Problem("write '\\' before a literal '^' or '$'")
            case .dot: throw Problem("'.' alone is not known here; write '\\.' for a dot, or a set")
            case UInt8(ascii: "{"), UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "]"):
                throw Problem("nothing stands before '\(Character(Unicode.Scalar(byte)))'")
            default: break
            }
            let set = try set(startingWith: byte)
            let count = try count()
            // A fixed count of one set is one part; literal characters stay apart, so that they can wake the pattern.
            parts.append(Pattern.Part(set: set, count: count))
            guard parts.count <= 256 else { throw Problem("longer than 256 parts") }
        }
        if let group, group.end == nil { throw Problem("a '(' without ')'") }
    }

    private mutating func set(startingWith byte: UInt8) throws(Problem) -> ByteSet {
        var set = ByteSet()
        if byte == .backslash {
            try escaped(into: &set)
            return set
        }
        guard byte == UInt8(ascii: "[") else {
            guard byte >= 0x20, byte != 0x7F else { throw Problem("a control character") }
            set.insert(byte)
            return set
        }
        while index < text.count, text[index] != UInt8(ascii: "]") {
            let low = text[index]
            index += 1
            if low == .backslash {
                try escaped(into: &set)
            } else if index + 1 < text.count, text[index] == .dash, text[index + 1] != UInt8(ascii: "]") {
                let high = text[index + 1]
                index += 2
                guard low <= high, low.isAlphanumeric, high.isAlphanumeric else {
                    throw Problem("a range that is none")
                }
                for byte in low...high { set.insert(byte) }
            } else {
                set.insert(low)
            }
        }
        guard index < text.count else { throw Problem("a '[' without ']'") }
        index += 1
        guard set != ByteSet() else { throw Problem("an empty set") }
        return set
    }

    private mutating func escaped(into set: inout ByteSet) throws(Problem) {
        guard index < text.count else { throw Problem("a '\\' at the end") }
        let byte = text[index]
        index += 1
        for candidate in UInt8.min...UInt8.max {
            let isIn =
                switch byte {
                case UInt8(ascii: "d"): candidate.isDigit
                case UInt8(ascii: "w"): candidate.isWord
                case UInt8(ascii: "x"): candidate.isHex
                default: candidate == byte
                }
            if isIn { set.insert(candidate) }
        }
        guard !byte.isAlphanumeric || byte.isOne(of: "dwx") else { throw Problem("an escape that is not known") }
    }

    private mutating func count() throws(Problem) -> ClosedRange<Int> {
        guard index < text.count else { return 1...1 }
        switch text[index] {
        case UInt8(ascii: "?"):
            index += 1
            return 0...1
        case UInt8(ascii: "+"):
            index += 1
            return 1...Self.longest
        case UInt8(ascii: "*"):
            index += 1
            return 0...Self.longest
        case UInt8(ascii: "{"):
            guard let close = text[index...].firstIndex(of: UInt8(ascii: "}")) else {
                throw Problem("a '{' without '}'")
            }
            let numbers = String(decoding: text[(index + 1)..<close], as: UTF8.self).split(
                separator: ",", omittingEmptySubsequences: false)
            index = close + 1
            guard let low = Int(numbers[0]), numbers.count <= 2 else { throw Problem("a count that is no number") }
            let high = numbers.count == 1 ? low : numbers[1].isEmpty ? Self.longest : Int(numbers[1]) ?? -1
            guard low >= 0, high >= max(low, 1), high <= Self.longest else {
                throw Problem("a count outside of 0 to \(Self.longest)")
            }
            return low...high
        default: return 1...1
        }
    }

    private func pattern(isKeyed: Bool) throws(Problem) -> Pattern {
        guard !parts.isEmpty else { throw Problem("an empty pattern") }
        var run = 0..<0
        var start = 0
        for index in 0...parts.count where !isKeyed {
            if index < parts.count, literal(index) != nil { continue }
            if index - start > run.count { run = start..<index }
            start = index + 1
        }
        let anchor = run.compactMap { literal($0) }
        if !isKeyed {
            guard anchor.count >= 3 || (anchor.count == 2 && anchor.contains { !$0.isName }) else {
                throw Problem("three literal characters in a row are needed to find it by")
            }
        }
        for index in parts.indices.dropLast() {
            // Read from the anchor outwards, so a part is followed by the next one away from the anchor.
            let (near, far) = index < run.lowerBound ? (index + 1, index) : (index, index + 1)
            guard !run.contains(near), parts[near].count.lowerBound < parts[near].count.upperBound else { continue }
            if parts[near].set.meets(parts[far].set) {
                throw Problem("part \(near + 1) may take what part \(far + 1) needs; give it a fixed count")
            }
        }
        let secret = group.map { $0.start..<($0.end ?? parts.count) } ?? 0..<parts.count
        guard !secret.isEmpty else { throw Problem("an empty group") }
        return Pattern(
            anchor: anchor, before: Array(parts[..<run.lowerBound]), after: Array(parts[run.upperBound...]),
            secret: secret)
    }

    /// The byte of a part that is a single literal.
    private func literal(_ index: Int) -> UInt8? {
        parts[index].count == 1...1 ? parts[index].set.only : nil
    }
}
