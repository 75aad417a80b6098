/// Many literals looked for at once: a filter over four bytes, then a table, then the bytes themselves.
struct LiteralIndex {
    private var patterns: [[UInt8]] = []
    private var byHead: [UInt32: [Int]] = [:]
    /// By ``slot(_:)``: whether any literal begins with such bytes.
    private(set) var filter = [Bool](repeating: false, count: 1 << 16)
    /// Bytes of the longest literal.
    private(set) var longest = 0

    var isEmpty: Bool { patterns.isEmpty }

    init(secrets: [[UInt8]]) {
        for form in secrets.reduce(into: Set<[UInt8]>(), { $0.formUnion(LiteralForms.all(of: $1)) }) {
            let head = form.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            byHead[head, default: []].append(patterns.count)
            filter[LiteralIndex.slot(head)] = true
            patterns.append(form)
            longest = max(longest, form.count)
        }
    }

    /// `head`: the four bytes that end at `index`.
    func hits(_ text: Span<UInt8>, head: UInt32, endingAt index: Int) -> Bool {
        guard let candidates = byHead[head] else { return false }
        return candidates.contains { text.has(patterns[$0], at: index - 3) }
    }

    func contains(_ text: [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        let span = text.span
        var head: UInt32 = 0
        for index in span.indices {
            head = head << 8 | UInt32(span[index])
            if index >= 3, hits(span, head: head, endingAt: index) { return true }
        }
        return false
    }

    static func slot(_ head: UInt32) -> Int { Int((head &* 0x9e37_79b1) >> 16) }
}
