import Redact
import Testing

/// A text in which what must go stands in ‹ ›.
struct MarkedText {
    let input: String
    /// What is left, with `•` for each secret.
    let expected: String

    init(_ text: String) {
        var (input, expected) = ("", "")
        var inside = false
        for character in text {
            switch character {
            case "‹":
                inside = true
                expected += "•"
            case "›": inside = false
            default:
                input.append(character)
                if !inside || character == "\n" { expected.append(character) }
            }
        }
        self.input = input
        self.expected = expected
    }

    /// The secrets go and nothing else, however the text is cut, and a second run changes nothing.
    func check(_ format: ContentFormat) throws {
        let bytes = Array(input.utf8)
        let output = string(try makeRedactor().text(bytes, format))
        #expect(Self.withoutMarkers(output) == expected, "\(input) became \(output)")
        #expect(string(try makeRedactor().text(bytes, format, chunk: 7)) == output)
        #expect(string(try makeRedactor().text(Array(output.utf8), format)) == output, "a second run changes \(output)")
    }

    private static func withoutMarkers(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: "REDACTED.") {
            result += rest[..<range.lowerBound] + "•"
            rest = rest[range.upperBound...].drop { $0 != "." }.dropFirst(13)
        }
        return result + rest
    }
}
