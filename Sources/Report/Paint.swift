internal import Documents

/// ANSI colours, or none.
struct Paint {
    let on: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }

    /// The columns that a line takes, colours not counted.
    static func columns(_ line: String) -> Int {
        guard line.utf8.contains(0x1B) else { return TerminalText.columns(line) }
        var plain = String.UnicodeScalarView()
        var inColour = false
        for scalar in line.unicodeScalars {
            if scalar == "\u{1B}" {
                inColour = true
            } else if !inColour {
                plain.append(scalar)
            } else if scalar == "m" {
                inColour = false
            }
        }
        return TerminalText.columns(String(plain))
    }

    private func wrap(_ text: String, _ code: String) -> String {
        on ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
