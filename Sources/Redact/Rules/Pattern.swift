/// The shape of a token: parts in a row, each a set of bytes and how many of them there may be.
///
/// Every part takes as many bytes as it can and gives none back. ``PatternParser`` refuses shapes in which that could
/// miss a match, so matching takes one step per byte and never goes back.
struct Pattern: Sendable {
    struct Part: Sendable {
        var set: ByteSet
        var count: ClosedRange<Int>
    }

    /// The literal bytes that wake the pattern, and between which other parts they stand.
    let anchor: [UInt8]
    let before: [Part]
    let after: [Part]
    /// The parts that are the secret, counted over ``before``, the bytes of the anchor, and ``after``.
    let secret: Range<Int>

    /// Where a match starts and ends, and where in it the secret lies.
    struct Match {
        var whole: Range<Int>
        var secret: Range<Int>
    }

    /// The match whose anchor starts at `start`.
    func match(in window: Window, at start: Int) -> Match? {
        for offset in anchor.indices where window[start + offset] != anchor[offset] { return nil }
        var first = start
        var last = start + anchor.count
        let afterIndex = before.count + anchor.count
        var secretStart = start + min(max(secret.lowerBound - before.count, 0), anchor.count)
        var secretEnd = start + min(max(secret.upperBound - before.count, 0), anchor.count)
        for (offset, part) in after.enumerated() {
            if secret.lowerBound == afterIndex + offset { secretStart = last }
            var count = 0
            while count < part.count.upperBound, part.set.contains(window[last]) {
                last += 1
                count += 1
            }
            guard count >= part.count.lowerBound else { return nil }
            if secret.upperBound == afterIndex + offset + 1 { secretEnd = last }
        }
        for (index, part) in before.enumerated().reversed() {
            if secret.upperBound == index + 1, index + 1 < before.count { secretEnd = first }
            var count = 0
            while count < part.count.upperBound, part.set.contains(window[first - 1]) {
                first -= 1
                count += 1
            }
            guard count >= part.count.lowerBound else { return nil }
            if secret.lowerBound == index { secretStart = first }
        }
        return Match(whole: first..<last, secret: secretStart..<max(secretStart, secretEnd))
    }
}
