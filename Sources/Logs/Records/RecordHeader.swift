/// The head of a text record: `DATE TIME[,.]mmm [UTC ] [org:O env:E [api:A rev:R messageid:ID ]] THREAD LEVEL LOGGER - `.
///
/// Every part may be missing, and a value may be empty (`org: env: main INFO`). Samples in documents wrap the head over
/// a few lines, which is tolerated.
struct RecordHeader {
    var stamp: LogTimestamp?
    var context: [String: String] = [:]
    var thread: String?
    var level: String?
    var logger: String?
    /// Where the message begins.
    var messageStart = 0

    /// The names that Edge's log pattern prints (MDC keys).
    private static let keys = ["org", "env", "api", "rev", "messageid"].map { ($0, Array(($0 + ":").utf8)) }
    private static let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].map { Array($0.utf8) }
    private static let valueLimit = 256
    private static let headLimit = 16 << 10
    private static let wrappedLines = 2

    init(_ bytes: Span<UInt8>) {
        stamp = LogTimestamp(bytes, at: 0)
        var position = stamp?.end ?? 0
        let head = bytes.extracting(0..<min(bytes.count, Self.headLimit))
        messageStart = position
        var threadRange: Range<Int>?
        while let word = Self.word(head, from: position) {
            // Without a level in the first lines the rest is a message, not a head.
            guard Self.lineFeeds(head, 0..<word.lowerBound) <= Self.wrappedLines else { break }
            position = word.upperBound
            if threadRange == nil, let (key, value) = Self.contextValue(head, word) {
                context[key] = value
                messageStart = Self.skipSpaces(bytes, from: position)
            } else if Self.levels.contains(where: { $0.count == word.count && head.hasPrefix($0, at: word.lowerBound) })
            {
                level = head.text(word)
                thread = threadRange.map { head.text($0, limit: Self.valueLimit) }
                position = readLogger(head, from: position)
                messageStart = Self.skipSpaces(bytes, from: position)
                return
            } else {
                threadRange = (threadRange?.lowerBound ?? word.lowerBound)..<word.upperBound
            }
        }
        messageStart = Self.skipSpaces(bytes, from: messageStart)
    }

    /// Reads `LOGGER -`, and gives the index after it.
    private mutating func readLogger(_ head: Span<UInt8>, from start: Int) -> Int {
        guard let word = Self.word(head, from: start) else { return start }
        if Self.isDash(head, word) { return word.upperBound }
        guard let dash = Self.word(head, from: word.upperBound), Self.isDash(head, dash) else {
            // No dash: what follows the level is already the message.
            return start
        }
        logger = head.text(word, limit: Self.valueLimit)
        return dash.upperBound
    }

    private static func isDash(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        word.count == 1 && bytes[word.lowerBound] == UInt8(ascii: "-")
    }

    private static func contextValue(_ bytes: Span<UInt8>, _ word: Range<Int>) -> (String, String)? {
        for (name, prefix) in keys where word.count >= prefix.count && bytes.hasPrefix(prefix, at: word.lowerBound) {
            return (name, bytes.text(word.lowerBound + prefix.count..<word.upperBound, limit: valueLimit))
        }
        return nil
    }

    private static func word(_ bytes: Span<UInt8>, from start: Int) -> Range<Int>? {
        let first = skipSpaces(bytes, from: start)
        var last = first
        while last < bytes.count, !bytes[last].isSpace {
            last += 1
        }
        return last > first ? first..<last : nil
    }

    private static func skipSpaces(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position].isSpace {
            position += 1
        }
        return position
    }

    private static func lineFeeds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        var position = range.lowerBound
        while let feed = bytes.firstIndex(of: .lineFeed, from: position), feed < range.upperBound {
            count += 1
            position = feed + 1
        }
        return count
    }
}
