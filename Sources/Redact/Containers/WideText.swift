/// Text in units of two or four bytes (UTF-16, UTF-32).
struct WideEncoding: Equatable {
    let unitBytes: Int
    let bigEndian: Bool
}

/// Turns wide text into UTF-8, chunk by chunk. A unit that is no character keeps its value, in UTF-8's old long forms.
struct WideDecoder {
    let encoding: WideEncoding
    /// Bytes of a unit that is not complete.
    private var pending: [UInt8] = []
    private var high: UInt32?

    init(_ encoding: WideEncoding) {
        self.encoding = encoding
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            pending.append(byte)
            guard pending.count == encoding.unitBytes else { continue }
            var unit: UInt32 = 0
            for index in 0..<encoding.unitBytes {
                unit = unit << 8 | UInt32(pending[encoding.bigEndian ? index : encoding.unitBytes - 1 - index])
            }
            pending.removeAll(keepingCapacity: true)
            put(unit, &result)
        }
        return result
    }

    /// What is left at the end: half a pair, and bytes that are no unit and no text.
    mutating func finish() -> (text: [UInt8], rest: [UInt8]) {
        var result: [UInt8] = []
        if let lead = high { LongUTF8.put(lead, &result) }
        high = nil
        return (result, pending)
    }

    private mutating func put(_ unit: UInt32, _ result: inout [UInt8]) {
        guard encoding.unitBytes == 2 else { return LongUTF8.put(unit, &result) }
        if let lead = high {
            high = nil
            if (0xDC00..<0xE000).contains(unit) {
                return LongUTF8.put(0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00), &result)
            }
            LongUTF8.put(lead, &result)
        }
        if (0xD800..<0xDC00).contains(unit) { high = unit } else { LongUTF8.put(unit, &result) }
    }
}

/// Turns UTF-8 back into wide text.
struct WideEncoder {
    let encoding: WideEncoding
    private var code: UInt32 = 0
    private var owed = 0

    init(_ encoding: WideEncoding) {
        self.encoding = encoding
    }

    mutating func append(_ bytes: [UInt8], to out: inout [UInt8]) {
        out.reserveCapacity(out.count + bytes.count * encoding.unitBytes)
        for byte in bytes {
            if owed > 0, byte & 0xC0 == 0x80 {
                code = code << 6 | UInt32(byte & 0x3F)
                owed -= 1
            } else {
                owed = LongUTF8.following(byte)
                // A byte out of place stands for itself: it can only come from a cut inside of a character.
                code = owed == 0 ? UInt32(byte) : UInt32(byte) & (0x3F >> UInt32(owed))
            }
            if owed == 0 { put(code, &out) }
        }
    }

    private func put(_ code: UInt32, _ out: inout [UInt8]) {
        if encoding.unitBytes == 4 {
            unit(code, &out)
        } else if code < 0x10000 {
            unit(code, &out)
        } else {
            unit(0xD800 + (code - 0x10000) >> 10, &out)
            unit(0xDC00 + (code - 0x10000) & 0x3FF, &out)
        }
    }

    private func unit(_ value: UInt32, _ out: inout [UInt8]) {
        for index in 0..<encoding.unitBytes {
            let shift = UInt32(8 * (encoding.bigEndian ? encoding.unitBytes - 1 - index : index))
            out.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

/// UTF-8 as first defined (RFC 2279), of 1 to 7 bytes: any 32-bit value has a form, so that nothing is lost.
enum LongUTF8 {
    static func put(_ code: UInt32, _ out: inout [UInt8]) {
        if code < 0x80 { return out.append(UInt8(code)) }
        var following = 1
        while following < 6, code >> UInt32(6 * following + (6 - following)) != 0 { following += 1 }
        let mark = UInt8(truncatingIfNeeded: UInt16(0xFF00) >> UInt16(following + 1))
        out.append(mark | UInt8(truncatingIfNeeded: code >> UInt32(6 * following)))
        for index in (0..<following).reversed() {
            out.append(0x80 | UInt8(truncatingIfNeeded: code >> UInt32(6 * index)) & 0x3F)
        }
    }

    /// How many bytes follow a first byte.
    static func following(_ byte: UInt8) -> Int {
        byte < 0xC0 ? 0 : min(6, (~byte).leadingZeroBitCount - 1)
    }
}

/// Redacts wide text through an engine for UTF-8.
final class WidePass {
    let engine: TextEngine
    private let strict: StrictPass?
    private var decoder: WideDecoder
    private var encoder: WideEncoder

    init(engine: TextEngine, strict: StrictPass?, encoding: WideEncoding) {
        self.engine = engine
        self.strict = strict
        decoder = WideDecoder(encoding)
        encoder = WideEncoder(encoding)
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
        out += rest.rest
    }
}
