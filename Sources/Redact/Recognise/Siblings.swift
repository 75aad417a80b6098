/// A name in one element and its value in another beside it: `<name>password</name> <value>…</value>`, cells of tables in
/// HTML, terms and what they mean.
extension Inspector {
    private static let cells = WordSet(["td", "th", "dt"])
    private static let cellValues = WordSet(["td", "dd"])
    /// Elements beside a name that hold no value, whatever comes first.
    private static let remarks = WordSet([
        "description", "desc", "type", "final", "comment", "label", "title", "display-name", "displayname", "scope",
        "source", "required", "env-entry-type", "param-type", "help", "name",
    ])
    private static let tagReach = 512

    /// Nil if the name is not a naming element's text.
    func siblingShape(_ found: Named) -> [Discovery]? {
        // `db/password`
        var start = found.name.start
        while window[start - 1].isName || (window[start - 1] == .slash && window[start - 2] != .less),
            found.name.start - start < 64
        {
            start -= 1
        }
        let before = window.skipBlanksBack(start, lines: true)
        guard let angle = Angle.spellings.first(where: { window.endsFolded($0.close, before: before) }),
            let tag = openTag(endingAt: before - angle.close.utf8CodeUnitCount, angle)
        else { return nil }
        let close = window.skipBlanks(found.name.end, lines: true)
        guard window.hasFolded(angle.open, at: close),
            window[close + angle.open.utf8CodeUnitCount] == .slash,
            let end = angle.tagEnd(in: window, from: close + angle.open.utf8CodeUnitCount)
        else { return nil }
        let next = end + angle.close.utf8CodeUnitCount
        if Self.cells.contains(in: window, tag.start, tag.end) { return cellValue(found, from: next, angle) }
        guard isNaming(tag.start, tag.end) || tag.isNaming else { return nil }
        return siblingValue(found, from: next, angle).map { discoverMarkup(found, $0) } ?? []
    }

    private struct Tag {
        /// Where its name stands.
        let start: Int
        let end: Int
        /// An attribute says that its element holds a name: `<stringProp name="Argument.name">`.
        var isNaming = false
        /// The same for a value.
        var isValuing = false
    }

    /// The tag that ends right before its closing bracket at `end`.
    private func openTag(endingAt end: Int, _ angle: Angle) -> Tag? {
        var start = end
        while end - start < Self.tagReach, start > window.lower, Angle.opening(before: start, in: window) == nil {
            if window[start - 1].isLineBreak { return nil }
            start -= 1
        }
        guard Angle.opening(before: start, in: window) != nil, window[start] != .slash else { return nil }
        return self.tag(from: start, to: end)
    }

    private func tag(from start: Int, to end: Int) -> Tag {
        var last = start
        while last < end, window[last].isName || window[last] == .colon { last += 1 }
        var tag = Tag(start: start, end: last)
        var position = last
        while position < end {
            guard window[position] == .equals, let quote = Quote(in: window, at: position + 1) else {
                position += 1
                continue
            }
            let from = position + 1 + quote.length(in: window, at: position + 1)
            guard case .closed(let value, let after) = quote.end(in: window, from: from), after <= end else { break }
            tag.isNaming = tag.isNaming || isNaming(from, value)
            tag.isValuing = tag.isValuing || isValuing(from, value)
            position = after
        }
        return tag
    }

    /// The text of the element that holds the value, among those that follow in the same parent.
    private func siblingValue(_ found: Named, from start: Int, _ angle: Angle) -> Extent? {
        var position = start
        var first: Extent?
        for index in 0..<8 {
            let open = window.skipBlanks(position, lines: true)
            let name = open + angle.open.utf8CodeUnitCount
            guard window.hasFolded(angle.open, at: open), window[name] != .slash,
                let end = angle.tagEnd(in: window, from: name)
            else { break }
            let inside = end + angle.close.utf8CodeUnitCount
            let tag = tag(from: name, to: end)
            if window[end - 1] == .slash {
                position = inside
                continue
            }
            guard let content = content(from: inside, angle: angle) else { break }
            if isValuing(tag.start, tag.end) || tag.isValuing { return content }
            if index == 0, !Self.remarks.contains(in: window, tag.start, tag.end) { first = content }
            guard content.swallow == nil, let close = angle.nextOpen(in: window, from: content.end),
                let closeEnd = angle.tagEnd(in: window, from: close + angle.open.utf8CodeUnitCount)
            else { break }
            position = closeEnd + angle.close.utf8CodeUnitCount
        }
        return first
    }

    /// `<td>Password</td><td>x</td>`, `<dt>API key</dt><dd>x</dd>`: what looks like a secret, as the cell may explain one.
    private func cellValue(_ found: Named, from start: Int, _ angle: Angle) -> [Discovery]? {
        let open = window.skipBlanks(start, lines: true)
        let name = open + angle.open.utf8CodeUnitCount
        guard window.hasFolded(angle.open, at: open), let end = angle.tagEnd(in: window, from: name) else { return nil }
        let tag = tag(from: name, to: end)
        guard Self.cellValues.contains(in: window, tag.start, tag.end) else { return nil }
        let inside = end + angle.close.utf8CodeUnitCount
        guard var content = content(from: inside, angle: angle) ?? nested(from: inside, angle: angle) else { return [] }
        content.isProse = true
        return discoverCell(found, content)
    }
}
