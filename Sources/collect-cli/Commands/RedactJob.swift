import Collect
import Documents
import Glibc
import Platform
import Redact
import SupportBundle
import SystemPackage

/// Redacts the sources one after the other and keeps the account.
struct RedactJob {
    let redactor: Redactor
    let format: ContentFormat
    let quiet: Bool
    private var rows: [JSONValue] = []
    private var totals: [String: Int] = [:]
    private(set) var withheld = 0
    private(set) var found = 0

    init(redactor: Redactor, format: ContentFormat, quiet: Bool) {
        self.redactor = redactor
        self.format = format
        self.quiet = quiet
    }

    mutating func redact(_ sources: RedactSources) throws {
        for folder in sources.folders where unsafe mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw CollectError(.failed, "'\(folder)'", "can't be made: \(PlatformError(errno: errno, folder).reason)")
        }
        for note in sources.notes { Messages.warning(note) }
        // What one file gives away is removed from all: so files are read twice. A pipe can't be.
        var withheld: [String: RedactionSummary] = [:]
        for file in sources.files where try file.path != "-" && teaches(file.path) {
            let summary = try pass(file.path, isFirst: true) { _ in }
            if summary.withheld != nil { withheld[file.path] = summary }
        }
        for file in sources.files {
            let summary: RedactionSummary
            if let known = withheld[file.path] {
                summary = known
            } else if let target = file.target {
                summary = try write(file.path, target)
            } else {
                summary = try pass(file.path) { bytes in
                    if !Terminal.write(bytes: bytes, to: 1) { ExitStatus.done.leave() }
                }
            }
            account(file.path, summary)
        }
    }

    private func teaches(_ path: String) throws -> Bool {
        var head: [UInt8] = []
        try NodeFiles.open(userFile: path).forEachBlock(limit: 4) { head += $0 }
        return !redactor.learnsNothing(fromHead: head)
    }

    private func write(_ path: String, _ target: String) throws -> RedactionSummary {
        let caller = CallingUser.current()
        let output = try OutputFile(
            path: FilePath(target), owner: .init(user: caller.user, group: caller.group), replace: true)
        let summary = try pass(path) { bytes in try output.write(bytes) }
        // A withheld file leaves no file behind, not an empty one that looks like a clean one.
        if summary.withheld == nil { try output.publish() } else { output.discard() }
        return summary
    }

    private func pass(
        _ path: String, isFirst: Bool = false, _ sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> RedactionSummary {
        let name = path == "-" ? nil : PathText.lastName(path)
        let stream = isFirst ? redactor.makeFirstStream(format, name: name) : redactor.makeStream(format, name: name)
        try Self.read(path) { block in try stream.append(block, into: sink) }
        return try stream.finish(into: sink)
    }

    private static func read(_ path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        if path != "-" { return try NodeFiles.open(userFile: path).forEachBlock(limit: Int.max, body) }
        var buffer = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = unsafe Glibc.read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            try body(buffer[..<count])
        }
    }

    mutating func check(_ sources: RedactSources) throws {
        for note in sources.notes { Messages.warning(note) }
        for file in sources.files {
            let bytes = try InputFiles.read(file.path, limit: 1 << 30)
            let findings = try redactor.findings(in: bytes, format: format, name: file.path)
            let shown = file.path == "-" ? "(standard input)" : file.path
            for finding in findings {
                Terminal.writeOutput(
                    "\(TerminalText.harmless(shown)):\(finding.line):\(finding.column): \(finding.rule)\n")
            }
            found += findings.count
            var summary = RedactionSummary(format: format)
            summary.bytesIn = bytes.count
            for finding in findings { summary.findings[finding.rule, default: 0] += 1 }
            account(file.path, summary)
        }
    }

    private mutating func account(_ path: String, _ summary: RedactionSummary) {
        totals.merge(summary.findings) { $0 + $1 }
        var row: JSONObject = [
            "path": .string(path), "format": .string(summary.format.rawValue), "bytesIn": .integer(summary.bytesIn),
            "bytesOut": .integer(summary.bytesOut), "findings": Self.counts(summary.findings),
        ]
        if !summary.notes.isEmpty { row["notes"] = .array(summary.notes.map { .string($0) }) }
        if let why = summary.withheld {
            withheld += 1
            row["withheld"] = .string(why)
            Messages.warning("'\(path)' is withheld: \(why)")
        }
        rows.append(.object(row))
    }

    func writeReport(to path: String, durationMs: Int) throws {
        let value = JSONValue.object([
            "schema": 1, "inputs": .array(rows), "findings": Self.counts(totals),
            "learnedSecrets": .integer(redactor.vault.count), "durationMs": .integer(durationMs),
        ])
        let caller = CallingUser.current()
        let file = try OutputFile(
            path: FilePath(path), owner: .init(user: caller.user, group: caller.group), replace: true)
        try file.write(value.encoded(pretty: true) + [0x0A])
        try file.publish()
    }

    private static func counts(_ counts: [String: Int]) -> JSONValue {
        .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }))
    }
}
