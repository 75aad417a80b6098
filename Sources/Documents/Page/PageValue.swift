/// What a page template is filled with.
public indirect enum PageValue: Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Foreign or plain text; always escaped.
    case text(String)
    /// Markup that the program made itself; the only kind that `{{{name}}}` takes.
    case markup(SafeMarkup)
    case number(Int)
    case flag(Bool)
    case list([PageValue])
    case record([String: PageValue])

    public init(stringLiteral value: String) { self = .text(value) }
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    public init(integerLiteral value: Int) { self = .number(value) }
    public init(arrayLiteral elements: PageValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, PageValue)...) {
        self = .record(Dictionary(elements) { _, last in last })
    }

    /// A section shows for everything but false, an empty text and an empty list.
    var isShown: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .flag(let flag): flag
        case .list(let values): !values.isEmpty
        case .markup, .number, .record: true
        }
    }
}

/// HTML that needs no escaping. It can be made of literals and of escaped text only.
public struct SafeMarkup: Sendable {
    public private(set) var html: String

    /// Markup written in the source code.
    public init(literal: StaticString) { html = literal.description }

    /// Text made into markup.
    public init(escaping text: String) { html = HTML.escaped(text) }

    public static func + (a: SafeMarkup, b: SafeMarkup) -> SafeMarkup {
        var joined = a
        joined.html += b.html
        return joined
    }
}

public enum HTML {
    /// The text with the five characters that HTML gives a meaning replaced, for content and quoted attributes.
    /// Control characters, which HTML forbids, become U+FFFD.
    public static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped.unicodeScalars.append(TerminalText.replacement)
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
