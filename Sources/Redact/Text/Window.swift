/// The part of the input that a recogniser may look at.
///
/// Positions are offsets from the start of the whole input. Reading outside the window gives 0, so a recogniser needs no
/// bounds checks of its own, and its answer depends on nothing but the window's bytes: that makes the result of a
/// stream independent of how the input was cut into chunks.
struct Window {
    private let bytes: [UInt8]
    /// Position of the first element of `bytes`.
    private let base: Int
    let lower: Int
    let upper: Int
    /// True if the input ends at `upper`.
    let isEnd: Bool

    init(_ bytes: [UInt8], base: Int, lower: Int, upper: Int, isEnd: Bool) {
        self.bytes = bytes
        self.base = base
        self.lower = max(lower, base)
        self.upper = min(upper, base + bytes.count)
        self.isEnd = isEnd
    }

    init(whole bytes: [UInt8]) {
        self.init(bytes, base: 0, lower: 0, upper: bytes.count, isEnd: true)
    }

    subscript(position: Int) -> UInt8 {
        position >= lower && position < upper ? bytes[position - base] : 0
    }

    /// The bytes from `start` up to `end`, as far as they lie in the window.
    func slice(_ start: Int, _ end: Int) -> [UInt8] {
        let from = max(start, lower)
        let to = min(end, upper)
        return from < to ? Array(bytes[(from - base)..<(to - base)]) : []
    }

    /// True if `text` stands at `position`, byte for byte.
    func has(_ text: StaticString, at position: Int) -> Bool {
        guard position >= lower, position + text.utf8CodeUnitCount <= upper else { return false }
        var index = position
        return text.withUTF8Buffer { buffer in
            for offset in 0..<buffer.count {
                if self[index] != (unsafe buffer[offset]) { return false }
                index += 1
            }
            return true
        }
    }

    /// True if `text`, which must be lower case, stands at `position` in any case.
    func hasFolded(_ text: StaticString, at position: Int) -> Bool {
        guard position >= lower, position + text.utf8CodeUnitCount <= upper else { return false }
        var index = position
        return text.withUTF8Buffer { buffer in
            for offset in 0..<buffer.count {
                if self[index].lowercased != (unsafe buffer[offset]) { return false }
                index += 1
            }
            return true
        }
    }

    /// True if `text` ends right before `position`, in any case.
    func endsFolded(_ text: StaticString, before position: Int) -> Bool {
        hasFolded(text, at: position - text.utf8CodeUnitCount)
    }

    /// The first position at or after `start` and before `end` where `text` (lower case) stands in any case.
    func findFolded(_ text: StaticString, from start: Int, to end: Int) -> Int? {
        var position = max(start, lower)
        let last = min(end, upper) - text.utf8CodeUnitCount
        while position <= last {
            if hasFolded(text, at: position) { return position }
            position += 1
        }
        return nil
    }

    /// The first position from `start` that holds no blank (space or tab); line breaks count as blanks on demand.
    func skipBlanks(_ start: Int, lines: Bool = false) -> Int {
        var position = start
        while position < upper, self[position].isBlank || (lines && self[position].isLineBreak) { position += 1 }
        return position
    }

    /// The last position at or before `end` after which only blanks stand before `end`.
    func skipBlanksBack(_ end: Int, lines: Bool = false) -> Int {
        var position = end
        while position > lower, self[position - 1].isBlank || (lines && self[position - 1].isLineBreak) {
            position -= 1
        }
        return position
    }

    /// The end of the line that holds `position`: its line break, a NUL, or the end of the window.
    func lineEnd(_ position: Int) -> Int {
        var end = position
        while end < upper, !self[end].isLineBreak, self[end] != 0 { end += 1 }
        return end
    }

    /// The start of the line that holds `position`, or of the window.
    func lineStart(_ position: Int) -> Int {
        var start = position
        while start > lower, !self[start - 1].isLineBreak { start -= 1 }
        return start
    }
}
