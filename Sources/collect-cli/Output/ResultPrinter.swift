import Collect
import Documents
import Platform
import Report
import SupportBundle

/// The end of a run: the summary for people, or one JSON object.
enum ResultPrinter {
    static func print(_ result: CollectResult, json: Bool, quiet: Bool, noColor: Bool, language: Language) throws {
        if json {
            let value = JSONValue.object([
                "schema": 1, "bundle": .string(result.path), "bytes": .integer(result.bytes),
                "complete": .bool(result.isComplete), "interrupted": .bool(result.interrupted != nil),
                "files": .array(result.files.map { .string($0) }),
                "joinCommand": result.joinCommand.map { .string($0) } ?? .null,
                "manifest": try JSONValue(parsing: result.manifest.encoded()),
            ])
            Terminal.write(bytes: value.encoded(pretty: true)[...] + [0x0A], to: 1)
            return
        }
        var lines = TerminalSummary.lines(
            result.manifest, bundlePath: result.path, color: Color.allowed(on: 1, disabled: noColor),
            width: Terminal.columns(1) ?? 80, bundleBytes: result.bytes,
            language: language)
        if result.files.count > 1 {
            lines += ["", "Files that belong together:"] + result.files.map { "  " + TerminalText.harmless($0) }
        }
        if let join = result.joinCommand { lines.append("Join the parts with: " + join) }
        Terminal.writeOutput(quiet ? result.path + "\n" : lines.joined(separator: "\n") + "\n")
    }
}

extension Pages {
    /// The pages of the product.
    static func standard(_ language: Language) -> Pages {
        Pages(
            startHere: { Array(StartHere.text($0, language: language).utf8) },
            report: { manifest, sources in
                let material = ReportMaterial(
                    diagnosis: try? JSONValue(parsing: sources.diagnosis), toolLog: sources.toolLog)
                let page = try? ReportPage.html(manifest, material, language: language)
                return page ?? Array(StartHere.text(manifest, language: language).utf8)
            })
    }
}
