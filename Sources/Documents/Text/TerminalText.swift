/// Foreign text made fit for a terminal, a log line or a page: it can't move the cursor, change colours, turn the
/// direction of writing, hide characters or start a new line.
public enum TerminalText {
    /// Stands for a character that was taken out.
    public static let replacement: Unicode.Scalar = "\u{FFFD}"
    /// Marks next to one base character; more would climb over neighbouring lines.
    private static let maxMarks = 3

    /// The text on one line, at most `maxColumns` wide, cut with an ellipsis.
    ///
    /// White space of every kind becomes one space each; control, format (bidirectional and zero-width among them),
    /// private and unassigned characters become U+FFFD.
    /// - Note: reads no more of the text than it shows, so that a name of a megabyte costs nothing.
    public static func harmless(_ text: String, maxColumns: Int = 200) -> String {
        var shown = String.UnicodeScalarView()
        var width = 0
        var marks = 0
        // Where to cut if the text turns out to be too wide: room for the ellipsis is kept.
        var cut = shown.endIndex
        for scalar in text.unicodeScalars {
            let safe = harmless(scalar)
            let columns = columns(of: safe)
            if columns == 0 {
                marks += 1
                guard marks <= maxMarks else { continue }
            } else {
                marks = 0
            }
            if width + columns > maxColumns {
                guard maxColumns > 0 else { return "" }
                return String(shown[..<cut]) + "…"
            }
            width += columns
            shown.append(safe)
            if width < maxColumns { cut = shown.endIndex }
        }
        return String(shown)
    }

    /// The same for several lines: each line feed or CR LF ends one; at most `maxLines` are returned.
    public static func harmlessLines(_ text: String, maxColumns: Int = 200, maxLines: Int = 1000) -> [String] {
        var lines: [String] = []
        for line in text.split(maxSplits: maxLines, omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            guard lines.count < maxLines else { break }
            lines.append(harmless(String(line), maxColumns: maxColumns))
        }
        return lines
    }

    /// The terminal columns that a text takes.
    public static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return scalar }
        switch scalar {
        case "\t", "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}": return " "
        // Letters that are drawn as nothing.
        case "\u{034F}", "\u{115F}", "\u{1160}", "\u{17B4}", "\u{17B5}", "\u{2800}", "\u{3164}", "\u{FFA0}",
            "\u{FE00}"..."\u{FE0F}", "\u{E0100}"..."\u{E01EF}":
            return replacement
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned: return replacement
        case .lineSeparator, .paragraphSeparator, .spaceSeparator: return " "
        default: return scalar
        }
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// East Asian wide and full-width characters and emoji (Unicode Standard Annex 11), in blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
