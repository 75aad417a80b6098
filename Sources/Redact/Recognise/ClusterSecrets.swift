/// Secrets of Kubernetes: every value under `data:` and `stringData:` of an object whose kind is Secret.
extension Inspector {

    func clusterSecret(start: Int, end: Int, rule: Int) -> [Discovery] {
        if window[start].isQuote { return secretObject(around: start, end, rule: rule) }
        let line = window.lineStart(start)
        guard window.skipBlanks(line) == start || window[start - 2] == .dash,
            window[window.skipBlanks(end)].isLineBreak || window[end] == 0
        else { return [] }
        let indent = start - line
        return blocks(from: window.lineEnd(end), step: 1, indent: indent, rule: rule)
            + blocks(from: line, step: -1, indent: indent, rule: rule)
    }

    /// The maps beside `kind: Secret`, on the lines after or before it.
    private func blocks(from place: Int, step: Int, indent: Int, rule: Int) -> [Discovery] {
        var found: [Discovery] = []
        var line = place
        while true {
            if step > 0 {
                guard window[line].isLineBreak else { return found }
                line = window.nextLine(after: line)
            } else {
                guard line > window.lower else { return found }
                line = window.lineStart(line - 1)
            }
            let text = window.skipBlanks(line)
            if window.has("---", at: line) { return found }
            if text - line == indent, window.has("data:", at: text) || window.has("stringData:", at: text) {
                found += scalars(after: window.lineEnd(text), indent: indent, rule: rule)
            }
            if step > 0 { line = window.lineEnd(line) }
        }
    }

    /// The values of the lines below a key that are indented deeper than it.
    private func scalars(after place: Int, indent: Int, rule: Int) -> [Discovery] {
        var found: [Discovery] = []
        var end = place
        while window[end].isLineBreak, found.count < 256 {
            let line = window.nextLine(after: end)
            let text = window.skipBlanks(line)
            guard text - line > indent, window[text] != 0 else { break }
            end = window.lineEnd(text)
            guard let colon = (text..<end).first(where: { window[$0] == .colon }) else { continue }
            let context = ValueContext(separator: .colon, nameStart: text)
            guard var extent = value(from: window.skipBlanks(colon + 1), context: context) else { continue }
            extent.isProse = false
            found += entry(extent, rule: rule)
            end = max(end, window.lineEnd(extent.end))
        }
        return found
    }

    /// The same in JSON: `"kind":"Secret"` and, in the same object, `"data":{…}`.
    private func secretObject(around start: Int, _ end: Int, rule: Int) -> [Discovery] {
        guard window[end].isSpace || window[end] == .comma || window[end] == UInt8(ascii: "}") else { return [] }
        var found: [Discovery] = []
        for key in ["\"data\"", "\"stringData\""] as [StaticString] {
            let low = objectStart(before: start)
            var position = low
            while let place = window.findFolded(key, from: position, to: min(window.upper, low + 16_384)),
                found.count < 512
            {
                position = place + key.utf8CodeUnitCount
                let colon = window.skipBlanks(position, lines: true)
                guard window[colon] == .colon else { continue }
                var next = window.skipBlanks(colon + 1, lines: true)
                guard window[next] == UInt8(ascii: "{") else { continue }
                repeat {
                    guard let member = member(at: window.skipBlanks(next + 1, lines: true)) else { break }
                    found += entry(member.value, rule: rule)
                    next = window.skipBlanks(member.after, lines: true)
                } while window[next] == .comma
            }
        }
        return found
    }

    /// The value of one key, unless it is public.
    private func entry(_ value: Extent, rule: Int) -> [Discovery] {
        isCertificate(value) ? [] : discover(value, rule: rule, name: .certain, strength: .strong)
    }

    /// A certificate in PEM form, in base64 once more, as `tls.crt` is; and no private key behind it.
    private func isCertificate(_ value: Extent) -> Bool {
        guard window.has("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS", at: value.start),
            let text = Base64.decode(window.slice(value.start, value.end))
        else { return false }
        return Window.over(text) { text in text.find("PRIVATE", from: 0) == nil }
    }

    /// The brace that opens the object around `start`.
    private func objectStart(before start: Int) -> Int {
        var depth = 0
        var position = start
        while position > window.lower {
            position -= 1
            if window[position] == UInt8(ascii: "}") { depth += 1 }
            if window[position] == UInt8(ascii: "{") {
                if depth == 0 { return position }
                depth -= 1
            }
        }
        return position
    }
}
