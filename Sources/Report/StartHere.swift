internal import Documents
public import SupportBundle

/// The text of `START-HERE.txt`: what happened, the verdict, what is inside, what is missing and how to check it.
public enum StartHere {
    static let width = 100
    static let maxLines = 40

    /// At most 40 lines of at most 100 columns, each ended by a line feed. Whatever the manifest holds, the text
    /// has no control characters but its line feeds.
    public static func text(_ manifest: Manifest) -> String {
        let facts = Facts(manifest: manifest)
        var page = LineBudget(maxLines: maxLines)
        page.add(head(facts))
        page.add(whatHappened(facts), yields: 3, rest: "  …")
        page.add(verdict(facts), yields: 2, rest: "  … the rest is in report.html")
        page.add(groups: missing(facts), yields: 1, rest: "  … the rest is in report.html")
        page.add(inside(manifest), yields: 4, rest: "  … and more, listed in report.html and manifest.json")
        page.add(howToCheck(manifest))
        // The lines were made to fit; numbers of a foreign manifest may be longer than any of ours.
        return page.lines().map { Shown.text($0, width) + "\n" }.joined()
    }

    private static func head(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        let name = Shown.text(manifest.bundle.name, width - 24)
        var lines = ["Apigee support bundle \(name)"]
        var state = "\(facts.state) · written \(Shown.text(manifest.bundle.createdAt, 32))"
        if let id = manifest.case?.id { state += " · case \(Shown.text(id, 24))" }
        lines.append(Shown.text(state, width))
        return lines
    }

    private static func whatHappened(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        var lines = ["WHAT HAPPENED"]
        for (name, value) in [
            ("Kind", manifest.playbook.title), ("Request", facts.proxy), ("Message id", manifest.request.messageId),
            ("Backend", facts.backend), ("When", facts.response), ("Failure", facts.occurrences),
        ] {
            guard let value, !value.isEmpty else { continue }
            let label = "  \(name)" + String(repeating: " ", count: max(1, 12 - name.utf8.count))
            lines += TextLayout.wrapped(value, width: width, first: label, next: "              ", maxLines: 2)
        }
        return lines
    }

    private static func verdict(_ facts: Facts) -> [String] {
        guard let verdict = facts.verdicts.first else {
            return [
                "VERDICT", "  None: what was collected does not settle the cause. Support has to read the evidence.",
            ]
        }
        var lines = ["VERDICT (\(verdict.confidence.rawValue))"]
        lines += TextLayout.wrapped(verdict.title, width: width, first: "  ", next: "  ", maxLines: 2)
        lines += TextLayout.wrapped(verdict.summary, width: width, first: "  ", next: "  ", maxLines: 4)
        for step in verdict.resolution.prefix(3) {
            lines += TextLayout.wrapped(step, width: width, first: "  * ", next: "    ", maxLines: 2)
        }
        let others = facts.verdicts.dropFirst()
        if !others.isEmpty {
            let names = others.prefix(3).map { "\($0.title) (\($0.confidence.rawValue))" }
            lines += TextLayout.wrapped(
                "Also: " + names.joined(separator: "; "), width: width, first: "  ", next: "        ", maxLines: 2)
        }
        return lines
    }

    private static func missing(_ facts: Facts) -> [[String]] {
        guard !facts.gaps.isEmpty else { return [] }
        var groups = [["WHAT IS MISSING"]]
        for gap in facts.gaps {
            let required = gap.required ? "" : " (optional)"
            let state = gap.state == .missing ? "" : ", \(gap.state.rawValue)"
            let reason = gap.reason.map { ": \($0)" } ?? ""
            var lines = TextLayout.wrapped(
                gap.names + state + required + reason, width: width, first: "  - ", next: "    ", maxLines: 2)
            let (advice, command) = gap.hintParts
            if !advice.isEmpty {
                lines += TextLayout.wrapped(advice, width: width, first: "      ", next: "      ", maxLines: 2)
            }
            if !command.isEmpty {
                lines += TextLayout.command(
                    named(command, facts.manifest.bundle.name), width: width, indent: "      ",
                    tooLong: "the command is in report.html")
            }
            groups.append(lines)
        }
        return groups
    }

    /// The command with the bundle's name in place of its path: who reads this has the bundle elsewhere by now.
    private static func named(_ command: String, _ name: String) -> String {
        let file = name + ".tar.gz"
        return command.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.hasSuffix("/" + file) || word.hasSuffix("/" + file + "'") ? file : String(word)
        }.joined(separator: " ")
    }

    private static func inside(_ manifest: Manifest) -> [String] {
        var lines = [
            "WHAT IS INSIDE", "  report.html  the same with all evidence: open it in a browser, it works offline",
        ]
        let cells = ItemKind.allCases.compactMap { cell($0, manifest) }
        let rows = (cells.count + 1) / 2
        for row in 0..<rows {
            let left = cells[row]
            let right = row + rows < cells.count ? cells[row + rows] : ""
            let padding = String(repeating: " ", count: max(2, 49 - left.utf8.count))
            lines.append(right.isEmpty ? "  \(left)" : "  \(left)\(padding)\(right)")
        }
        return lines
    }

    /// `items/trace/  1 file, 12.0 kB`; nil when there is no such item.
    private static func cell(_ kind: ItemKind, _ manifest: Manifest) -> String? {
        let items = manifest.items.filter { $0.kind == kind }
        guard !items.isEmpty else { return nil }
        let bytes = Shown.sum(items.map(\.bytes))
        let folder = "items/\(kind.rawValue)/"
        let padding = String(repeating: " ", count: max(1, 30 - folder.utf8.count))
        return "\(folder)\(padding)\(Shown.count(items.count, "file")), \(Shown.size(bytes))"
    }

    private static func howToCheck(_ manifest: Manifest) -> [String] {
        let removed = Shown.count(Shown.sum(manifest.redaction.findings.values), "secret value")
        let unclean = manifest.leakScan.state == .suspicions
        return [
            "CHECK IT",
            "  sha256sum -c SHA256SUMS            in this folder: every file is as it was written",
            "  \(removed) replaced by REDACTED.<rule>.<fingerprint>, level "
                + Shown.text(manifest.redaction.level, 20)
                + (unclean ? "; see the leak scan in report.html" : ""),
        ]
    }
}
