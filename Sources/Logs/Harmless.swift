/// Text from a log made safe to print: one line, no terminal escapes, no hidden or reordering characters, not longer
/// than asked.
///
/// Control characters (among them ESC and the C1 set), format characters (bidirectional overrides, zero-width ones),
/// line separators, private-use and unassigned code points become U+FFFD; other spaces become a plain one. What is
/// longer than `maxLength` Unicode scalars ends in `…`.
public func harmless(_ text: String, maxLength: Int = 80) -> String {
    var result = ""
    var length = 0
    for scalar in text.unicodeScalars {
        if length >= max(maxLength, 1) {
            result.unicodeScalars.removeLast()
            result.unicodeScalars.append("…")
            return result
        }
        result.unicodeScalars.append(visible(scalar))
        length += 1
    }
    return result
}

/// The same for bytes that need not be UTF-8; of a long sequence only the beginning is decoded.
public func harmless(_ bytes: some Collection<UInt8>, maxLength: Int = 80) -> String {
    // No scalar needs more than four bytes, so this prefix holds at least one more than is shown.
    let prefix = bytes.prefix(4 * min(max(maxLength, 1), 1 << 20) + 4)
    return harmless(String(decoding: prefix, as: UTF8.self), maxLength: maxLength)
}

private func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
        return scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
        return "\u{FFFD}"
    case .spaceSeparator:
        return " "
    default:
        return scalar
    }
}
