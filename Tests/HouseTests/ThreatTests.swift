import Foundation
import Testing

@Suite("The threat model")
struct ThreatTests {
    private static func rows() throws -> [[String]] {
        try House.text("docs/security.md").split(separator: "\n").filter {
            $0.hasPrefix("| ") && !$0.hasPrefix("| who |")
        }
        .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// Everything that tests of a target are called: types, and titles of suites and tests.
    private static func names(of target: String) throws -> Set<String> {
        var names: Set<String> = []
        for file in House.swiftFiles("Tests/" + target) {
            let text = try House.text(file)
            for match in text.matches(of: /(?:struct|enum|class) ([A-Za-z]+)/) { names.insert(String(match.output.1)) }
            for match in text.matches(of: /@(?:Suite|Test)\(\s*"([^"]+)"/) { names.insert(String(match.output.1)) }
        }
        return names
    }

    @Test("each threat names its tests, and they exist")
    func tests() throws {
        let rows = try Self.rows()
        #expect(rows.count >= 10)
        let entry = try House.text("Fuzz/Entry.swift")
        for row in rows {
            let told = try #require(row.count == 4 ? row[3] : nil, "\(row)")
            var count = 0
            var target: String?
            for match in told.matches(of: /`([^`]+)`|"([^"]+)"/) {
                if let code = match.output.1.map(String.init) {
                    if code.hasPrefix("scripts/fuzz") {
                        for name in code.split(separator: " ").dropFirst() {
                            #expect(entry.contains("\"\(name)\":"), "no fuzz target \(name)")
                            count += 1
                        }
                    } else {
                        let parts = code.split(separator: ".").map(String.init)
                        if House.folders("Tests").contains(parts[0]) {
                            target = parts[0]
                            count += House.swiftFiles("Tests/" + parts[0]).isEmpty ? 0 : 1
                        }
                        for name in parts where name != target {
                            #expect(try Self.names(of: target ?? "?").contains(name), "\(target ?? "?") has no \(name)")
                            count += 1
                        }
                    }
                } else if let title = match.output.2.map(String.init) {
                    #expect(
                        try Self.names(of: target ?? "?").contains(title), "\(target ?? "?") has no test \"\(title)\"")
                    count += 1
                }
            }
            #expect(count > 0, "no test is named for: \(row[0])")
        }
    }
}
