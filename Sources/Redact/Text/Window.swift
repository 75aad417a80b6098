internal import Glibc

/// The part of the input that a recogniser may look at.
///
/// Positions are offsets from the start of the whole input. Reading outside the window gives 0, so a recogniser needs no
/// bounds checks of its own, and its answer depends on nothing but the window's bytes: that makes the result of a
/// stream independent of how the input was cut into chunks.
@safe struct Window {
    private let start: UnsafePointer<UInt8>
    let lower: Int
    let upper: Int
    /// True if the input ends at `upper`.
    let isEnd: Bool

    /// - Parameter start: where the byte at `lower` lies; it must stay there as long as the window is used.
    @inline(__always)
    init(start: UnsafePointer<UInt8>, lower: Int, upper: Int, isEnd: Bool) {
        unsafe self.start = start
        self.lower = lower
        self.upper = upper
        self.isEnd = isEnd
    }

    /// A window with nothing in it.
    static var empty: Window {
        unsafe Window(start: ("" as StaticString).utf8Start, lower: 0, upper: 0, isEnd: true)
    }

    /// A window over all of `bytes`, good within `body` only.
    static func over<Result>(_ bytes: [UInt8], _ body: (Window) -> Result) -> Result {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else {
                return body(.empty)
            }
            return unsafe body(Window(start: start, lower: 0, upper: buffer.count, isEnd: true))
        }
    }

    /// The part before a place.
    func upTo(_ end: Int) -> Window {
        unsafe Window(start: start, lower: lower, upper: max(lower, min(end, upper)), isEnd: false)
    }

    @inline(__always)
    subscript(position: Int) -> UInt8 {
        let offset = UInt(bitPattern: position &- lower)
        return offset < UInt(bitPattern: upper &- lower) ? unsafe start[Int(bitPattern: offset)] : 0
    }

    /// The bytes from `from` up to `end`, as far as they lie in the window.
    @inline(__always)
    func bytes(_ from: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
        let first = min(max(from, lower), upper)
        let last = max(first, min(end, upper))
        return unsafe UnsafeBufferPointer(start: start + (first - lower), count: last - first)
    }

    /// A copy of the bytes from `from` up to `end`, as far as they lie in the window.
    func slice(_ from: Int, _ end: Int) -> [UInt8] { unsafe Array(bytes(from, end)) }

    /// True if `text` stands at `position`, byte for byte.
    func has(_ text: StaticString, at position: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position >= lower, position + count <= upper else { return false }
        let here = unsafe start + (position - lower)
        let there = unsafe text.utf8Start
        for offset in 0..<count where unsafe here[offset] != there[offset] { return false }
        return true
    }

    /// True if `text`, which must be lower case, stands at `position` in any case.
    func hasFolded(_ text: StaticString, at position: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position >= lower, position + count <= upper else { return false }
        let here = unsafe start + (position - lower)
        let there = unsafe text.utf8Start
        for offset in 0..<count where unsafe here[offset].lowercased != there[offset] { return false }
        return true
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

    /// True if `byte` stands between `start` and `end`.
    func contains(_ byte: UInt8, from start: Int, to end: Int) -> Bool {
        let bytes = unsafe bytes(start, end)
        guard let base = bytes.baseAddress else { return false }
        return unsafe memchr(base, Int32(byte), bytes.count) != nil
    }

    /// The first position from `start` where `text` stands, byte for byte.
    func find(_ text: StaticString, from start: Int) -> Int? {
        let first = max(start, lower)
        return (first..<max(first, upper)).first { has(text, at: $0) }
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

    /// The place behind the two digits at `position`, if they belong to a percent escape that begins right before it; else
    /// `position`.
    func skipEscapeDigits(_ position: Int) -> Int {
        let isEscape = self[position - 1] == .percent && self[position].isHex && self[position + 1].isHex
        return isEscape ? position + 2 : position
    }

    /// The end of the line that holds `position`: its line break, a NUL, or the end of the window.
    func lineEnd(_ position: Int) -> Int {
        var end = position
        while end < upper, !self[end].isLineBreak, self[end] != 0 { end += 1 }
        return end
    }

    /// The start of the next line, behind the line break at `position`.
    func nextLine(after position: Int) -> Int {
        position + (self[position] == .carriageReturn && self[position + 1] == .lineFeed ? 2 : 1)
    }

    /// The start of the line before the one that starts at `line`, which is not the window's first.
    func previousLine(before line: Int) -> Int {
        let end = line - 1
        return lineStart(self[end] == .lineFeed && self[end - 1] == .carriageReturn ? end - 1 : end)
    }

    /// The start of the line that holds `position`, or of the window.
    func lineStart(_ position: Int) -> Int {
        var start = position
        while start > lower, !self[start - 1].isLineBreak { start -= 1 }
        // Behind the mark of UTF-8 at the start of a text.
        return start == 0 && position >= 3 && has("\u{FEFF}", at: 0) ? 3 : start
    }
}
