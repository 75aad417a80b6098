public import Documents
public import SupportBundle
internal import Templates

/// What a report shows beside the manifest.
public struct ReportMaterial: Sendable {
    /// `log/diagnosis.json` of the bundle, or what `diagnose --json` prints: then only handshakes are drawn.
    public var diagnosis: JSONValue?
    /// `log/collect.jsonl` of the bundle.
    public var toolLog: [UInt8]

    public init(diagnosis: JSONValue? = nil, toolLog: [UInt8] = []) {
        self.diagnosis = diagnosis
        self.toolLog = toolLog
    }
}

/// The page `report.html`: one file without scripts, that loads nothing and works offline.
public enum ReportPage {
    /// The page is smaller than this whatever the manifest holds.
    public static let maxBytes = 2_000_000

    /// - Parameters:
    ///   - template: a site's own page in place of the one that is built in.
    /// - Throws: `DocumentError` where the template is broken; the built-in one is not.
    public static func html(
        _ manifest: Manifest, _ material: ReportMaterial = ReportMaterial(), language: Language = .english,
        template: [UInt8]? = nil
    ) throws(DocumentError) -> [UInt8] {
        let parts = Dictionary(Template.reportParts.map { ($0.name, $0.bytes) }) { first, _ in first }
        let page = try PageTemplate(
            parsing: template ?? Template.reportPage.bytes, name: Template.reportPage.path, partials: parts)
        let diagnosis = material.diagnosis ?? .null
        // Too big a page is written again with less in it; the manifest has it all.
        for caps in PageCaps.steps.dropLast() {
            let model = PageModel(
                manifest: manifest, diagnosis: diagnosis, toolLog: material.toolLog, texts: Texts.of(language),
                caps: caps)
            do {
                return try page.render(model.values, maxBytes: maxBytes)
            } catch  where error.code == .limit {
                continue
            }
        }
        let model = PageModel(
            manifest: manifest, diagnosis: diagnosis, toolLog: material.toolLog, texts: Texts.of(language), caps: .least
        )
        return try page.render(model.values, maxBytes: maxBytes)
    }
}

/// How much of a manifest goes into the page.
struct PageCaps {
    /// Rows of a table.
    let rows: Int
    /// Entries of a list within a section.
    let entries: Int
    /// Columns of a sentence.
    let sentence: Int
    /// Columns of a name or path.
    let name: Int

    static let least = PageCaps(rows: 20, entries: 5, sentence: 160, name: 80)
    static let steps = [
        PageCaps(rows: 500, entries: 40, sentence: 1200, name: 300),
        PageCaps(rows: 200, entries: 20, sentence: 400, name: 160),
        PageCaps(rows: 60, entries: 10, sentence: 240, name: 120),
        least,
    ]
}
