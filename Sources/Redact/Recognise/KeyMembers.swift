/// The private members of keys that are written as names and values: .NET's XML, and JSON web keys that are no JSON.
extension Inspector {
    private static let most = 32

    /// `<RSAKeyValue>` of .NET, `<RSAKeyPair>` of XKMS, `<DSAKeyValue>`: public in signatures, but for these elements.
    func markupKey(start: Int, end: Int, rule: Int) -> [Discovery] {
        var first = start
        if window[first - 1] == .colon {
            first -= 1
            while window[first - 1].isName, start - first < 48 { first -= 1 }
        }
        guard let angle = Angle.opening(before: first, in: window),
            var position = angle.tagEnd(in: window, from: end)
        else { return [] }
        let isRSA = window.hasFolded("rsa", at: start)
        let secret: Set<String> = isRSA ? ["d", "p", "q", "dp", "dq", "inverseq"] : ["x"]
        var found: [Discovery] = []
        for _ in 0..<Self.most {
            guard let open = angle.nextOpen(in: window, from: position) else { break }
            let name = open + angle.open.utf8CodeUnitCount
            if isClosing(name) {
                position = name
                // The end of the key itself.
                if window.findFolded("key", from: name, to: window.lineEnd(name)).map({ $0 - name < 64 }) == true,
                    let close = angle.tagEnd(in: window, from: name),
                    window.endsFolded("keyvalue", before: close) || window.endsFolded("keypair", before: close)
                {
                    break
                }
                continue
            }
            var last = name
            while window[last].isName || window[last] == .colon { last += 1 }
            let local = window.slice(name, last).split(separator: .colon).last.map { $0.map(\.lowercased).text } ?? ""
            guard let close = angle.tagEnd(in: window, from: last),
                let next = angle.nextOpen(in: window, from: close)
            else { break }
            position = next
            let body = window.skipBlanks(close + angle.close.utf8CodeUnitCount, lines: true)
            let bodyEnd = window.skipBlanksBack(next, lines: true)
            guard secret.contains(local), bodyEnd - body >= 8, isClosing(next + angle.open.utf8CodeUnitCount) else {
                continue
            }
            let extent = Extent(start: body, end: bodyEnd, isMarkup: true, isBounded: true)
            found += discover(extent, rule: rule, name: .certain, strength: .strong)
        }
        return found
    }

    private func isClosing(_ name: Int) -> Bool {
        window[name] == .slash || (window[name] == .backslash && window[name + 1] == .slash)
            || window.hasFolded("%2f", at: name)
    }

    /// `JWK{kty=EC, d=…}`, `kty: EC` among lines of YAML, `RsaKey(n=…, d=…)`: members in a row or one on each line.
    func looseKey(start: Int, end: Int, rule: Int) -> [Discovery] {
        if window[end - 1] == UInt8(ascii: "(") { return members(from: end, names: Self.numbers, rule: rule) }
        var first = start
        while window[first - 1].isName, start - first < 64, !follows(first) { first -= 1 }
        guard !window[end].isName, first == start || window[start - 1] == .dot || window[start - 1].isWord else {
            return []
        }
        var names = Self.privates
        if window.hasFolded("kty", at: start) {
            var value = end
            if let quote = Quote(in: window, at: value) { value += quote.length(in: window, at: value) }
            guard let separator = Separator.read(in: window, at: window.skipBlanks(value)) else { return [] }
            value = window.skipBlanks(separator.after)
            if let quote = Quote(in: window, at: value) { value += quote.length(in: window, at: value) }
            var last = value
            while window[last].isWord { last += 1 }
            guard Self.types.contains(in: window, value, last) else { return [] }
            if window.hasFolded("oct", at: value) { names.insert("k") }
        }
        if let quote = Quote.before(first, in: window) { first = quote.start }
        let line = window.lineStart(first)
        var text = window.skipBlanks(line)
        if window[text] == .dash, window[text + 1].isBlank { text = window.skipBlanks(text + 1) }
        if text == first {
            let column = first - line
            return memberLines(from: firstLine(of: first, column: column), column: column, names: names, rule: rule)
        }
        return members(from: opening(before: first) ?? firstPair(before: first), names: names, rule: rule)
    }

    private static let types = WordSet(["ec", "rsa", "okp", "oct", "akp"])
    private static let privates: Set<String> = ["d", "p", "q", "dp", "dq", "qi", "inverseq", "priv"]
    private static let numbers: Set<String> = ["d", "p", "q", "u", "x", "seed"]

    /// The first of the lines up to the one of `start` whose names begin in the same column.
    private func firstLine(of start: Int, column: Int) -> Int {
        var begin = start
        var line = window.lineStart(start)
        var isItem = window[window.skipBlanks(line)] == .dash
        for _ in 0..<Self.most where line > window.lower && !isItem {
            line = window.previousLine(before: line)
            var text = window.skipBlanks(line)
            let isDashed = window[text] == .dash && window[text + 1].isBlank
            if isDashed { text = window.skipBlanks(text + 1) }
            if text - line > column { continue }
            guard text - line == column, startsMember(text) else { break }
            begin = text
            isItem = isDashed
        }
        return begin
    }

    private func startsMember(_ position: Int) -> Bool {
        var end = position
        while window[end].isName || window[end].isQuote { end += 1 }
        return end > position && Separator.read(in: window, at: window.skipBlanks(end)) != nil
    }

    /// Behind the bracket that holds what stands before `start` on its line.
    private func opening(before start: Int) -> Int? {
        var depth = 0
        var position = start
        while position > window.lower, start - position < 6_144 {
            switch window[position - 1] {
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): depth += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("):
                if depth == 0 { return position }
                depth -= 1
            case 0, 0x0A, 0x0D: return nil
            default: break
            }
            position -= 1
        }
        return nil
    }

    /// The first of the pairs `name=value` that stand in a row before `start`.
    private func firstPair(before start: Int) -> Int {
        var begin = start
        for _ in 0..<Self.most {
            var end = begin
            while end > window.lower, window[end - 1].isBlank || window[end - 1].isOne(of: ",;&") { end -= 1 }
            var first = end
            while first > window.lower, !window[first - 1].isSpace, !window[first - 1].isOne(of: ",;&?") {
                first -= 1
            }
            guard end < begin, first < end, startsMember(first) else { break }
            begin = first
        }
        return begin
    }

    /// The values of members that begin in one column, each on a line of its own.
    private func memberLines(from start: Int, column: Int, names: Set<String>, rule: Int) -> [Discovery] {
        var found: [Discovery] = []
        var text = start
        for _ in 0..<Self.most {
            if let (local, value) = pair(at: &text), let value, names.contains(local) {
                found += keyMember(value, rule: rule)
            }
            var line = window.lineEnd(text)
            // Deeper lines belong to a member's value.
            repeat {
                line = window.nextLine(after: line)
                text = window.skipBlanks(line)
                if text - line > column || (text - line == column && window[text] == .dash) {
                    line = window.lineEnd(text)
                } else {
                    break
                }
            } while line < window.upper
            guard text < window.upper, text - line == column else { break }
        }
        return found
    }

    /// The values of the members of `names`, from the first member on.
    private func members(from start: Int, names: Set<String>, rule: Int) -> [Discovery] {
        var found: [Discovery] = []
        var position = start
        for _ in 0..<Self.most {
            while window[position].isSpace || window[position].isOne(of: ",;&?:") { position += 1 }
            guard let (local, value) = pair(at: &position) else { break }
            if let value, names.contains(local) { found += keyMember(value, rule: rule) }
        }
        return found
    }

    private func keyMember(_ value: Extent, rule: Int) -> [Discovery] {
        guard value.end - value.start >= 16 else { return [] }
        return discover(value, rule: rule, name: .certain, strength: .strong)
    }

    /// The name, without what it hangs from, and the value at `position`, which moves behind them.
    private func pair(at position: inout Int) -> (name: String, value: Extent?)? {
        let key = Quote(in: window, at: position)
        if let key { position += key.length(in: window, at: position) }
        let first = position
        while window[position].isName { position += 1 }
        guard position > first, position - first <= 64 else { return nil }
        let local = window.slice(first, position).split(separator: .dot).last.map { $0.map(\.lowercased).text }
        if let key { position += key.length(in: window, at: position) }
        guard let separator = Separator.read(in: window, at: window.skipBlanks(position)) else { return nil }
        let value = memberValue(at: window.skipBlanks(separator.after))
        position = value.after
        return (local ?? "", value.extent)
    }

    private func memberValue(at start: Int) -> (extent: Extent?, after: Int) {
        if let quote = Quote(in: window, at: start) {
            let extent = quoted(quote, at: start)
            return (extent, extent.end + quote.length(in: window, at: extent.end))
        }
        var position = start
        var depth = 0
        while position < window.upper {
            switch window[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"):
                depth -= 1
                if depth < 0 { return (Extent(start: start, end: position), position) }
            case .comma, .semicolon, .ampersand, .less, .space, 0x09, 0x0A, 0x0D, 0, .doubleQuote, .singleQuote:
                if depth == 0 { return (position > start ? Extent(start: start, end: position) : nil, position) }
            default: break
            }
            position += 1
        }
        return (Extent(start: start, end: position), position)
    }
}
