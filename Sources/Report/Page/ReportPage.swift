public import Documents
public import SupportBundle
internal import Templates

/// The page `report.html`: one file without scripts, that loads nothing and works offline.
public enum ReportPage {
    /// The page is smaller than this whatever the manifest holds.
    public static let maxBytes = 2_000_000

    /// - Parameters:
    ///   - connections: the connections of the capture as `diagnose --json` gives them: the array, or the object with
    ///     the member `connections`.
    ///   - template: a site's own page in place of the one that is built in.
    /// - Throws: `DocumentError` where the template is broken; the built-in one is not.
    public static func html(
        _ manifest: Manifest, connections: JSONValue? = nil, template: [UInt8]? = nil
    ) throws(DocumentError) -> [UInt8] {
        let page = try PageTemplate(parsing: template ?? Template.reportPage.bytes, name: Template.reportPage.path)
        let handshakes = connections?["connections"]?.array ?? connections?.array ?? []
        // Too big a page is written again with less in it; the manifest has it all.
        for caps in PageCaps.steps.dropLast() {
            let values = PageModel(manifest: manifest, connections: handshakes, caps: caps).values
            do {
                return try page.render(values, maxBytes: maxBytes)
            } catch  where error.code == .limit {
                continue
            }
        }
        let values = PageModel(manifest: manifest, connections: handshakes, caps: .least).values
        return try page.render(values, maxBytes: maxBytes)
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
