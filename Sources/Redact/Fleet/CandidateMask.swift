internal import Crypto

/// Masks in texts of one node what other nodes know for a secret: of each word that could be one the keyed fingerprint
/// is made, and where it is that of a marker, the marker takes the word's place.
///
/// Only texts that were redacted under the same key can be searched this way. Words end at blanks, quotation marks and
/// angle brackets, and are also looked at in parts between the marks of URLs, fields and lists. What is written in
/// another way (encoded, over several lines, with blanks in it) has another fingerprint and is not found. Values that
/// the redactor itself would not search for, since they are too short or too common, stay.
public final class CandidateMask: Sendable {
    private let fingerprint: Fingerprint
    private let rules: [UInt64: String]
    private let protected: [[UInt8]]
    /// With the key in it already.
    private let hasher: SHA256
    /// One bit for each low part of a fingerprint that a marker has: most words are not looked up.
    private let filter: [UInt64]

    private static let filterBits = 1 << 20

    /// - Parameters:
    ///   - key: 32 bytes, of the markers.
    ///   - markers: what is known to be secret.
    ///   - protected: names that must stay: organisation, environment, proxy, hosts, aliases, message ids.
    /// - Throws: ``RedactionError`` `.badKey`.
    public init(key: [UInt8], markers: MarkerCollector, protected: [String]) throws(RedactionError) {
        fingerprint = try Fingerprint(key: key)
        rules = markers.rules
        hasher = fingerprint.hasher()
        var filter = [UInt64](repeating: 0, count: Self.filterBits / 64)
        for code in markers.rules.keys {
            let bit = Int(truncatingIfNeeded: code) & (Self.filterBits - 1)
            filter[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        self.filter = filter
        self.protected = protected.map { Array($0.utf8).map(\.lowercased) }.filter { !$0.isEmpty }
    }

    /// Whether there is anything to look for.
    public var isEmpty: Bool { rules.isEmpty }

    /// The rule under which `word` is known; nil if it is not.
    func rule(of word: ArraySlice<UInt8>) -> (rule: String, code: UInt64)? {
        guard (LiteralIndex.shortest...Self.longest).contains(word.count), !Self.isPlain(word) else { return nil }
        var hasher = hasher
        unsafe word.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        let code = Fingerprint.code(hasher.finalize())
        let bit = Int(truncatingIfNeeded: code) & (Self.filterBits - 1)
        guard filter[bit >> 6] & (1 << UInt64(bit & 63)) != 0, let rule = rules[code] else { return nil }
        let value = Array(word)
        guard !Marker.isMarker(value), !Commonness.isCommon(value), !isProtected(value) else {
            return nil
        }
        return (rule, code)
    }

    static let longest = 4096

    /// Small letters and marks, or digits and marks, told quickly: such are too common to be searched for
    /// (``Commonness``).
    private static func isPlain(_ word: ArraySlice<UInt8>) -> Bool {
        var (run, longest, letters, digits, marks) = (0, 0, 0, 0, 0)
        for byte in word {
            if byte.isLower {
                letters += 1
                run += 1
                longest = max(longest, run)
                continue
            }
            run = 0
            if byte.isDigit {
                digits += 1
            } else if byte == .dash || byte == .dot || byte == .colon {
                marks += 1
            } else {
                return false
            }
        }
        return digits == 0 ? longest < 12 : letters == 0 && (marks > 0 || word.count < 12)
    }

    private func isProtected(_ value: [UInt8]) -> Bool {
        let lower = value.map(\.lowercased)
        return protected.contains { name in
            lower.count <= name.count
                && (0...(name.count - lower.count)).contains { name[$0..<($0 + lower.count)].elementsEqual(lower) }
        }
    }
}

/// One text on its way through a ``CandidateMask``.
public final class CandidateStream {
    private let mask: CandidateMask
    private var held: [UInt8] = []
    /// Used again and again, so that a word takes no memory of its own.
    private var starts: [Int] = []
    /// Words that were looked at and are no secret, by hash.
    private var seen = [UInt64](repeating: 0, count: 1 << 15)
    private let seed = UInt64.random(in: .min ... .max) | 1
    /// How often each rule's markers were put in.
    public private(set) var findings: [String: Int] = [:]

    /// A word that is longer is looked at in pieces.
    private static let longestHeld = 64 << 10
    /// Marks within a word beyond which not every part is looked at.
    private static let mostParts = 4

    public init(_ mask: CandidateMask) { self.mask = mask }

    public func append(_ bytes: [UInt8], to out: inout [UInt8]) {
        held += bytes
        guard let end = held.lastIndex(where: Self.endsWord) ?? (held.count > Self.longestHeld ? held.count - 1 : nil)
        else { return }
        take(held[...end], to: &out)
        held.removeSubrange(...end)
    }

    public func finish(to out: inout [UInt8]) {
        take(held[...], to: &out)
        held = []
    }

    private func take(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        var position = text.startIndex
        while position < text.endIndex {
            var end = position
            while end < text.endIndex, !Self.endsWord(text[end]) { end += 1 }
            if end - position >= LiteralIndex.shortest {
                word(text[position..<end], to: &out)
            } else {
                out += text[position..<end]
            }
            if end < text.endIndex { out.append(text[end]) }
            position = end + 1
        }
    }

    private func word(_ word: ArraySlice<UInt8>, to out: inout [UInt8]) {
        let hash = unsafe word.withUnsafeBufferPointer { unsafe Hashing.hash($0, seed: seed) } | 1
        let slot = Int(truncatingIfNeeded: hash >> 8) & (seen.count - 1)
        if seen[slot] == hash { return out += word }
        guard let match = match(in: word) else {
            seen[slot] = hash
            return out += word
        }
        out += word[..<match.range.lowerBound]
        Marker.write(rule: match.rule, code: match.code, to: &out)
        findings[match.rule, default: 0] += 1
        // What follows may hold another one.
        let rest = word[match.range.upperBound...]
        if rest.count >= LiteralIndex.shortest { self.word(rest, to: &out) } else { out += rest }
    }

    private struct Match {
        let range: Range<Int>
        let rule: String
        let code: UInt64
    }

    /// The first part of the word that is known, the longest where several begin at one place.
    private func match(in word: ArraySlice<UInt8>) -> Match? {
        starts.removeAll(keepingCapacity: true)
        starts.append(word.startIndex)
        for index in word.indices where Self.divides(word[index]) { starts.append(index + 1) }
        for (number, start) in starts.enumerated() where word.endIndex - start >= LiteralIndex.shortest {
            // To the end of the word, and to the ends of the next parts, the longest first.
            let parts = min(Self.mostParts, starts.count - number - 1)
            for part in stride(from: parts + 1, through: 1, by: -1) {
                var last = part > parts ? word.endIndex : starts[number + part] - 1
                // The full stop of a sentence belongs to no word.
                while true {
                    if let found = mask.rule(of: word[start..<last]) {
                        return Match(range: start..<last, rule: found.rule, code: found.code)
                    }
                    guard last > start, Self.closes(word[last - 1]) else { break }
                    last -= 1
                }
            }
        }
        return nil
    }

    private static let ends = ByteSet("\"'`<>\\\u{7f}")
    private static let dividers = ByteSet("=:,;&?/@|()[]{}#")
    private static let closers = ByteSet(".,;:!?)]}")

    private static func endsWord(_ byte: UInt8) -> Bool { byte <= 0x20 || ends.contains(byte) }
    private static func divides(_ byte: UInt8) -> Bool { dividers.contains(byte) }
    private static func closes(_ byte: UInt8) -> Bool { closers.contains(byte) }
}
