import Documents
import Platform

/// Messages for people, on standard error: `apigee-collect: error: …`, then `apigee-collect: hint: …`.
enum Messages {
    static func error(_ text: String, hint: String? = nil) { say("error: " + text, hint: hint) }

    static func warning(_ text: String, hint: String? = nil) { say("warning: " + text, hint: hint) }

    private static func say(_ text: String, hint: String?) {
        Terminal.writeError("apigee-collect: " + TerminalText.harmless(text, maxColumns: 2000) + "\n")
        if let hint {
            Terminal.writeError("apigee-collect: hint: " + TerminalText.harmless(hint, maxColumns: 2000) + "\n")
        }
    }
}

/// Whether a stream may be coloured: a terminal, and nobody asked for none (no-color.org).
enum Color {
    static func allowed(on descriptor: Int32, disabled: Bool) -> Bool {
        !disabled && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
            && Terminal.isTerminal(descriptor)
    }
}
