/// Finds a text in bytes (Horspool), a few lines each.
struct Needle: Sendable {
    private let bytes: [UInt8]
    private let skips: [Int]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var skips = [Int](repeating: max(1, bytes.count), count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { skips[Int(byte)] = bytes.count - 1 - index }
        self.skips = skips
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Where it begins, from `start` on.
    func find(in text: [UInt8], from start: Int) -> Int? {
        guard let last = bytes.last else { return nil }
        var end = start + bytes.count - 1
        while end < text.count {
            let byte = text[end]
            let begin = end - bytes.count + 1
            if byte == last, text[begin..<end].elementsEqual(bytes.dropLast()) { return begin }
            end += skips[Int(byte)]
        }
        return nil
    }
}

/// Walks over a text that comes in pieces and hands on the lines that hold a needle, with their numbers.
struct LineSearch {
    struct Hit: Sendable {
        var line: Int
        var text: String
    }

    private let needle: Needle
    private var held: [UInt8] = []
    private var lines = 0
    private(set) var hits: [Hit] = []
    /// Those beyond the ones that are kept, too.
    private(set) var count = 0
    private let most: Int

    private static let longestLine = 64 << 10
    private static let longestShown = 400

    init(_ needle: Needle, keeping most: Int) {
        self.needle = needle
        self.most = most
    }

    mutating func append(_ piece: [UInt8]) {
        held += piece
        guard let end = held.lastIndex(of: 0x0A) ?? (held.count > Self.longestLine ? held.count - 1 : nil) else {
            return
        }
        search(upTo: end + 1)
        held.removeSubrange(...end)
    }

    mutating func finish() {
        search(upTo: held.count)
        held = []
    }

    private mutating func search(upTo end: Int) {
        var position = 0
        var counted = 0
        while !needle.isEmpty, let found = needle.find(in: held, from: position), found < end {
            lines += LineSearch.lineFeeds(held, counted, found)
            counted = found
            let start = held[..<found].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let stop = held[found..<end].firstIndex(of: 0x0A) ?? end
            count += 1
            if hits.count < most {
                let text = String(decoding: held[start..<min(stop, start + Self.longestShown)], as: UTF8.self)
                hits.append(Hit(line: lines + 1, text: text))
            }
            position = stop
        }
        lines += LineSearch.lineFeeds(held, counted, end)
    }

    private static func lineFeeds(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        bytes.span.extracting(start..<max(start, end)).countLineFeeds()
    }
}

extension Span<UInt8> {
    fileprivate func countLineFeeds() -> Int {
        var count = 0
        for index in indices where self[index] == 0x0A { count += 1 }
        return count
    }
}
