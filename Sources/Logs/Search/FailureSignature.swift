/// How a failure shows in the log. Which ones there are is data (playbooks); ``known`` is a base to add to.
public struct FailureSignature: Sendable, Hashable {
    public let id: String
    /// Texts that must all stand in one record. White space in them stands for any white space.
    public let fragments: [String]
    /// Texts of which none may stand in the record.
    public let without: [String]
    /// Whether the word after the last fragment tells failures of this kind apart.
    public let isToldByNextWord: Bool

    public init(id: String, fragments: [String], without: [String] = [], isToldByNextWord: Bool = false) {
        self.id = id
        self.fragments = fragments
        self.without = without
        self.isToldByNextWord = isToldByNextWord
    }

    /// The known ones, the more telling first: the first that fits counts.
    public static let known: [FailureSignature] = [
        // Handshakes with clients of the Router are another matter.
        FailureSignature(
            id: "tls-bad-certificate", fragments: ["Received fatal alert: bad_certificate"],
            without: ["SSLServerChannel", " HTTP.SERVER "]),
        FailureSignature(
            id: "tls-fatal-alert", fragments: ["Received fatal alert:"],
            without: ["SSLServerChannel", " HTTP.SERVER "], isToldByNextWord: true),
        FailureSignature(id: "tls-server-untrusted", fragments: ["PKIX path building failed"]),
        FailureSignature(id: "tls-server-untrusted", fragments: ["PKIX path validation failed"]),
        FailureSignature(id: "tls-handshake-timeout", fragments: ["handshakeTimeout()"]),
        FailureSignature(id: "tls-handshake-failed", fragments: ["HTTPClient$Context.handshakeFailed()"]),
        FailureSignature(id: "unexpected-eof-at-target", fragments: ["Unexpected EOF at target"]),
        FailureSignature(id: "unexpected-eof-at-target", fragments: ["UnexpectedEOFAtTarget"]),
        FailureSignature(id: "no-active-targets", fragments: ["NoActiveTargets"]),
        FailureSignature(id: "error-response", fragments: ["ErrorResponse{errorCode ="], isToldByNextWord: true),
    ]
}

/// Signatures made ready for searching.
struct SignatureMatcher {
    private struct Prepared {
        let fragments: [FoldedText]
        let without: [FoldedText]
        let isToldByNextWord: Bool
    }

    private let prepared: [Prepared]
    /// One word of every signature: a stretch of log that holds none of them holds no failure.
    let anchors: [[UInt8]]

    init(_ signatures: [FailureSignature]) {
        prepared = signatures.map {
            Prepared(
                fragments: $0.fragments.map { FoldedText($0) }.filter { !$0.words.isEmpty },
                without: $0.without.map { FoldedText($0) }.filter { !$0.words.isEmpty },
                isToldByNextWord: $0.isToldByNextWord)
        }
        var anchors: [[UInt8]] = []
        let words = prepared.compactMap { $0.fragments.first?.anchor }.sorted { $0.count < $1.count }
        for word in words where !anchors.contains(where: { word.span.firstIndex(of: $0) != nil }) {
            anchors.append(word)
        }
        self.anchors = anchors
    }

    /// The first signature that fits, as an index, and the word that tells failures of its kind apart.
    func match(_ bytes: Span<UInt8>) -> (index: Int, detail: String?)? {
        for (index, signature) in prepared.enumerated() {
            var end = 0
            let isPresent =
                !signature.fragments.isEmpty
                && signature.fragments.allSatisfy { fragment in
                    guard let found = fragment.end(in: bytes) else { return false }
                    end = found
                    return true
                }
            guard isPresent, signature.without.allSatisfy({ $0.end(in: bytes) == nil }) else { continue }
            return (index, signature.isToldByNextWord ? Self.nextWord(bytes, from: end) : nil)
        }
        return nil
    }

    private static func nextWord(_ bytes: Span<UInt8>, from start: Int) -> String? {
        var first = start
        while first < bytes.count, bytes[first].isSpace {
            first += 1
        }
        var last = first
        while last < bytes.count, last - first < 96, isNamePart(bytes[last]) {
            last += 1
        }
        return last > first ? bytes.text(first..<last) : nil
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-")
    }
}

/// A text to be found whatever white space stands between its words, since documents wrap long lines.
struct FoldedText {
    let words: [[UInt8]]

    init(_ text: String) {
        words = text.utf8.split(whereSeparator: \.isSpace).map { Array($0) }
    }

    /// The word that is likely to be rare: a long one, rather one with a mark in it than an English one.
    var anchor: [UInt8] {
        words.max { Self.rarity($0) < Self.rarity($1) } ?? []
    }

    private static func rarity(_ word: [UInt8]) -> Int {
        word.count + (word.allSatisfy(\.isLetter) ? 0 : 10)
    }

    /// The index after the first occurrence.
    func end(in bytes: Span<UInt8>) -> Int? {
        guard let first = words.first else { return nil }
        var start = 0
        while let hit = bytes.firstIndex(of: first, from: start) {
            if let end = rest(in: bytes, from: hit + first.count) { return end }
            start = hit + 1
        }
        return nil
    }

    private func rest(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var position = start
        for word in words.dropFirst() {
            let gap = position
            while position < bytes.count, bytes[position].isSpace {
                position += 1
            }
            guard position > gap, bytes.hasPrefix(word, at: position) else { return nil }
            position += word.count
        }
        return position
    }
}
