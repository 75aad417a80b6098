/// Values whose end was cut off, as in the shortened bodies of traces: no mark closes them, but what is around them does.
extension Inspector {
    /// Where the text around a quoted value ends before the value does; nil if it goes on to the value's end.
    ///
    /// A tag that nothing in the value opened closes an element around it, and the quotation mark of an attribute that
    /// holds the value closes that attribute.
    func cut(_ quote: Quote, from start: Int, to end: Int) -> Int? {
        var attribute: UInt8??
        var position = start
        while position < end {
            let byte = window[position]
            if byte == .less {
                if quote.mark.isEntity || closesOuterElement(position, from: start) { return position }
            } else if byte == UInt8(ascii: "]") {
                if window.has("]]>", at: position), !hasCharacterData(start, position) { return position }
            } else if byte == .doubleQuote || byte == .singleQuote, !quote.isSpelled(byte), isAttributeEnd(position) {
                let around = attribute ?? attributeQuote(before: start, except: quote)
                attribute = around
                if around == byte { return position }
            }
            position += 1
        }
        return nil
    }

    /// Where the text around the text of an escaped element ends; nil if that is not before `end`.
    func cut(_ angle: Angle, from start: Int, to end: Int) -> Int? {
        guard angle.open.utf8CodeUnitCount > 1 else { return nil }
        let lead = angle.open.withUTF8Buffer { unsafe $0.first ?? 0 }
        var attribute: UInt8??
        var position = start
        while position < end {
            let byte = window[position]
            if byte == .less { return position }
            if byte == .doubleQuote || byte == .singleQuote {
                switch lead {
                case .backslash:
                    if byte == .doubleQuote { return window.skipBackslashesBack(position) }
                case .percent:
                    return position
                default:
                    let around = attribute ?? attributeQuote(before: start, except: nil)
                    attribute = around
                    if around == byte, isAttributeEnd(position) { return position }
                }
            } else if lead == .percent, byte.isSpace {
                return position
            }
            position += 1
        }
        return nil
    }

    /// `</name>` where no `<name` stands before it.
    private func closesOuterElement(_ position: Int, from start: Int) -> Bool {
        guard window[position + 1] == .slash, window[position + 2].isLetter || window[position + 2] == UInt8(ascii: "_")
        else { return false }
        var last = position + 2
        while window[last].isName || window[last] == .colon, last - position < 128 { last += 1 }
        guard window[last] == .greater || window[last].isSpace || window[last] == 0 else { return false }
        let name = window.slice(position + 2, last)
        return !(start..<position).contains { opening in
            window[opening] == .less && window.slice(opening + 1, opening + 1 + name.count) == name
        }
    }

    private func hasCharacterData(_ start: Int, _ end: Int) -> Bool {
        (start..<end).contains { window.has("<![CDATA[", at: $0) }
    }

    /// Behind the mark that closes an attribute comes another attribute, or the tag ends.
    private func isAttributeEnd(_ position: Int) -> Bool {
        let next = window[position + 1]
        return next.isSpace || next == .slash || next == .greater || next == UInt8(ascii: "?") || next == 0
    }

    /// The mark of the attribute `name='` in whose value a place lies.
    private func attributeQuote(before start: Int, except quote: Quote?) -> UInt8? {
        var candidates = [UInt8.doubleQuote, .singleQuote].filter { quote?.isSpelled($0) != true }
        var position = start
        while !candidates.isEmpty, position > window.lower, start - position < 8_192, window[position - 1] != .less {
            position -= 1
            let byte = window[position]
            guard candidates.contains(byte) else { continue }
            if window[position - 1] == .equals, window[position - 2].isName { return byte }
            candidates.removeAll { $0 == byte }
        }
        return nil
    }
}

extension Quote {
    /// True if the mark is this byte, whatever backslashes are before it.
    fileprivate func isSpelled(_ byte: UInt8) -> Bool {
        mark == .double && byte == .doubleQuote || mark == .single && byte == .singleQuote
    }
}

extension Window {
    fileprivate func skipBackslashesBack(_ end: Int) -> Int {
        var position = end
        while self[position - 1] == .backslash { position -= 1 }
        return position
    }
}
