/// Private keys in PEM form (RFC 7468) and its many spellings: on one line, with `\n` escapes, URL-encoded, without END.
enum PEM {
    /// The first position from `start` that is no body of a PEM block, or nil if the window ends before.
    ///
    /// A body consists of words of base64; a short word ends it unless a full line came right before.
    /// - Parameter continues: `start` lies in the middle of a body.
    static func bodyEnd(in window: Window, from start: Int, continues: Bool = true) -> Int? {
        var position = start
        var end = start
        var wasFull = continues
        while true {
            position = skipBreaks(in: window, from: position)
            if isHeader(in: window, at: position) {
                position = window.lineEnd(position)
                end = position
                continue
            }
            let first = position
            while position < window.upper, isBody(in: window, at: position) { position += 1 }
            if position == window.upper { return nil }
            let length = position - first
            // The sum of an armored text (RFC 9580 section 6.1).
            if length == 5, window[first] == .equals, first > end, end > start { return position }
            let isLast = wasFull && length > 0 && (!window[position].isBlank || window[position - 1] == .equals)
            guard length >= 16 || isLast else { return end }
            wasFull = length >= 60
            end = position
        }
    }

    /// The position after the `-----END …-----` of a block whose label ends at `start`; nil if there is none in the
    /// window, or another block begins first.
    static func blockEnd(in window: Window, from start: Int) -> Int? {
        guard let end = window.findFolded("-----end", from: start, to: window.upper) else { return nil }
        if let other = window.findFolded("-----begin", from: start, to: end), other < end { return nil }
        guard let dashes = window.findFolded("-----", from: end + 8, to: end + 80) else { return window.lineEnd(end) }
        return dashes + 5
    }

    /// True if a BEGIN and an END line are only spoken of: `between -----BEGIN … ----- and -----END … -----`.
    static func isMention(in window: Window, from start: Int, to end: Int) -> Bool {
        guard let close = window.findFolded("-----end", from: start, to: end), close - start <= 24, close > start else {
            return false
        }
        return (start..<close).allSatisfy { window[$0].isLower || window[$0] == .space }
    }

    /// The label after `-----BEGIN`, upper case, blanks normalised, and the position after its dashes.
    static func label(in window: Window, at start: Int) -> (text: String, after: Int) {
        var position = start
        var text: [UInt8] = []
        while position < window.upper, position - start < 64, !window.has("-----", at: position),
            mayBeInLabel(window[position])
        {
            if window.hasFolded("%20", at: position) {
                text.append(.space)
                position += 3
            } else {
                let byte = window[position]
                text.append(
                    byte == UInt8(ascii: "+") ? .space : byte & 0xDF == byte ? byte : byte.isLower ? byte & 0xDF : byte)
                position += 1
            }
        }
        return (text.text, window.has("-----", at: position) ? position + 5 : position)
    }

    /// Labels are words; what a marker consists of, such as dots, is in none.
    private static func mayBeInLabel(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == .space || byte == .dash || byte == .percent || byte == UInt8(ascii: "+")
    }

    private static func skipBreaks(in window: Window, from start: Int) -> Int {
        var position = start
        while position < window.upper {
            if window[position].isSpace {
                position += 1
            } else if window[position] == .backslash, let next = escapedBreak(in: window, at: position) {
                position = next
            } else if window.hasFolded("&#13;", at: position) || window.hasFolded("&#10;", at: position)
                || window.hasFolded("&#xa;", at: position) || window.hasFolded("&#xd;", at: position)
            {
                position += 5
            } else if window.hasFolded("%0a", at: position) || window.hasFolded("%0d", at: position) {
                position += 3
            } else {
                break
            }
        }
        return position
    }

    /// The place before the blanks and line breaks, also escaped ones, that end at `end`.
    fileprivate static func skipBreaksBack(in window: Window, from end: Int) -> Int {
        var position = end
        while position > window.lower {
            if window[position - 1].isSpace {
                position -= 1
            } else if window[position - 1].isOne(of: "nr"), window[position - 2] == .backslash {
                position -= 2
                while window[position - 1] == .backslash { position -= 1 }
            } else {
                break
            }
        }
        return position
    }

    private static func escapedBreak(in window: Window, at start: Int) -> Int? {
        var position = start
        while window[position] == .backslash, position - start < 16 { position += 1 }
        return window[position].isOne(of: "nr") || window[position].isLineBreak ? position + 1 : nil
    }

    private static func isHeader(in window: Window, at position: Int) -> Bool {
        window.hasFolded("proc-type:", at: position) || window.hasFolded("dek-info:", at: position)
            || window.hasFolded("comment:", at: position) || window.hasFolded("version:", at: position)
    }

    private static func isBody(in window: Window, at position: Int) -> Bool {
        let byte = window[position]
        if byte == .dash { return !window.has("-----", at: position) }
        if byte.isBase64 || byte == .equals { return true }
        if byte == .percent {
            return !window.hasFolded("%0a", at: position) && !window.hasFolded("%0d", at: position)
                && window[position + 1].isHex
        }
        return byte == .backslash && window[position + 1] == .slash
    }
}

extension Inspector {
    func pem(start: Int, rule: Int) -> [Discovery] {
        if window[start] != .dash { return encodedPEM(start: start, rule: rule) }
        if window.hasFolded("-----end", at: start) { return headlessPEM(end: start, rule: rule) }
        let label = PEM.label(in: window, at: start + 10)
        guard label.text.contains("PRIVATE") || label.text.contains("STATIC KEY") else { return [] }
        if Marker.length(in: window, at: window.skipBlanks(label.after, lines: true)) != nil { return [] }
        if let lines = quotedLines(from: start, rule: rule) { return lines }
        var discovery = Discovery(start: start, end: start, rule: rule, value: [])
        if let end = PEM.blockEnd(in: window, from: label.after) {
            if PEM.isMention(in: window, from: label.after, to: end) { return [] }
            discovery.end = end
        } else if let end = PEM.bodyEnd(in: window, from: label.after, continues: false) {
            if end <= label.after, endsSentence(start, label.after) { return [] }
            discovery.end = max(end, label.after)
        } else if window.isEnd, window.skipBlanks(label.after, lines: true) >= window.upper,
            endsSentence(start, label.after)
        {
            return []
        } else {
            discovery.end = window.upper
            if !window.isEnd { discovery.swallow = .pem }
        }
        discovery.value = window.slice(discovery.start, discovery.end)
        return [discovery]
    }

    /// `… must not contain -----BEGIN PRIVATE KEY-----`: the last word of a line of prose.
    private func endsSentence(_ start: Int, _ end: Int) -> Bool {
        let next = window[end]
        return (next.isLineBreak || next == 0 || next == .dot) && window[start - 1] == .space
            && window[start - 2].isLetter
    }

    /// A block whose lines are texts of a list, each in quotation marks of its own; nil if it is not so.
    private func quotedLines(from start: Int, rule: Int) -> [Discovery]? {
        guard let before = Quote.before(start, in: window) else { return nil }
        var result: [Discovery] = []
        var position = start
        while result.count < 512, case .closed(let end, let after) = before.quote.end(in: window, from: position) {
            if end > position {
                result.append(Discovery(start: position, end: end, rule: rule, value: window.slice(position, end)))
            }
            let comma = window.skipBlanks(after, lines: true)
            // Only a list that holds all of the block: members of objects, for one, are no lines of it.
            if window.hasFolded("-----end", at: position) || window[comma] == UInt8(ascii: "]") {
                return result.count > 1 ? result : nil
            }
            let next = window.skipBlanks(comma + 1, lines: true)
            guard window[comma] == .comma, Quote(in: window, at: next) == before.quote else { return nil }
            position = next + before.quote.length(in: window, at: next)
            guard isLineOfKey(position) else { return nil }
        }
        return nil
    }

    private func isLineOfKey(_ start: Int) -> Bool {
        if window.hasFolded("-----end", at: start) { return true }
        var end = start
        while window[end].isBase64 || window[end] == .equals { end += 1 }
        return Quote(in: window, at: end) != nil || window[end] == .colon
    }

    /// The end of a public block (certificate, public key, request) that starts at `start`: nothing in it is a secret.
    func publicBlockEnd(start: Int) -> Int? {
        guard window[start] == .dash, window.hasFolded("-----begin", at: start) else { return nil }
        let label = PEM.label(in: window, at: start + 10)
        guard !label.text.contains("PRIVATE"),
            label.text.contains("CERTIFICATE") || label.text.contains("PUBLIC KEY") || label.text.contains("X509 CRL")
        else { return nil }
        return PEM.blockEnd(in: window, from: label.after)
    }

    /// The rest of a block whose beginning is lost, as where a log was rotated or cut, up to its END line.
    private func headlessPEM(end: Int, rule: Int) -> [Discovery] {
        let label = PEM.label(in: window, at: end + 8)
        guard label.text.contains("PRIVATE") else { return [] }
        var start = end
        var longest = 0
        while true {
            let last = PEM.skipBreaksBack(in: window, from: start)
            var first = last
            while window[first - 1].isBase64 || window[first - 1] == .equals, !window.has("-----", at: first - 5),
                window[first - 2] != .backslash || !window[first - 1].isOne(of: "nr")
            { first -= 1 }
            // The BEGIN line is there.
            if window.has("-----", at: first - 5), first == last { return [] }
            guard last - first >= (start == end ? 1 : 16) else { break }
            longest = max(longest, last - first)
            start = first
        }
        guard longest >= 60 else { return [] }
        return [Discovery(start: start, end: label.after, rule: rule, value: window.slice(start, label.after))]
    }

    /// A whole PEM block in base64, also over several lines.
    private func encodedPEM(start: Int, rule: Int) -> [Discovery] {
        guard window.has("LS0tLS1CRUdJTi", at: start) else { return [] }
        var end = start
        while true {
            let line = end
            while window[end].isBase64 { end += 1 }
            let isPadded = window[end] == .equals
            while window[end] == .equals { end += 1 }
            guard end - line >= 60, !isPadded, window[end].isLineBreak else { break }
            let next = window.skipBlanks(end, lines: true)
            // The boundary of a multipart message.
            if window.has("--", at: next) { break }
            var last = next
            while window[last].isBase64 { last += 1 }
            while window[last] == .equals { last += 1 }
            guard last > next, window[last].isLineBreak || window[last] == 0 || window[last].isQuote else { break }
            end = next
        }
        let head = window.slice(start, min(end, start + 64))
        guard let text = Base64.decode(head.prefix(head.count / 4 * 4)), text.text.contains("PRIVATE") else {
            return []
        }
        let isOpen = end >= window.upper && !window.isEnd
        return [
            Discovery(start: start, end: end, rule: rule, value: window.slice(start, end), swallow: isOpen ? .pem : nil)
        ]
    }
}
