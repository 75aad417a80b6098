/// Secrets that were found but not yet written, and the writing of what lies between them.
struct SpanQueue {
    struct Span {
        let start: Int
        let end: Int
        let rule: String
        let priority: Int
        /// What is written instead; empty for the rest of a secret whose marker was written already.
        let marker: [UInt8]
        /// Given up where another secret covers its start.
        var isSoft = false
    }

    /// Up to where the input was written.
    private(set) var written = 0
    private var spans: [Span] = []
    private(set) var findings: [String: Int] = [:]
    /// Where markers were written, if wanted.
    private(set) var places: [(position: Int, rule: String)] = []
    let keepsPlaces: Bool

    init(keepsPlaces: Bool) {
        self.keepsPlaces = keepsPlaces
    }

    mutating func add(_ span: Span) { spans.append(span) }

    /// Writes everything before `boundary`. No span that starts before it may be added afterwards.
    ///
    /// Spans that overlap are one: the first gives the marker, of several at one byte that of the highest priority.
    mutating func write(upTo boundary: Int, from window: Window, to out: inout [UInt8]) {
        if !spans.isEmpty {
            spans.sort { left, right in
                if left.start != right.start { return left.start < right.start }
                if left.priority != right.priority { return left.priority > right.priority }
                return left.end != right.end ? left.end > right.end : left.rule < right.rule
            }
            var rest: [Span] = []
            for span in spans {
                guard span.start < boundary else {
                    rest.append(span)
                    continue
                }
                if span.start >= written {
                    window.copy(written, span.start, to: &out)
                    out += span.marker
                    if !span.marker.isEmpty {
                        findings[span.rule, default: 0] += 1
                        if keepsPlaces { places.append((span.start, span.rule)) }
                    }
                    keepLines(span.start, span.end, window, &out)
                    written = span.end
                } else if span.end > written, !span.isSoft {
                    keepLines(written, span.end, window, &out)
                    written = span.end
                }
            }
            spans = rest
        }
        if written < boundary {
            window.copy(written, boundary, to: &out)
            written = boundary
        }
    }

    /// The line breaks of what is removed stay, with a backslash before each that had one: line numbers don't change.
    private func keepLines(_ start: Int, _ end: Int, _ window: Window, _ out: inout [UInt8]) {
        var position = start
        while position < end {
            if window[position] == .lineFeed
                || (window[position] == .carriageReturn && window[position + 1] != .lineFeed)
            {
                let hasReturn = window[position - 1] == .carriageReturn && position > start
                if window[position - (hasReturn ? 2 : 1)] == .backslash { out.append(.backslash) }
                if hasReturn { out.append(.carriageReturn) }
                out.append(window[position])
            }
            position += 1
        }
    }
}

extension Window {
    /// Appends the bytes from `start` up to `end`.
    func copy(_ start: Int, _ end: Int, to out: inout [UInt8]) {
        guard start < end else { return }
        out += slice(start, end)
    }
}
