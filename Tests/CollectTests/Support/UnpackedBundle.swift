import Foundation
import Lab
import Testing

/// A bundle, unpacked by GNU tar, with archives inside unpacked too.
struct UnpackedBundle: Sendable {
    let file: URL
    private let scratch: Scratch
    /// The top folder of the bundle.
    let top: URL
    let manifest: ManifestView

    init(_ file: URL) async throws {
        self.file = file
        scratch = try Scratch()
        let plain = try scratch.folder("plain")
        let tar = try await Program.tool("tar", ["xzf", file.path, "-C", plain.path])
        try #require(tar.status == 0, "\(tar.printed)")
        let tops = try FileManager.default.contentsOfDirectory(atPath: plain.path)
        try #require(tops.count == 1, "one top folder, not \(tops)")
        top = plain.appendingPathComponent(tops[0])
        manifest = try ManifestView(Data(contentsOf: top.appendingPathComponent("manifest.json")))
        try await unpackInner()
    }

    func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: top.appendingPathComponent(path))) }

    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// Planted secrets that are in it at any depth, in the compressed and in the plain bytes.
    func leaks(_ search: SecretSearch) throws -> [String] {
        search.findings(in: try [UInt8](Data(contentsOf: file))) + search.findings(below: scratch.url)
    }

    /// Evidence that is in none of the items where it belongs, as `name 'value'`.
    func lostEvidence(_ evidence: [Evidence]) -> [String] {
        evidence.compactMap { evidence in
            // The recorded answer is part of the error message.
            let content = content(of: evidence.items.map { $0 == "curl-answer" ? "error-message" : $0 })
            let escaped = ["&quot;", "\\\""].map { evidence.value.replacingOccurrences(of: "\"", with: $0) }
            let isThere = ([evidence.value] + escaped).contains { SecretSearch.contains(content, $0) }
            return isThere ? nil : "\(evidence.name) '\(evidence.value)' in \(evidence.items)"
        }
    }

    /// All the bytes of the items of the given kinds, archives unpacked.
    func content(of kinds: [String]) -> [UInt8] {
        let inner = scratch.url.appendingPathComponent("inner")
        return kinds.flatMap { kind -> [UInt8] in
            (Tree.files(top.appendingPathComponent("items/\(kind)"))
                + Tree.files(inner.appendingPathComponent("items/\(kind)"))).flatMap { $0.bytes + [0x0A] }
        }
    }

    private func unpackInner() async throws {
        let inner = try scratch.folder("inner")
        for path in Tree.list(top) where path.hasSuffix(".zip") || path.hasSuffix(".gz") {
            let place = inner.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let source = top.appendingPathComponent(path).path
            if path.hasSuffix(".zip") {
                let outcome = try await Program.tool("unzip", ["-q", "-o", source, "-d", place.path])
                #expect(outcome.status == 0, "unzip \(path): \(outcome.printed)")
            } else {
                let outcome = try await Program.tool("gzip", ["-dc", source])
                try Data(outcome.output).write(to: place.appendingPathComponent("content"))
            }
        }
    }
}

/// The fields of a manifest that the tests read, by their names in the contract alone.
struct ManifestView: @unchecked Sendable, CustomStringConvertible {
    // JSON values are never changed after parsing.
    let root: [String: Any]

    init(_ data: Data) throws {
        root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    struct Wanted: Sendable, CustomStringConvertible {
        var item: String
        var isRequired: Bool
        var state: String
        var reason: String?
        var hint: String?
        var description: String { "\(item) \(state)\(reason.map { ": \($0)" } ?? "")" }
    }

    struct VerdictView: Sendable {
        var cause: String
        var confidence: String
        var evidence: Int
        var resolution: Int
    }

    var description: String { "manifest with \(mustCollect)" }

    var isComplete: Bool { root["complete"] as? Bool ?? false }
    var isInterrupted: Bool { root["interrupted"] as? Bool ?? false }

    var mustCollect: [Wanted] {
        (root["mustCollect"] as? [[String: Any]] ?? []).map {
            Wanted(
                item: $0["item"] as? String ?? "", isRequired: $0["required"] as? Bool ?? false,
                state: $0["state"] as? String ?? "", reason: $0["reason"] as? String, hint: $0["hint"] as? String)
        }
    }

    func wanted(_ item: String) -> Wanted? { mustCollect.first { $0.item == item } }

    var items: [[String: Any]] { root["items"] as? [[String: Any]] ?? [] }
    var itemPaths: [String] { items.compactMap { $0["path"] as? String } }

    var verdicts: [VerdictView] { Self.verdicts(root["diagnosis"]) }

    static func verdicts(_ value: Any?) -> [VerdictView] {
        (value as? [[String: Any]] ?? []).map {
            VerdictView(
                cause: $0["cause"] as? String ?? "", confidence: $0["confidence"] as? String ?? "",
                evidence: ($0["evidence"] as? [Any])?.count ?? 0, resolution: ($0["resolution"] as? [Any])?.count ?? 0)
        }
    }

    /// A value below keys.
    func value(_ keys: String...) -> Any? {
        keys.reduce(root as Any?) { value, key in (value as? [String: Any])?[key] }
    }
}
