/// Members of JSON objects, read forwards and backwards at any depth of escaping.
extension Inspector {
    struct Member {
        let name: String
        /// Quotation mark of the key.
        let key: Quote
        let value: Extent
        /// Where the key's quotation mark starts, and the position after the value.
        let start: Int
        let after: Int
    }

    /// The member whose key starts at `position`; nil if its value is no text, number or word.
    func member(at position: Int) -> Member? {
        guard let key = Quote(in: window, at: position) else { return nil }
        let from = position + key.length(in: window, at: position)
        guard case .closed(let end, let after) = key.end(in: window, from: from), end - from <= 64 else { return nil }
        let colon = window.skipBlanks(after, lines: true)
        guard let separator = Separator.read(in: window, at: colon), separator.kind == .colon else { return nil }
        let start = window.skipBlanks(separator.after, lines: true)
        let name = window.slice(from, end).map(\.lowercased).text
        if let quote = Quote(in: window, at: start) {
            let first = start + quote.length(in: window, at: start)
            switch quote.end(in: window, from: first) {
            case .closed(let valueEnd, let after):
                let extent = Extent(start: first, end: valueEnd, quote: quote, isBounded: true)
                return Member(name: name, key: key, value: extent, start: position, after: after)
            case .line(let end):
                let extent = Extent(start: first, end: end, quote: quote, isBounded: true)
                return Member(name: name, key: key, value: extent, start: position, after: end)
            case .open:
                let swallow: Swallow? = window.isEnd ? nil : .quote(quote, multiline: false)
                let extent = Extent(start: first, end: window.upper, quote: quote, swallow: swallow, isBounded: true)
                return Member(name: name, key: key, value: extent, start: position, after: window.upper)
            }
        }
        var last = start
        while window[last].isName || window[last] == UInt8(ascii: "+") { last += 1 }
        guard last > start else { return nil }
        return Member(name: name, key: key, value: Extent(start: start, end: last), start: position, after: last)
    }

    /// The member whose value ends right before `end`; nil if that value is no text, number or word.
    func memberBefore(_ end: Int) -> Member? {
        var extent: Extent
        var position: Int
        if let close = Quote.before(end, in: window) {
            guard let open = opening(of: close.quote, before: close.start) else { return nil }
            extent = Extent(start: open.after, end: close.start, quote: close.quote, isBounded: true)
            position = open.start
        } else {
            position = end
            while window[position - 1].isName || window[position - 1] == UInt8(ascii: "+") { position -= 1 }
            guard position < end else { return nil }
            extent = Extent(start: position, end: end)
        }
        position = window.skipBlanksBack(position, lines: true)
        guard window[position - 1] == .colon else { return nil }
        guard let key = Quote.before(window.skipBlanksBack(position - 1, lines: true), in: window),
            let open = opening(of: key.quote, before: key.start), key.start - open.after <= 64
        else { return nil }
        let name = window.slice(open.after, key.start).map(\.lowercased).text
        return Member(name: name, key: key.quote, value: extent, start: open.start, after: end)
    }

    /// The mark that opened a text whose closing mark starts at `close`.
    private func opening(of quote: Quote, before close: Int) -> (start: Int, after: Int)? {
        let size = quote.mark.spelling.utf8CodeUnitCount
        var position = close
        while position - size >= window.lower {
            let start = position - size
            if window.hasFolded(quote.mark.spelling, at: start), let before = Quote.before(position, in: window),
                before.quote.slashes <= quote.slashes
            {
                return (before.start, position)
            }
            position -= 1
        }
        return nil
    }
}
