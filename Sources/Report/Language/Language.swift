/// A language in which pages and summaries are written.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh-CN"

    /// Reads `en`, `en-US`, `zh`, `zh-CN`, `zh_CN.UTF-8`, `zh-Hans`; nil for what there are no texts for, Traditional
    /// Chinese among them.
    public init?(name: String) {
        let tag = name.lowercased().prefix { $0 != "." && $0 != "@" }
        let parts = tag.split { $0 == "-" || $0 == "_" }
        switch parts.first {
        case "en", "c", "posix": self = .english
        case "zh" where parts.contains("hant") || parts.contains("tw") || parts.contains("hk") || parts.contains("mo"):
            return nil
        case "zh": self = .chinese
        default: return nil
        }
    }

    /// The language of a locale, as the environment names it (POSIX: `LC_ALL` before `LC_MESSAGES` before `LANG`).
    public static func preferred(environment: (String) -> String?) -> Language {
        for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = environment(variable), !value.isEmpty else { continue }
            return Language(name: value) ?? .english
        }
        return .english
    }
}
