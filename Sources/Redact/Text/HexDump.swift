/// A hexadecimal dump of bytes, as `tcpdump -X`, `xxd`, `hexdump -C`, `od -tx1z`, `tshark -x` and Java's
/// `javax.net.debug` write it: an offset, the bytes, and mostly the characters they are, on each line.
struct HexDump {
    struct Line {
        /// Index of its first byte.
        let first: Int
        let count: Int
        /// Positions behind the last digit and behind the last character.
        let tail: Int
        let end: Int
    }

    private(set) var bytes: [UInt8] = []
    /// Position of each byte's first digit.
    private(set) var digits: [Int] = []
    private(set) var lines: [Line] = []

    private static let widest = 64
    /// A wider gap is where digits end.
    private static let widestGap = 2

    /// The dump from the line around `position` on, or nil if that is no line of one.
    init?(in window: Window, around position: Int) {
        let first = window.lineStart(position)
        guard var next = Self.offset(in: window, at: first), next.after > position else { return nil }
        var start = first
        while true {
            let end = window.lineEnd(start)
            guard end < window.upper || window.isEnd else { break }
            var following = window.nextLine(after: end)
            // Lines like the one before are left out.
            let leavesOut = window[following] == UInt8(ascii: "*") && window.lineEnd(following) == following + 1
            if leavesOut { following = window.nextLine(after: following + 1) }
            let more = following < window.upper ? Self.offset(in: window, at: following) : nil
            let usual = lines.first?.count ?? 16
            let width = leavesOut ? usual : more.map { $0.value - next.value } ?? 0
            let isLast = !(1...Self.widest).contains(width)
            guard append(in: window, from: next.after, end: end, most: isLast ? usual : width, isLast: isLast), !isLast,
                let more
            else { break }
            (start, next) = (following, more)
        }
        guard bytes.count >= 4 else { return nil }
    }

    /// The offset that a line begins with, and the position behind it.
    private static func offset(in window: Window, at line: Int) -> (value: Int, after: Int)? {
        var position = window.skipBlanks(line)
        if window[position] == UInt8(ascii: "0"), window[position + 1] == UInt8(ascii: "x") { position += 2 }
        let start = position
        var value = 0
        while position - start < 9, let digit = window[position].hexValue {
            value = value << 4 | Int(digit)
            position += 1
        }
        guard (4...8).contains(position - start) else { return nil }
        if window[position] == .colon { position += 1 }
        return window[position].isBlank ? (value, position) : nil
    }

    /// Reads the bytes of a line; false if they are not all there, as where something was removed.
    private mutating func append(in window: Window, from start: Int, end: Int, most: Int, isLast: Bool) -> Bool {
        var found: [Int] = []
        var position = window.skipBlanks(start)
        while found.count < most, position < end, window[position].isHex, window[position + 1].isHex {
            found.append(position)
            let next = window.skipBlanks(position + 2)
            guard next - position - 2 <= Self.widestGap else { break }
            position = next
        }
        let marker = Marker.length(in: window, at: position)
        guard isLast || found.count == most || marker != nil else { return false }
        if let last = found.last {
            lines.append(Line(first: bytes.count, count: found.count, tail: last + 2, end: end))
            digits += found
            bytes += found.map { (window[$0].hexValue ?? 0) << 4 | (window[$0 + 1].hexValue ?? 0) }
        }
        guard let marker else { return !found.isEmpty }
        // What was removed before is so once more: the name before it must not seem to have another value.
        digits += position..<(position + marker)
        bytes += window.slice(position, position + marker)
        return false
    }

    /// Where the digits of `range` stand, and the characters, line by line.
    func places(of range: Range<Int>, in window: Window) -> [(digits: Range<Int>, text: Range<Int>)] {
        lines.compactMap { line in
            let part = range.clamped(to: line.first..<(line.first + line.count))
            guard let last = part.last else { return nil }
            return (digits[part.lowerBound]..<(digits[last] + 2), text(of: part, on: line, in: window))
        }
    }

    /// The characters of bytes of one line; all that the line has where it is not clear which.
    private func text(of part: Range<Int>, on line: Line, in window: Window) -> Range<Int> {
        var end = line.end
        if end > line.tail, window[end - 1] == UInt8(ascii: "|") || window[end - 1] == .less { end -= 1 }
        let start = end - line.count
        let isThere =
            start >= line.tail
            && (0..<line.count).allSatisfy { index in
                let byte = bytes[line.first + index]
                return !(0x21..<0x7F).contains(byte) || window[start + index] == byte
            }
        guard isThere else { return line.tail..<line.end }
        return (start + part.lowerBound - line.first)..<(start + part.upperBound - line.first)
    }
}

extension TextEngine {
    /// Looks at what a hexadecimal dump says, and removes the digits and the characters of what is found.
    func inspectHexDump(around place: Int, in window: Window) {
        let inside = nest.inside(archive: false)
        guard !inside.isTooDeep, let dump = HexDump(in: window, around: place) else { return }
        let budget = budget ?? LookBudget(for: dump.bytes.count)
        guard budget.take(dump.bytes.count) else { return }
        for found in look(into: dump.bytes, depth: depth, nest: inside, budget, keepsPlaces: true).places {
            let rule = queue.number(of: found.rule)
            for (index, part) in dump.places(of: found.start..<found.end, in: window).enumerated() {
                // Among the digits the marker also says where the dump is one no more.
                for range in [part.digits, part.text] where !range.isEmpty {
                    queue.add(
                        SpanQueue.Span(
                            start: range.lowerBound, end: range.upperBound, rule: rule, priority: 100,
                            code: index == 0 ? found.code : nil))
                }
            }
        }
    }
}
