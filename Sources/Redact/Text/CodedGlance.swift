/// A look at what a run of coded text says, in each alignment, before anything is decoded into memory: nearly all runs
/// are digests, ids and paths, and say nothing.
///
/// It may let pass what ``CodedText/decodings(of:)`` finds nothing in, but never turn away what it would return.
@safe struct CodedGlance {
    private var count = 0
    private var printable = 0
    private var zeros = 0
    private var stretch = 0
    private var longest = 0
    private var first: UInt8 = 0
    private var second: UInt8 = 0

    /// True if the characters may stand for text or a file.
    static func isWorthDecoding(_ digits: UnsafeBufferPointer<UInt8>) -> Bool {
        var end = digits.count
        while end > 0, unsafe digits[end - 1] == .equals { end -= 1 }
        var others: UInt8 = 0
        for index in 0..<end { others |= unsafe digits[index].isHex ? 0 : 1 }
        if others == 0, end == digits.count {
            if (0..<2).contains(where: { unsafe hex(digits, from: $0).isWorthIt(isStart: $0 == 0) }) { return true }
            if end >= 32 { return false }
        }
        if (0..<4).contains(where: { unsafe base64(digits, from: $0, to: end).isWorthIt(isStart: $0 == 0) }) {
            return true
        }
        return unsafe CodedText.hasEmbeddedStart(in: digits)
    }

    private static func hex(_ digits: UnsafeBufferPointer<UInt8>, from start: Int) -> CodedGlance {
        var glance = CodedGlance()
        var index = start
        while index + 1 < digits.count {
            let (high, low) = unsafe (digits[index].hexValue ?? 0, digits[index + 1].hexValue ?? 0)
            glance.take(high << 4 | low)
            index += 2
        }
        return glance
    }

    private static func base64(_ digits: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> CodedGlance {
        var glance = CodedGlance()
        var (bits, held): (UInt32, UInt32) = (0, 0)
        var index = start
        while index < end, let digit = unsafe Base64.value(of: digits[index]) {
            (bits, held) = (bits << 6 | UInt32(digit), held + 6)
            index += 1
            guard held >= 8 else { continue }
            held -= 8
            glance.take(UInt8(truncatingIfNeeded: bits >> held))
        }
        return glance
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) {
        if count == 0 { first = byte }
        if count == 1 { second = byte }
        let isPrintable = CodedText.isPrintable(byte)
        count &+= 1
        printable &+= isPrintable ? 1 : 0
        zeros &+= byte == 0 ? 1 : 0
        stretch = isPrintable ? stretch &+ 1 : 0
        longest = max(longest, stretch)
    }

    private func isWorthIt(isStart: Bool) -> Bool {
        guard count >= CodedText.shortestDecoded else { return false }
        if longest >= CodedText.shortestText || CodedText.isReadable(printable, of: count) { return true }
        // Text of wide characters is a fourth zeros, and a tar archive has its magic far inside.
        return isStart && (FormatSniffer.mayBegin(first, second) || zeros * 4 >= count || count >= 512)
    }
}
