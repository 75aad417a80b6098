import Foundation
import Testing

@Suite("The house")
struct LayerTests {
    /// The floors: a room may import rooms of the floors below, and none beside it.
    private static let floors: [[String]] = [
        ["Archive", "Documents", "Packets", "Platform"],
        ["Redact", "SupportBundle", "Logs"],
        ["Diagnose", "EdgeAPI"],
        ["Collect", "Attach", "Report"],
        ["Fleet"],
        ["collect-cli"],
        // Never shipped, and on no one's back.
        ["Lab"],
        ["lab-cli"],
    ]

    /// Rooms whose folder has another name.
    private static let folders = ["SupportBundle": "Bundle"]

    private static let floor: [String: Int] = Dictionary(
        uniqueKeysWithValues: floors.enumerated().flatMap { number, rooms in rooms.map { ($0, number) } })

    private static func imports(_ path: String) throws -> [String] {
        try House.text(path).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count else { return nil }
            let before = words[..<index]
            guard
                before.allSatisfy({
                    ["public", "internal", "package", "private", "fileprivate"].contains($0) || $0.hasPrefix("@")
                })
            else { return nil }
            return words[index + 1].split(separator: ".").first.map(String.init)
        }
    }

    @Test("every folder of Sources is a room with a floor")
    func everyRoom() {
        let rooms = Self.floors.joined().map { Self.folders[$0] ?? $0 }
        #expect(House.folders("Sources") == rooms.sorted())
    }

    @Test("no room imports one of its own floor or above", arguments: floors.flatMap { $0 })
    func layers(room: String) throws {
        let own = try #require(Self.floor[room])
        let files = House.swiftFiles("Sources/" + (Self.folders[room] ?? room))
        #expect(!files.isEmpty)
        for file in files {
            for module in try Self.imports(file) {
                guard let other = Self.floor[module] else { continue }
                #expect(other < own, "\(file) imports \(module)")
            }
        }
    }

    @Test("what is shipped knows nothing of the lab or of tests")
    func lab() throws {
        for file in House.swiftFiles("Sources")
        where !file.hasPrefix("Sources/Lab/") && !file.hasPrefix("Sources/lab-cli/") {
            let imports = try Self.imports(file)
            #expect(!imports.contains { ["Lab", "Testing", "XCTest"].contains($0) }, "\(file)")
        }
    }

    @Test("what the manifest lets a room import is on a floor below")
    func manifest() throws {
        let text = try House.text("Package.swift")
        for match in text.matches(of: /room\(\s*"([A-Za-z]+)"[^\[]*(?:exclude: \[[^\]]*\],)?\s*\[([^\]]*)\]/) {
            let own = try #require(Self.floor[String(match.output.1)], "\(match.output.1)")
            for name in match.output.2.matches(of: /"([A-Za-z]+)"/) {
                guard let other = Self.floor[String(name.output.1)] else { continue }
                #expect(other < own, "\(match.output.1) may import \(name.output.1)")
            }
        }
    }

    @Test("no file is longer than a person reads: 400 lines")
    func lengths() throws {
        for file in House.swiftFiles("Sources") + House.swiftFiles("Tests") + House.swiftFiles("Fuzz") {
            let lines = try House.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 400, "\(file): \(lines) lines")
        }
    }
}
