/// Turns 16-bit text into UTF-8 and back, chunk by chunk. A unit that is no character keeps its value (as WTF-8 does).
struct UTF16Decoder {
    let bigEndian: Bool
    private var half: UInt8?
    private var high: UInt32?

    init(bigEndian: Bool) {
        self.bigEndian = bigEndian
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = bigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
            if let lead = high {
                high = nil
                if (0xDC00..<0xE000).contains(unit) {
                    UTF16Text.put(0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00), &result)
                    continue
                }
                UTF16Text.put(lead, &result)
            }
            if (0xD800..<0xDC00).contains(unit) { high = unit } else { UTF16Text.put(unit, &result) }
        }
        return result
    }

    /// What is left at the end: half a pair, and half a unit, which is no text.
    mutating func finish() -> (text: [UInt8], half: UInt8?) {
        var result: [UInt8] = []
        if let lead = high { UTF16Text.put(lead, &result) }
        high = nil
        return (result, half)
    }
}

/// Redacts 16-bit text through an engine for UTF-8.
final class WidePass {
    let engine: TextEngine
    private let strict: StrictPass?
    private var decoder: UTF16Decoder
    private var encoder: UTF16Encoder

    init(engine: TextEngine, strict: StrictPass?, bigEndian: Bool) {
        self.engine = engine
        self.strict = strict
        decoder = UTF16Decoder(bigEndian: bigEndian)
        encoder = UTF16Encoder(bigEndian: bigEndian)
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        var text: [UInt8] = []
        engine.append(decoder.append(bytes)[...], to: &text, through: strict)
        encoder.append(text, to: &out)
    }

    func finish(to out: inout [UInt8]) {
        var text: [UInt8] = []
        let rest = decoder.finish()
        engine.append(rest.text[...], to: &text, through: strict)
        engine.finish(to: &text, through: strict)
        encoder.append(text, to: &out)
        if let half = rest.half { out.append(half) }
    }
}

/// Turns UTF-8 back into 16-bit text.
struct UTF16Encoder {
    let bigEndian: Bool
    private var pending: [UInt8] = []

    init(bigEndian: Bool) {
        self.bigEndian = bigEndian
    }

    mutating func append(_ bytes: [UInt8], to out: inout [UInt8]) {
        for byte in bytes {
            pending.append(byte)
            let lead = pending[0]
            let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard pending.count == length else { continue }
            var code = UInt32(length == 1 ? lead : lead & (0xFF >> (UInt8(length) + 1)))
            for next in pending.dropFirst() { code = code << 6 | UInt32(next & 0x3F) }
            pending = []
            if code < 0x10000 {
                put(UInt16(truncatingIfNeeded: code), &out)
            } else {
                put(UInt16(truncatingIfNeeded: 0xD800 + ((code - 0x10000) >> 10)), &out)
                put(UInt16(truncatingIfNeeded: 0xDC00 + ((code - 0x10000) & 0x3FF)), &out)
            }
        }
    }

    private func put(_ unit: UInt16, _ out: inout [UInt8]) {
        let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
        out += bigEndian ? bytes : bytes.reversed()
    }
}

enum UTF16Text {
    /// Appends a code point in UTF-8, lone surrogates included.
    static func put(_ code: UInt32, _ out: inout [UInt8]) {
        switch code {
        case ..<0x80: out.append(UInt8(code))
        case ..<0x800: out += [UInt8(0xC0 | code >> 6), UInt8(0x80 | code & 0x3F)]
        case ..<0x10000: out += [UInt8(0xE0 | code >> 12), UInt8(0x80 | code >> 6 & 0x3F), UInt8(0x80 | code & 0x3F)]
        default:
            out += [
                UInt8(0xF0 | code >> 18 & 7), UInt8(0x80 | code >> 12 & 0x3F), UInt8(0x80 | code >> 6 & 0x3F),
                UInt8(0x80 | code & 0x3F),
            ]
        }
    }
}
