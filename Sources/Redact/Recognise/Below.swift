/// Values on the lines below their name, and in an object or block that the name has: YAML, JSON, Terraform.
extension Inspector {
    /// Members of an object that hold the secret its name speaks of: `"password": {"value": "x", "type": "string"}`.
    private static let holders = WordSet([
        "value", "val", "default", "default_value", "defaultvalue", "stringvalue", "string_value", "plaintext", "plain",
        "text", "literal", "current", "currentvalue",
    ])

    /// What stands below a key that ends its line with a colon, or with a comment behind it; nil if it does not.
    ///
    /// - Parameter colon: the place behind the colon.
    func valueBelow(_ found: Named, keyStart: Int, colon: Int) -> [Discovery]? {
        let isYAML = format == .yaml
        guard isYAML || format == .text || format == .auto || format == .log else { return nil }
        var end = skipProperties(window.skipBlanks(colon))
        if window[end] == UInt8(ascii: "#"), window[end + 1].isBlank, isYAML || end > colon {
            end = window.lineEnd(end)
        }
        guard window[end].isLineBreak else { return nil }
        let line = window.lineStart(keyStart)
        var lead = window.skipBlanks(line)
        while isItem(lead) { lead = window.skipBlanks(lead + 1) }
        guard lead == keyStart else { return isYAML ? [] : nil }
        guard let first = textBelow(end) else { return [] }
        // An object of JSON has its quoted values wherever they stand.
        if !isYAML, window[keyStart].isQuote { return nil }
        let column = first - window.lineStart(first)
        if isItem(first) {
            guard column >= window.skipBlanks(line) - line else { return [] }
            return items(found, from: first, column: column)
        }
        guard column > keyStart - line else { return isYAML ? [] : nil }
        if startsEntry(first) {
            return isYAML || found.isBareKeyword == false ? holder(found, from: first, column: column) : []
        }
        return scalarBelow(found, from: first, keyStart: keyStart)
    }

    /// The first text on the lines below that is no comment.
    private func textBelow(_ end: Int) -> Int? {
        var end = end
        for _ in 0..<8 {
            guard let text = window.nextLine(behind: end) else { return nil }
            if window[text] != UInt8(ascii: "#"), !window[text].isLineBreak { return window[text] == 0 ? nil : text }
            end = window.lineEnd(text)
        }
        return nil
    }

    private func scalarBelow(_ found: Named, from start: Int, keyStart: Int) -> [Discovery] {
        let first = skipProperties(start)
        guard !window[first].isOne(of: "{[*!|>%") else { return [] }
        var extent = Extent(start: first, end: first)
        if let quote = Quote(in: window, at: first) {
            extent = quoted(quote, at: first)
        } else if format == .yaml {
            extent.end = foldedEnd(scalarEnd(from: first), nameStart: keyStart)
        } else {
            // In running text one word alone.
            extent.end = window.skipBlanksBack(window.lineEnd(first))
            extent.isProse = true
            guard !(extent.start..<extent.end).contains(where: { window[$0].isBlank }) else { return [] }
        }
        if found.rules.value != .plain { return discover(found, extent) }
        let strength = format == .yaml || found.strength != .strong ? found.strength : .medium
        return discover(extent, rule: found.rule, name: found.rules, strength: strength)
    }

    /// `passwords:` and a list of them below. A list of `secrets` is one of their names.
    private func items(_ found: Named, from start: Int, column: Int) -> [Discovery] {
        guard !found.isBareSecret(in: window) else { return [] }
        var rules = found.rules
        // In running text the items may be sentences about passwords.
        let isYAML = format == .yaml
        if found.strength != .strong || !isYAML { rules.allowsWords = false }
        let strength = isYAML ? found.strength : found.strength == .strong ? .medium : .weak
        var result: [Discovery] = []
        var item = start
        while result.count < 64, isItem(item), item - window.lineStart(item) == column {
            let first = skipProperties(window.skipBlanks(item + 1))
            var extent = Extent(start: first, end: first)
            if let quote = Quote(in: window, at: first) {
                extent = quoted(quote, at: first)
            } else if !startsEntry(first), !window[first].isOne(of: "{[*!-") {
                extent.end = scalarEnd(from: first)
            }
            if found.rules.value != .plain {
                result += discover(found, extent)
            } else if extent.end > extent.start, !startsEntry(first) {
                result += discover(extent, rule: found.rule, name: rules, strength: strength)
            }
            guard let next = window.nextLine(behind: window.lineEnd(extent.end)) else { break }
            item = next
        }
        return result
    }

    /// The lines of a mapping below a name: the value of the key that holds the secret.
    private func holder(_ found: Named, from start: Int, column: Int) -> [Discovery] {
        var position = start
        for _ in 0..<16 {
            let key = Quote(in: window, at: position).map { position + $0.length(in: window, at: position) } ?? position
            var end = key
            while window[end].isName, end - key < 32 { end += 1 }
            if position - window.lineStart(position) == column, Self.holders.contains(in: window, key, end) {
                let colon = end + (key - position)
                guard window[colon] == .colon else { return [] }
                let context = ValueContext(separator: .colon, nameStart: position)
                let first = skipProperties(window.skipBlanks(colon + 1))
                guard let extent = value(from: first, context: context) else { return [] }
                return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
            }
            guard let next = window.nextLine(behind: window.lineEnd(position)),
                next - window.lineStart(next) >= column, window[next] != 0
            else { return [] }
            position = next
        }
        return []
    }

    /// The members of the object that opens before `start`: `{"value": "x"}`, `{value: x}`.
    func objectValue(_ found: Named, from start: Int) -> [Discovery] {
        var position = window.skipBlanks(start, lines: true)
        for _ in 0..<16 {
            if let member = member(at: position) {
                if Self.holders.contains(member.name.utf8) {
                    if found.rules.value != .plain { return discover(found, member.value) }
                    return discover(
                        member.value, rule: found.rule, name: found.rules, strength: found.strength,
                        quote: member.value.quote == nil ? member.key.bytes : [])
                }
                position = window.skipBlanks(member.after, lines: true)
            } else {
                var end = position
                while window[end].isName, end - position < 48 { end += 1 }
                guard end > position, window[end] == .colon, window[end + 1].isBlank else { return [] }
                let first = window.skipBlanks(end + 1)
                if Self.holders.contains(in: window, position, end) {
                    let context = ValueContext(separator: .colon, nameStart: position)
                    guard let extent = value(from: first, context: context) else { return [] }
                    return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
                }
                position = flowEnd(from: first)
            }
            position = window.skipBlanks(position, lines: true)
            guard window[position] == .comma else { return [] }
            position = window.skipBlanks(position + 1, lines: true)
        }
        return []
    }

    /// `variable "admin_password" { default = "x" }` of Terraform.
    func blockDefault(_ found: Named, brace: Int) -> [Discovery]? {
        guard let before = Quote.before(found.name.start, in: window),
            window.endsFolded("variable", before: window.skipBlanksBack(before.start))
        else { return nil }
        var position = brace + 1
        for _ in 0..<16 {
            let line = window.skipBlanks(position, lines: true)
            guard window[line] != UInt8(ascii: "}"), line < window.upper else { return [] }
            if window.hasFolded("default", at: line), !window[line + 7].isName {
                let equals = window.skipBlanks(line + 7)
                let first = window.skipBlanks(equals + 1)
                guard window[equals] == .equals, let quote = Quote(in: window, at: first) else { return [] }
                let extent = quoted(quote, at: first)
                return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
            }
            position = window.lineEnd(line)
        }
        return []
    }

    /// The item below an option in a list of arguments: `- --password` and, on the next line, `- x`.
    func itemBelow(_ found: Named, from end: Int) -> [Discovery]? {
        let line = window.lineStart(found.name.start)
        let lead = window.skipBlanks(line)
        guard isItem(lead), let item = window.nextLine(behind: window.skipBlanks(end)), isItem(item),
            item - window.lineStart(item) == lead - line
        else { return nil }
        let first = window.skipBlanks(item + 1)
        guard window[first] != .dash, !window[first].isLineBreak else { return [] }
        var extent = Extent(start: first, end: scalarEnd(from: first))
        if let quote = Quote(in: window, at: first) {
            extent = quoted(quote, at: first)
        } else if startsEntry(first) {
            return []
        }
        return discover(found, extent)
    }
}

extension Inspector.Named {
    /// `secrets`, and no word more.
    fileprivate func isBareSecret(in window: Window) -> Bool {
        window.hasFolded("secret", at: name.start) && name.end - name.start <= 7
    }
}
