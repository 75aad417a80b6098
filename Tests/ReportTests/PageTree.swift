import Documents
import Foundation

/// XML's reader as a strict judge of the markup: void elements closed, then every tag must match.
func tree(_ html: String) throws -> XMLElement {
    var text = html.replacingOccurrences(of: "<!doctype html>", with: "")
    for name in ["meta", "link", "img", "br", "input"] {
        text = text.replacingOccurrences(of: "<\(name)([^>]*)>", with: "<\(name)$1/>", options: .regularExpression)
    }
    return try XMLElement.parse(Array(text.utf8), name: "report.html")
}

extension XMLElement {
    /// The text of the element and of all in it, in some order: enough to look for words.
    var allText: String { ([text] + descendants.map(\.text)).joined(separator: " ") }

    /// The cells of the body of the first table of a class, row by row.
    func cells(ofTable name: String) -> [[String]] {
        let table = descendants("table").first { $0["class"] == name }
        return (table?.first("tbody")?.all("tr") ?? []).map { row in
            row.children.map { ($0.text + $0.descendants.map(\.text).joined()).trimmingCharacters(in: .whitespaces) }
        }
    }

    func section(_ id: String) -> XMLElement? { descendants("section").first { $0["id"] == id } }
}

enum Files {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: root.appending(path: path))) }
}
