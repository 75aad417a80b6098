/// Removes secrets from bytes of any kind: see ``ContentFormat``.
///
/// One redactor serves a whole run: it holds the rules, the key of the markers and the vault of secrets that were found
/// for certain. What is read once goes through ``makeStream(_:name:)``. What can wait is read twice: the first pass
/// (``makeFirstStream(_:name:)``) finds secrets by rules, the second (``makeLiteralStream(_:name:)``) removes everywhere
/// what was learned anywhere.
public final class Redactor: Sendable {
    /// The secrets that are known for certain, and the names that must survive.
    public let vault: SecretVault
    /// The rules in force.
    public let rules: RuleSet
    public let level: RedactionLevel
    let fingerprint: Fingerprint
    /// Where may lie, sealed, what of containers memory has no room for.
    let spillFolders: [String]

    /// What gives pseudonyms at level `strict`; nil at others.
    public let pseudonyms: Pseudonymizer?
    private let book = NameBook()

    /// - Parameters:
    ///   - key: 32 bytes; two redactors of one key make the same markers and pseudonyms.
    ///   - recordsNames: whether to remember what was replaced by pseudonyms, for the pseudonym map.
    ///   - spillFolders: where large entries of archives may wait, sealed under a key in memory, in files without a
    ///     name; the first that can be used is. Without any they are withheld.
    /// - Throws: ``RedactionError`` `.badKey`.
    public init(
        rules: RuleSet, level: RedactionLevel = .secrets, key: [UInt8], recordsNames: Bool = false,
        spillFolders: [String] = ["/var/tmp", "/tmp"]
    ) throws(RedactionError) {
        self.rules = rules
        self.level = level
        self.spillFolders = spillFolders
        fingerprint = try Fingerprint(key: key)
        vault = SecretVault()
        pseudonyms = level == .strict ? try Pseudonymizer(key: key, recording: recordsNames) : nil
    }

    /// Tells what is known before anything is read, for level `strict`.
    ///
    /// - Parameters:
    ///   - hosts: names of hosts, to be replaced wherever they stand.
    ///   - evidence: names that are no host's or user's whatever they look like: organisation, environment, proxy, alias.
    public func expect(hosts: [String], evidence: [String]) {
        guard pseudonyms != nil else { return }
        book.protect(evidence)
        for host in hosts { book.learn(host: host, isCertain: true) }
    }

    /// A host name of the case as level `strict` shows it; an address too.
    public func shown(host: String) -> String {
        guard let pseudonyms, !host.isEmpty else { return host }
        return Window.over(Array(host.utf8)) { window in
            if let v4 = AddressText.ipv4(window, 0), v4.end == window.upper { return pseudonyms.text(ipv4: v4.value) }
            if let v6 = AddressText.ipv6(window, 0), v6.end == window.upper { return pseudonyms.text(ipv6: v6.value) }
            return pseudonyms.text(host: host)
        }
    }

    /// `HOST:PORT` as level `strict` shows it.
    public func shown(endpoint: String) -> String {
        guard pseudonyms != nil, !endpoint.hasPrefix("["), endpoint.count(where: { $0 == ":" }) == 1,
            let colon = endpoint.firstIndex(of: ":")
        else { return redact(shown(host: endpoint)) }
        return shown(host: String(endpoint[..<colon])) + endpoint[colon...]
    }

    /// A user as level `strict` shows it.
    public func shown(user: String) -> String { pseudonyms?.text(user: user) ?? user }

    /// An address as it stands in captures that level `strict` has rewritten; other text as it is.
    public func captured(address: String) -> String {
        let shown = shown(host: address)
        return shown.hasPrefix(Pseudonymizer.addressPrefix)
            ? String(shown.dropFirst(Pseudonymizer.addressPrefix.utf8.count)) : address
    }

    /// The only pass over one input: rules, and the literals that are known when a byte is reached.
    public func makeStream(_ format: ContentFormat, name: String? = nil) -> RedactionStream {
        RedactionStream(self, format: format, name: name, mode: .rules)
    }

    /// The first of two passes: rules alone, as the second one looks for every literal. Nothing that comes out of it may
    /// be shown or kept as it is.
    public func makeFirstStream(_ format: ContentFormat, name: String? = nil) -> RedactionStream {
        RedactionStream(self, format: format, name: name, mode: .rulesAlone)
    }

    /// The second pass over bytes that were redacted already: learned literals only, plain and encoded.
    public func makeLiteralStream(_ format: ContentFormat, name: String? = nil) -> RedactionStream {
        RedactionStream(self, format: format, name: name, mode: .literals)
    }

    /// The only pass over a whole input in memory.
    public func redact(
        _ bytes: [UInt8], format: ContentFormat = .auto, name: String? = nil
    ) throws(RedactionError) -> (bytes: [UInt8], summary: RedactionSummary) {
        let stream = makeStream(format, name: name)
        var out: [UInt8] = []
        try stream.append(bytes[...], to: &out)
        let summary = try stream.finish(to: &out)
        return (summary.withheld == nil ? out : [], summary)
    }

    /// A text for a manifest, a message or a command line.
    public func redact(_ text: String) -> String {
        let engine = engine(.text, mode: .rules)
        var out: [UInt8] = []
        let strict = strictPass(.text)
        engine.append(Array(text.utf8)[...], to: &out, through: strict)
        engine.finish(to: &out, through: strict)
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
        if stream.places.isEmpty, stream.strictPlaces.isEmpty {
            return summary.findings.keys.sorted().map { Finding(line: 1, column: 1, rule: $0) }
        }
        var (line, start, index) = (1, 0, 0)
        let secrets = stream.places.map { place in
            while index < min(place.position, bytes.count) {
                if bytes[index] == .lineFeed { (line, start) = (line + 1, index + 1) }
                index += 1
            }
            return Finding(line: line, column: place.position - start + 1, rule: place.rule)
        }
        return (secrets + stream.strictPlaces).sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// What comes after the engine; nil at level `secrets`.
    func strictPass(_ format: ContentFormat, keepsPlaces: Bool = false) -> StrictPass? {
        pseudonyms.map {
            StrictPass(
                pseudonyms: $0, book: book, fingerprint: fingerprint, format: format, keepsPlaces: keepsPlaces)
        }
    }

    func engine(
        _ format: ContentFormat, mode: TextEngine.Mode, keepsPlaces: Bool = false, nest: Nest? = nil
    ) -> TextEngine {
        TextEngine(
            redactor: self, format: format, mode: mode, nest: nest ?? Nest(folders: spillFolders),
            keepsPlaces: keepsPlaces)
    }
}
