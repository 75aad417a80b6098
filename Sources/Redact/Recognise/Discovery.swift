/// A secret that a recogniser found.
struct Discovery {
    let start: Int
    var end: Int
    /// Index of the rule.
    let rule: Int
    /// The secret itself, escapes undone: what the fingerprint is made of.
    var value: [UInt8]
    /// Certain enough to look for the value everywhere else.
    var isCertain = false
    /// More values to look for everywhere else, such as the password inside of Basic credentials.
    var alsoLearn: [[UInt8]] = []
    /// Quotation mark to put around the marker, where the value had none but a text needs one.
    var quote: [UInt8] = []
    /// The secret goes on behind the window: how to find its end.
    var swallow: Swallow?
}

/// How to find the end of a secret that is longer than a window.
enum Swallow {
    case quote(Quote, multiline: Bool)
    /// Up to the next opening bracket of markup.
    case angle(Angle)
    /// Up to a blank, a quotation mark or a line break.
    case word
    /// As long as it looks like the body of a PEM block.
    case pem
    /// Up to these bytes.
    case literal([UInt8])

    /// The first position in the window from `start` that no longer belongs to the secret, or nil if all of it does.
    func end(in window: Window, from start: Int) -> Int? {
        switch self {
        case .quote(let quote, let multiline):
            switch quote.end(in: window, from: start, multiline: multiline) {
            case .closed(let value, _): return value
            case .line(let end): return end
            case .open: return nil
            }
        case .angle(let angle):
            let next = angle.nextOpen(in: window, from: start)
            return (start..<(next ?? window.upper)).first { window[$0] == .less } ?? next
        case .word:
            return (start..<max(start, window.upper)).first {
                window[$0].isSpace || window[$0].isQuote || window[$0] == .less || window[$0] == 0
            }
        case .pem:
            return PEM.bodyEnd(in: window, from: start)
        case .literal(let bytes):
            let last = window.upper - bytes.count
            return last < start ? nil : (start...last).first { window.slice($0, $0 + bytes.count) == bytes }
        }
    }
}

/// Where a value stands and how it is written.
struct Extent {
    var start: Int
    var end: Int
    var quote: Quote?
    var swallow: Swallow?
    /// The value is text of an XML document.
    var isMarkup = false
    /// The value is percent-encoded.
    var isPercent = false
    /// The value stands bare in running text.
    var isProse = false
    /// The value is the whole of something: an element's text, a quoted text.
    var isBounded = false

    /// The value with its escapes undone.
    func value(in window: Window) -> [UInt8] {
        var bytes = window.slice(start, end)
        if isPercent || quote?.mark.isPercent == true { bytes = Escapes.undoPercent(bytes) }
        if isMarkup || quote?.mark.isEntity == true { bytes = Escapes.undoXML(bytes) }
        if let quote, quote.mark != .single, quote.mark != .back {
            var levels = quote.slashes + 1
            while levels > 0 {
                bytes = Escapes.undoJSON(bytes)
                levels /= 2
            }
        }
        if quote?.mark == .single { bytes = Escapes.undoDoubled(bytes) }
        return bytes
    }
}
