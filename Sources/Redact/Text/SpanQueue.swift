/// Secrets that were found but not yet written, and the writing of what lies between them.
struct SpanQueue {
    struct Span {
        let start: Int
        let end: Int
        /// A rule, by the number that ``SpanQueue/number(of:)`` gave its id.
        let rule: Int
        let priority: Int
        /// The fingerprint in the marker; nil for the rest of a secret whose marker was written already.
        let code: UInt64?
        /// What stands on both sides of the marker, such as quotation marks that the value had not.
        var quote: [UInt8] = []
        /// Given up where another secret covers its start.
        var isSoft = false
    }

    /// Up to where the input was written.
    private(set) var written = 0
    private var spans: [Span] = []
    private var isSorted = true
    private var rules: [String] = []
    private var counts: [Int] = []
    /// What was removed, if wanted.
    private(set) var places: [Place] = []
    let keepsPlaces: Bool

    /// A stretch that was removed.
    struct Place {
        let start: Int
        var end: Int
        let rule: String
        /// As in ``Span``.
        let code: UInt64?
        let quote: [UInt8]
    }

    /// - Parameter rules: the ids that have the first numbers, in this order.
    init(keepsPlaces: Bool, rules: [String]) {
        self.keepsPlaces = keepsPlaces
        self.rules = rules
        counts = [Int](repeating: 0, count: rules.count)
    }

    /// How often each rule's marker was written.
    var findings: [String: Int] {
        var result: [String: Int] = [:]
        for (rule, count) in zip(rules, counts) where count > 0 { result[rule] = count }
        return result
    }

    /// The number of a rule in spans.
    mutating func number(of rule: String) -> Int {
        if let number = rules.firstIndex(of: rule) { return number }
        rules.append(rule)
        counts.append(0)
        return rules.count - 1
    }

    mutating func add(_ span: Span) {
        if let last = spans.last, last.start >= span.start { isSorted = false }
        spans.append(span)
    }

    /// Writes everything before `boundary`. No span that starts before it may be added afterwards.
    ///
    /// Spans that overlap are one: the first gives the marker, of several at one byte that of the highest priority.
    mutating func write(upTo boundary: Int, from window: Window, to out: inout [UInt8]) {
        if !spans.isEmpty {
            sort()
            var done = 0
            while done < spans.count, spans[done].start < boundary {
                write(spans[done], window, &out)
                done += 1
            }
            spans.removeFirst(done)
        }
        if written < boundary {
            unsafe out.append(contentsOf: window.bytes(written, boundary))
            written = boundary
        }
    }

    /// Tells whether a secret that is in the queue already takes the whole range and its marker.
    ///
    /// The queue is sorted, and ranges that are asked for with one `cursor`, 0 at first, follow each other.
    func covers(_ range: Range<Int>, from cursor: inout Int) -> Bool {
        while cursor < spans.count, spans[cursor].end <= range.lowerBound { cursor += 1 }
        var index = cursor
        while index < spans.count, spans[index].start <= range.lowerBound {
            let span = spans[index]
            index += 1
            if span.end >= range.upperBound, !span.isSoft, span.start < range.lowerBound || span.priority > 0 {
                return true
            }
        }
        return false
    }

    mutating func sort() {
        guard !isSorted else { return }
        spans.sort { left, right in
            if left.start != right.start { return left.start < right.start }
            if left.priority != right.priority { return left.priority > right.priority }
            return left.end != right.end ? left.end > right.end : rules[left.rule] < rules[right.rule]
        }
        isSorted = true
    }

    private mutating func write(_ span: Span, _ window: Window, _ out: inout [UInt8]) {
        if span.start >= written {
            unsafe out.append(contentsOf: window.bytes(written, span.start))
            if let code = span.code {
                out += span.quote
                Marker.write(rule: rules[span.rule], code: code, to: &out)
                out += span.quote
                counts[span.rule] += 1
            }
            if keepsPlaces {
                places.append(
                    Place(
                        start: span.start, end: span.end, rule: rules[span.rule], code: span.code, quote: span.quote))
            }
            keepLines(span.start, span.end, window, &out)
            written = span.end
        } else if span.end > written, !span.isSoft {
            keepLines(written, span.end, window, &out)
            written = span.end
            if keepsPlaces, !places.isEmpty { places[places.count - 1].end = span.end }
        }
    }

    /// The line breaks of what is removed stay, with a backslash before each that had one: line numbers don't change.
    private func keepLines(_ start: Int, _ end: Int, _ window: Window, _ out: inout [UInt8]) {
        var position = start
        while position < end {
            let byte = window[position]
            if byte == .lineFeed || (byte == .carriageReturn && window[position + 1] != .lineFeed) {
                let hasReturn = window[position - 1] == .carriageReturn && position > start
                if window[position - (hasReturn ? 2 : 1)] == .backslash { out.append(.backslash) }
                if hasReturn { out.append(.carriageReturn) }
                out.append(byte)
            }
            position += 1
        }
    }
}
