/// A regular expression of the small dialect that schemas use, matched in linear time whatever the input.
///
/// Supported (a part of ECMA-262, JSON Schema 2020-12 section 6.3.3): literals, `.`, classes with ranges and negation,
/// `\d \w \s` and their opposites, escaped punctuation, `\uXXXX`, `* + ? {n} {n,} {n,m}`, groups, alternation, `^`
/// and `$`. As JSON Schema has it, a pattern may match anywhere in the text unless it is anchored. All else is an error.
public struct Pattern: Sendable {
    enum Step: Sendable {
        case one(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case atStart
        case atEnd
        case matched
    }

    let steps: [Step]

    /// - Throws: `DocumentError` with `unsupported`, the column being the place in the pattern.
    public init(_ text: String, document: String = "pattern") throws(DocumentError) {
        var parser = PatternParser(Array(text.unicodeScalars), document: document)
        let tree = try parser.pattern()
        var program = PatternProgram(document: document)
        try program.append(tree)
        steps = program.steps + [.matched]
    }

    /// Whether the pattern occurs in the text: all threads of the program walk over it together.
    public func occurs(in text: String) -> Bool {
        var current = ThreadSet(capacity: steps.count)
        var next = ThreadSet(capacity: steps.count)
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while true {
            let atStart = index == scalars.startIndex
            let atEnd = index == scalars.endIndex
            if add(0, to: &current, atStart: atStart, atEnd: atEnd) { return true }
            if atEnd { return false }
            let scalar = scalars[index]
            scalars.formIndex(after: &index)
            next.removeAll()
            for place in current.members {
                guard case .one(let set) = steps[place], set.contains(scalar) else { continue }
                if add(place + 1, to: &next, atStart: false, atEnd: index == scalars.endIndex) { return true }
            }
            swap(&current, &next)
        }
    }

    /// Follows all steps that take no character; true when the program has matched.
    private func add(_ start: Int, to threads: inout ThreadSet, atStart: Bool, atEnd: Bool) -> Bool {
        var open = [start]
        while let place = open.popLast() {
            guard threads.insert(place) else { continue }
            switch steps[place] {
            case .matched: return true
            case .one: continue
            case .jump(let target): open.append(target)
            case .split(let first, let second):
                open.append(second)
                open.append(first)
            case .atStart: if atStart { open.append(place + 1) }
            case .atEnd: if atEnd { open.append(place + 1) }
            }
        }
        return false
    }
}

/// A set of places in a program that empties without touching each.
private struct ThreadSet {
    private var dense: [Int] = []
    private var seen: [Bool]

    init(capacity: Int) { seen = Array(repeating: false, count: capacity) }

    var members: [Int] { dense }

    mutating func insert(_ place: Int) -> Bool {
        guard !seen[place] else { return false }
        seen[place] = true
        dense.append(place)
        return true
    }

    mutating func removeAll() {
        for place in dense { seen[place] = false }
        dense.removeAll(keepingCapacity: true)
    }
}

/// A class of characters.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var negated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar) } != negated
    }

    static let any = ScalarSet(ranges: ["\n"..."\n", "\r"..."\r", "\u{2028}"..."\u{2029}"], negated: true)
    static let digits: [ClosedRange<Unicode.Scalar>] = ["0"..."9"]
    static let word: [ClosedRange<Unicode.Scalar>] = ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"]
    static let space: [ClosedRange<Unicode.Scalar>] = [
        "\t"..."\r", " "..." ", "\u{A0}"..."\u{A0}", "\u{1680}"..."\u{1680}", "\u{2000}"..."\u{200A}",
        "\u{2028}"..."\u{2029}", "\u{202F}"..."\u{202F}", "\u{205F}"..."\u{205F}", "\u{3000}"..."\u{3000}",
        "\u{FEFF}"..."\u{FEFF}",
    ]
}
