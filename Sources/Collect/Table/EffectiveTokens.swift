internal import Platform
internal import Redact
internal import SupportBundle

/// The settings in force of each component: those of the customer win over those of the installer (documented in "How
/// to configure Edge"; the shipped defaults, which both win over, are Apigee's and the same everywhere).
struct EffectiveTokens {
    let context: RunContext

    private static let layers = [
        ("installer", "/opt/apigee/token/application"), ("customer", "/opt/apigee/customer/application"),
    ]
    private static let sizeLimit = 4 << 20

    func add() {
        var names: Set<String> = []
        for (_, folder) in Self.layers {
            for entry in (try? context.files.list(folder)) ?? [] where entry.name.hasSuffix(".properties") {
                names.insert(entry.name)
            }
        }
        for name in names.sorted().prefix(50) where !context.isStopping {
            var values: [String: (line: String, layer: String)] = [:]
            for (layer, folder) in Self.layers {
                guard let text = context.files.text(folder + "/" + name, limit: Self.sizeLimit) else { continue }
                for (key, line) in Self.settings(text) { values[key] = (line, layer) }
            }
            guard !values.isEmpty else { continue }
            let lines = values.keys.sorted().compactMap { key in
                values[key].map { "# set by the \($0.layer)\n\($0.line)\n" }
            }
            context.addItem(
                .configuration, file: "effective-" + name, title: "Settings in force of \(name)",
                source: .init(type: .file, location: Self.layers.map { $0.1 + "/" + name }.joined(separator: ", ")),
                mediaType: "text/plain", format: .properties, bytes: Array(lines.joined().utf8))
        }
    }

    /// The logical lines of a properties file by their keys: `key=value`, `key: value`, with lines that are continued.
    static func settings(_ text: String) -> [(key: String, line: String)] {
        var settings: [(String, String)] = []
        var pending = ""
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = raw.drop { $0 == " " || $0 == "\t" }
            if pending.isEmpty, line.isEmpty || line.hasPrefix("#") || line.hasPrefix("!") { continue }
            let slashes = line.reversed().prefix { $0 == "\\" }.count
            if slashes % 2 == 1 {
                pending += line.dropLast()
                continue
            }
            let whole = pending + line
            pending = ""
            let key = whole.prefix { $0 != "=" && $0 != ":" }.trimmed
            if !key.isEmpty { settings.append((key, whole)) }
        }
        return settings
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
