/// A secret that was found with certainty, to be removed wherever else it occurs.
///
/// Printing one never shows its value.
public struct LearnedLiteral: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The rule that found it.
    public let rule: String
    /// The secret itself, escapes undone.
    public let value: [UInt8]

    public var description: String { "<secret of \(rule)>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The shortest form that is looked for, bytes.
    static let shortest = 8

    /// The value as it may stand in a text: plain, JSON, XML, percent-encoded, base64 (the part that does not depend on
    /// the surroundings, in three alignments and both alphabets) and hexadecimal.
    public var forms: [[UInt8]] {
        let json = Escapes.makeJSON(value)
        let plus = Escapes.makePercent(value).split(separator: 0x25, omittingEmptySubsequences: false)
        var forms = [
            value, json, Escapes.makeJSON(json), Escapes.makeXML(value), Escapes.makeXML(value, quotes: false),
            Escapes.makePercent(value), Escapes.makePercent(value, upper: false),
            Escapes.makePercent(Escapes.makePercent(value)),
            Escapes.makeHex(value, upper: false), Escapes.makeHex(value, upper: true),
        ]
        // A form's body writes a blank as `+` (WHATWG URL, application/x-www-form-urlencoded).
        if value.contains(.space) {
            forms.append(
                Array(
                    plus.enumerated().map {
                        $0.offset > 0 && $0.element.starts(with: "20".utf8)
                            ? [0x2B] + $0.element.dropFirst(2) : $0.offset > 0 ? [0x25] + $0.element : Array($0.element)
                    }.joined()))
        }
        forms += Base64.stable(value) + Base64.stable(value, url: true)
        var seen: Set<[UInt8]> = []
        return forms.filter { $0.count >= Self.shortest && seen.insert($0).inserted }
    }
}
