import Documents
import SupportBundle

/// What `inspect` shows: every folder with what it holds, every file with its size, its state and what was removed
/// from it.
struct BundleTree {
    private struct Line {
        var path: String
        var bytes: Int
        var remarks: [String] = []
    }

    private let entries: [BundleEntry]
    private let manifest: Manifest
    private let items: [String: Manifest.Item]

    init(entries: [BundleEntry], manifest: Manifest) {
        // A folder right before what is in it.
        func key(_ entry: BundleEntry) -> String { entry.isFolder ? entry.path + "/" : entry.path }
        self.entries = entries.map { (key: key($0), entry: $0) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.entry)
        self.manifest = manifest
        items = Dictionary(manifest.items.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Text

    var text: String {
        let state = manifest.complete ? "complete" : "not complete"
        var text = "\(manifest.bundle.name)/\n\(manifest.playbook.title), \(manifest.mode.rawValue) cloud, \(state)\n"
        text = text.split(separator: "\n").map { TerminalText.harmless(String($0), maxColumns: 300) + "\n" }.joined()
        let lines = lines
        // One very long name must not push all sizes off the screen.
        let width = min(72, lines.map { Self.indent($0.path).count + $0.path.count }.max() ?? 0)
        for line in lines {
            let name = Self.indent(line.path) + line.path
            let size = ByteText.short(line.bytes)
            let gap = String(repeating: " ", count: max(2, width + 12 - name.count - size.count))
            let row = name + gap + size + line.remarks.map { "  " + $0 }.joined()
            text += TerminalText.harmless(row, maxColumns: 400) + "\n"
        }
        for entry in manifest.mustCollect where entry.state != .collected {
            let why = entry.reason.map { ": " + $0 } ?? ""
            text +=
                TerminalText.harmless("\(entry.state.rawValue): \(entry.item.rawValue)\(why)", maxColumns: 400) + "\n"
        }
        return text
    }

    /// Two columns for each folder above.
    private static func indent(_ path: String) -> String {
        let depth = path.utf8.dropLast(path.hasSuffix("/") ? 1 : 0).count { $0 == UInt8(ascii: "/") }
        return String(repeating: "  ", count: depth + 1)
    }

    private var lines: [Line] {
        let totals = totals
        return entries.enumerated().map { index, entry in
            if entry.isFolder {
                let (bytes, files) = totals[index] ?? (0, 0)
                return Line(path: entry.path + "/", bytes: bytes, remarks: [files == 1 ? "1 file" : "\(files) files"])
            }
            guard let item = items[entry.path] else { return Line(path: entry.path, bytes: entry.bytes) }
            return Line(path: entry.path, bytes: entry.bytes, remarks: [item.state.rawValue] + Self.removed(item))
        }
    }

    /// What the folders hold, by their places among the entries: each file is counted once, whatever the depth.
    private var totals: [Int: (bytes: Int, files: Int)] {
        var result: [Int: (bytes: Int, files: Int)] = [:]
        var open: [Int] = []
        func close() {
            guard let last = open.popLast(), let parent = open.last, let inner = result[last] else { return }
            result[parent]?.bytes &+= inner.bytes
            result[parent]?.files += inner.files
        }
        for (index, entry) in entries.enumerated() {
            while let last = open.last, !entry.path.hasPrefix(entries[last].path + "/") { close() }
            if entry.isFolder {
                open.append(index)
                result[index] = (0, 0)
            } else if let last = open.last {
                result[last]?.bytes &+= entry.bytes
                result[last]?.files += 1
            }
        }
        while !open.isEmpty { close() }
        return result
    }

    /// How much was removed, by rule, most first.
    private static func removed(_ item: Manifest.Item) -> [String] {
        let total = item.redactions.values.reduce(0, +)
        guard total > 0 else { return [] }
        let rules = item.redactions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let named = rules.prefix(4).map { "\($0.key) \($0.value)" } + (rules.count > 4 ? ["…"] : [])
        return ["\(total) removed (\(named.joined(separator: ", ")))"]
    }

    // MARK: JSON

    func json() throws -> JSONValue {
        let rows = entries.map { entry in
            var row: JSONObject = [
                "path": .string(entry.path), "bytes": .integer(entry.bytes), "folder": .bool(entry.isFolder),
            ]
            if let item = items[entry.path] {
                row["kind"] = .string(item.kind.rawValue)
                row["state"] = .string(item.state.rawValue)
                row["redactions"] = .object(
                    JSONObject(item.redactions.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
            }
            return JSONValue.object(row)
        }
        return .object([
            "schema": 1, "entries": .array(rows), "manifest": try JSONValue(parsing: manifest.encoded()),
        ])
    }
}
