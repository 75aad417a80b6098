/// Removes secrets from bytes of any kind: see ``ContentFormat``.
///
/// One redactor serves a whole run: it holds the rules, the key of the markers and the vault of secrets that were found
/// for certain. The first pass (``makeStream(_:name:)``) finds secrets by rules; the second
/// (``makeLiteralStream(_:name:)``) removes everywhere what the first pass learned anywhere.
public final class Redactor: Sendable {
    /// The secrets that are known for certain, and the names that must survive.
    public let vault: SecretVault
    /// The rules in force.
    public let rules: RuleSet
    public let level: RedactionLevel
    private let fingerprint: Fingerprint

    /// - Parameter key: 32 bytes; two redactors of one key make the same markers.
    /// - Throws: ``RedactionError`` `.levelNotAvailable`, `.badKey`.
    public init(rules: RuleSet, level: RedactionLevel = .secrets, key: [UInt8]) throws(RedactionError) {
        guard level == .secrets else {
            throw RedactionError(
                .levelNotAvailable, subject: "redaction level '\(level.rawValue)'", reason: "not in this version",
                hint: "use the level 'secrets', and leave out items with addresses or names that must not go")
        }
        self.rules = rules
        self.level = level
        fingerprint = try Fingerprint(key: key)
        vault = SecretVault()
    }

    /// The first pass over one input: rules, and the literals that are known when a byte is reached.
    public func makeStream(_ format: ContentFormat, name: String? = nil) -> RedactionStream {
        RedactionStream(self, format: format, name: name, mode: .rules)
    }

    /// The second pass over bytes that were redacted already: learned literals only, plain and encoded.
    public func makeLiteralStream(_ format: ContentFormat, name: String? = nil) -> RedactionStream {
        RedactionStream(self, format: format, name: name, mode: .literals)
    }

    /// The first pass over a whole input in memory.
    public func redact(
        _ bytes: [UInt8], format: ContentFormat = .auto, name: String? = nil
    ) throws(RedactionError) -> (bytes: [UInt8], summary: RedactionSummary) {
        let stream = makeStream(format, name: name)
        var out: [UInt8] = []
        try stream.append(bytes[...], to: &out)
        let summary = try stream.finish(to: &out)
        return (out, summary)
    }

    /// A text for a manifest, a message or a command line.
    public func redact(_ text: String) -> String {
        let engine = engine(.text, mode: .rules)
        var out: [UInt8] = []
        engine.append(Array(text.utf8)[...], to: &out)
        engine.finish(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// `REDACTED.<rule>.<12 hex>`: what stands in place of `value`.
    public func marker(rule: String, value: [UInt8]) -> String { fingerprint.marker(rule: rule, value: value) }

    /// Where secrets stand in a text, without changing anything. Of containers and captures only counts are known:
    /// each finding is then told at line 1, column 1.
    public func findings(in bytes: [UInt8], format: ContentFormat = .auto, name: String? = nil) throws(RedactionError)
        -> [Finding]
    {
        let stream = RedactionStream(self, format: format, name: name, mode: .rules, keepsPlaces: true)
        var out: [UInt8] = []
        try stream.append(bytes[...], to: &out)
        let summary = try stream.finish(to: &out)
        if let reason = summary.withheld {
            throw RedactionError(.withheld, subject: name ?? "input", reason: reason)
        }
        if stream.places.isEmpty {
            return summary.findings.keys.sorted().map { Finding(line: 1, column: 1, rule: $0) }
        }
        var (line, start, index) = (1, 0, 0)
        return stream.places.map { place in
            while index < min(place.position, bytes.count) {
                if bytes[index] == .lineFeed { (line, start) = (line + 1, index + 1) }
                index += 1
            }
            return Finding(line: line, column: place.position - start + 1, rule: place.rule)
        }
    }

    func engine(_ format: ContentFormat, mode: TextEngine.Mode, keepsPlaces: Bool = false) -> TextEngine {
        TextEngine(
            rules: rules, vault: vault, fingerprint: fingerprint, format: format, mode: mode, keepsPlaces: keepsPlaces)
    }
}
