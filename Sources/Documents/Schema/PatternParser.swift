/// Reads the text of a `Pattern`.
struct PatternParser {
    private static let maxDepth = 32
    private static let maxRepeat = 256
    private let scalars: [Unicode.Scalar]
    private let document: String
    private var at = 0

    init(_ scalars: [Unicode.Scalar], document: String) {
        self.scalars = scalars
        self.document = document
    }

    mutating func pattern() throws(DocumentError) -> PatternTree {
        let tree = try choice(depth: 0)
        guard at == scalars.count else { throw error("an unopened group is closed") }
        return tree
    }

    private mutating func choice(depth: Int) throws(DocumentError) -> PatternTree {
        guard depth <= Self.maxDepth else { throw error("groups are nested too deep") }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence(depth: Int) throws(DocumentError) -> PatternTree {
        var parts: [PatternTree] = []
        while let next = peek(), next != "|", next != ")" {
            let part = try atom(depth: depth)
            parts.append(try repetition(of: part))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom(depth: Int) throws(DocumentError) -> PatternTree {
        guard let next = peek() else { return .empty }
        at += 1
        switch next {
        case "^": return .atStart
        case "$": return .atEnd
        case ".": return .one(.any)
        case "[": return .one(try characterClass())
        case "\\": return .one(ScalarSet(ranges: try escape()))
        case "(":
            if take("?"), !take(":") { throw error("this kind of group is not supported") }
            let group = try choice(depth: depth + 1)
            guard take(")") else { throw error("a group is not closed") }
            return group
        case "*", "+", "?", "{", "}", "]": throw error("\(next) needs a backslash here")
        default: return .one(ScalarSet(ranges: [next...next]))
        }
    }

    private mutating func repetition(of part: PatternTree) throws(DocumentError) -> PatternTree {
        var tree = part
        switch peek() {
        case "*": tree = .repeated(part, least: 0, most: nil)
        case "+": tree = .repeated(part, least: 1, most: nil)
        case "?": tree = .repeated(part, least: 0, most: 1)
        case "{":
            at += 1
            return try counted(part)
        default: return part
        }
        at += 1
        if let next = peek(), next == "?" || next == "*" || next == "+" || next == "{" {
            throw error("a repetition of a repetition is not supported")
        }
        return tree
    }

    private mutating func counted(_ part: PatternTree) throws(DocumentError) -> PatternTree {
        let least = try count()
        var most: Int? = least
        if take(",") { most = peek() == "}" ? nil : try count() }
        guard take("}"), least <= most ?? least else { throw error("a repetition is {n}, {n,} or {n,m}") }
        return .repeated(part, least: least, most: most)
    }

    private mutating func count() throws(DocumentError) -> Int {
        var value = 0
        let start = at
        while let next = peek(), ("0"..."9").contains(next), value <= Self.maxRepeat {
            value = value * 10 + Int(next.value - 48)
            at += 1
        }
        guard at > start, value <= Self.maxRepeat else {
            throw error("a repetition count from 0 to \(Self.maxRepeat) is expected")
        }
        return value
    }

    private mutating func characterClass() throws(DocumentError) -> ScalarSet {
        var set = ScalarSet(negated: take("^"))
        while let next = peek(), next != "]" {
            let first = try classMember()
            guard peek() == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else {
                set.ranges += first
                continue
            }
            at += 1
            let last = try classMember()
            guard first.count == 1, last.count == 1, first[0].lowerBound == first[0].upperBound,
                last[0].lowerBound == last[0].upperBound, first[0].lowerBound <= last[0].lowerBound
            else { throw error("not a range of characters") }
            set.ranges.append(first[0].lowerBound...last[0].lowerBound)
        }
        guard take("]") else { throw error("a class of characters is not closed") }
        return set
    }

    private mutating func classMember() throws(DocumentError) -> [ClosedRange<Unicode.Scalar>] {
        guard let next = peek() else { throw error("a class of characters is not closed") }
        at += 1
        return next == "\\" ? try escape() : [next...next]
    }

    private mutating func escape() throws(DocumentError) -> [ClosedRange<Unicode.Scalar>] {
        guard let next = peek() else { throw error("ends after a backslash") }
        at += 1
        switch next {
        case "d": return ScalarSet.digits
        case "w": return ScalarSet.word
        case "s": return ScalarSet.space
        case "n": return ["\n"..."\n"]
        case "r": return ["\r"..."\r"]
        case "t": return ["\t"..."\t"]
        case "u":
            let digits = scalars.dropFirst(at).prefix(4).map { String($0) }.joined()
            guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
            else { throw error("four hexadecimal digits are expected after \\u") }
            at += 4
            return [scalar...scalar]
        default:
            guard next.isASCII, !ScalarSet.word.contains(where: { $0.contains(next) }) else {
                throw error("the escape \\\(next) is not supported")
            }
            return [next...next]
        }
    }

    private func peek() -> Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        at += 1
        return true
    }

    private func error(_ reason: String) -> DocumentError {
        DocumentError(.unsupported, in: document, reason: "pattern, character \(at + 1): \(reason)")
    }
}
