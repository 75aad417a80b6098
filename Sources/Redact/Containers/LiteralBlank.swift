/// Makes learned literals unreadable where nothing may become longer: in packets, and in text that is encoded as a whole.
struct LiteralBlank {
    private let vault: SecretVault
    private let filler: UInt8
    /// Bytes that a literal may still go on into.
    private var held: [UInt8] = []
    private(set) var findings: [String: Int] = [:]

    /// - Parameter filler: stands in place of each byte of a literal.
    init(vault: SecretVault, filler: UInt8) {
        self.vault = vault
        self.filler = filler
    }

    mutating func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        held += bytes
        blank(upTo: held.count - vault.longestForm, to: &out)
    }

    mutating func finish(to out: inout [UInt8]) { blank(upTo: held.count, to: &out) }

    /// Passes on the bytes before `end`.
    private mutating func blank(upTo end: Int, to out: inout [UInt8]) {
        guard end > 0 else { return }
        var hits: [(range: Range<Int>, rule: String)] = []
        unsafe held.withUnsafeBufferPointer { bytes in
            unsafe vault.forEachMatch(in: bytes, from: 0, to: bytes.count) { match, literal in
                hits.append((match.start..<match.end, literal().rule))
                return match.end
            }
        }
        for (range, rule) in hits {
            for index in range { held[index] = filler }
            findings[rule, default: 0] += 1
        }
        out += held[..<end]
        held.removeFirst(end)
    }
}
