/// What stands between a name and its value, and the angle brackets of markup, in plain and escaped spellings.
enum Separator {
    case equals, colon

    /// The separator at `position`, and the position after it.
    static func read(in window: Window, at position: Int) -> (kind: Separator, after: Int)? {
        switch window[position] {
        case .equals:
            // `=`, `==`, `=>`
            let more = window[position + 1]
            return (.equals, position + (more == .equals || more == .greater ? 2 : 1))
        case .colon:
            // `:`, `:=`, and LDIF's `::`
            let more = window[position + 1]
            if more == .colon, window[position + 2] == .equals { return (.equals, position + 3) }
            return (more == .equals ? .equals : .colon, position + (more == .equals || more == .colon ? 2 : 1))
        case .dash:
            return window[position + 1] == .greater ? (.equals, position + 2) : nil
        case .less:
            // R assigns so.
            return window[position + 1] == .dash ? (.equals, position + 2) : nil
        case 0xEF where window[position + 1] == 0xBC:
            // The wide colon and equals sign of Chinese and Japanese, U+FF1A and U+FF1D.
            switch window[position + 2] {
            case 0x9A: return (.colon, position + 3)
            case 0x9D: return (.equals, position + 3)
            default: return nil
            }
        case UInt8(ascii: "!"):
            // A text that something is compared with: `$http_x_api_key != "value"`.
            guard window[position + 1] == .equals else { return nil }
            let after = position + (window[position + 2] == .equals ? 3 : 2)
            return Quote(in: window, at: window.skipBlanks(after)) == nil ? nil : (.equals, after)
        case .percent, .ampersand, .backslash:
            return escaped(in: window, at: position)
        default:
            return nil
        }
    }

    private static func escaped(in window: Window, at start: Int) -> (kind: Separator, after: Int)? {
        var position = start
        while window[position] == .backslash, position - start < 64 { position += 1 }
        let spellings: [(StaticString, Separator)] =
            position > start
            ? [("u003d", .equals), ("u003a", .colon)]
            : [
                ("%3d", .equals), ("%253d", .equals), ("%3a", .colon), ("%253a", .colon), ("&#61;", .equals),
                ("&#x3d;", .equals), ("&#58;", .colon), ("&#x3a;", .colon),
            ]
        for (spelling, kind) in spellings where window.hasFolded(spelling, at: position) {
            return (kind, position + spelling.utf8CodeUnitCount)
        }
        return nil
    }
}

/// How the angle brackets of an element are spelled.
struct Angle {
    let open: StaticString
    let close: StaticString

    static let spellings = [
        Angle(open: "<", close: ">"), Angle(open: "&lt;", close: "&gt;"), Angle(open: "&amp;lt;", close: "&amp;gt;"),
        Angle(open: "\\u003c", close: "\\u003e"), Angle(open: "%3c", close: "%3e"),
        Angle(open: "&#60;", close: "&#62;"),
    ]

    /// The opening bracket that ends right before `position`.
    static func opening(before position: Int, in window: Window) -> Angle? {
        spellings.first { window.endsFolded($0.open, before: position) }
    }

    /// The first place from `start` where an opening bracket of this spelling stands, or nil within the window.
    func nextOpen(in window: Window, from start: Int) -> Int? {
        window.findFolded(open, from: start, to: window.upper)
    }

    /// The first closing bracket from `start` that is not inside a quoted attribute value.
    func tagEnd(in window: Window, from start: Int) -> Int? {
        var position = start
        let end = min(window.upper, start + 4096)
        while position < end {
            if window.hasFolded(close, at: position) { return position }
            if window.hasFolded(open, at: position) { return nil }
            if let quote = Quote(in: window, at: position) {
                let from = position + quote.length(in: window, at: position)
                guard case .closed(_, let after) = quote.end(in: window, from: from, multiline: true), after <= end
                else {
                    position = from
                    continue
                }
                position = after
            } else {
                position += 1
            }
        }
        return nil
    }
}
