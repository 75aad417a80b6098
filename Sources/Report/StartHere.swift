internal import Documents
public import SupportBundle

/// The text of `START-HERE.txt`: what happened, the verdict, what is inside, what is missing and how to check it.
public enum StartHere {
    static let width = 100
    static let maxLines = 40

    /// At most 40 lines of at most 100 columns, each ended by a line feed. Whatever the manifest holds, the text
    /// has no control characters but its line feeds.
    public static func text(_ manifest: Manifest, language: Language = .english) -> String {
        let texts = Texts.of(language)
        let facts = Facts(manifest: manifest, texts: texts)
        var page = LineBudget(maxLines: maxLines)
        page.add(head(facts))
        page.add(whatHappened(facts), yields: 3, rest: "  …")
        page.add(verdict(facts), yields: 2, rest: texts("restInReport"))
        page.add(groups: missing(facts), yields: 1, rest: texts("restInReport"))
        page.add(inside(facts), yields: 4, rest: texts("restListed"))
        page.add(howToCheck(facts))
        // The lines were made to fit; numbers of a foreign manifest may be longer than any of ours.
        return page.lines().map { Shown.text($0, width) + "\n" }.joined()
    }

    private static func head(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        let name = Shown.text(manifest.bundle.name, width - 24)
        let texts = facts.texts
        var lines = ["\(texts("supportBundle")) \(name)"]
        var state = "\(facts.state) · \(texts("writtenAt", ["time": Shown.text(manifest.bundle.createdAt, 32)]))"
        if let id = manifest.case?.id { state += " · \(texts("caseNumber", ["id": Shown.text(id, 24)]))" }
        lines.append(Shown.text(state, width))
        return lines
    }

    private static func whatHappened(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        let texts = facts.texts
        var lines = [texts("headHappened")]
        let rows = [
            ("kind", texts.sentence(manifest.playbook.title)), ("failingRequest", facts.proxy),
            ("messageId", manifest.request.messageId), ("backend", facts.backend), ("when", facts.response),
            ("failure", facts.occurrences),
        ]
        for (key, value) in rows {
            guard let value, !value.isEmpty else { continue }
            let name = texts("label_" + key)
            let label = "  \(name)" + String(repeating: " ", count: max(1, 12 - TerminalText.columns(name)))
            lines += TextLayout.wrapped(value, width: width, first: label, next: "              ", maxLines: 2)
        }
        return lines
    }

    private static func verdict(_ facts: Facts) -> [String] {
        let texts = facts.texts
        guard let verdict = facts.verdicts.first else { return [texts("headVerdict"), "  " + texts("noVerdict")] }
        var lines = ["\(texts("headVerdict")) (\(facts.confidence(verdict)))"]
        lines += TextLayout.wrapped(
            texts.sentence(Shown.text(verdict.title, 400)), width: width, first: "  ", next: "  ", maxLines: 2)
        lines += TextLayout.wrapped(
            texts.sentence(Shown.text(verdict.summary, 1200)), width: width, first: "  ", next: "  ", maxLines: 4)
        for step in verdict.resolution.prefix(3) {
            lines += TextLayout.wrapped(
                texts.sentence(Shown.text(step, 600)), width: width, first: "  * ", next: "    ", maxLines: 2)
        }
        let others = facts.verdicts.dropFirst()
        if !others.isEmpty {
            let names = others.prefix(3).map {
                "\(texts.sentence(Shown.text($0.title, 400))) (\(facts.confidence($0)))"
            }
            lines += TextLayout.wrapped(
                texts("also", ["causes": names.joined(separator: "; ")]), width: width, first: "  ",
                next: "        ", maxLines: 2)
        }
        return lines
    }

    private static func missing(_ facts: Facts) -> [[String]] {
        guard !facts.gaps.isEmpty else { return [] }
        let texts = facts.texts
        var groups = [[texts("headMissing")]]
        for gap in facts.gaps {
            let required = gap.required ? "" : " (\(texts("optional")))"
            let state = gap.state == .missing ? "" : texts("listComma") + texts("state_" + gap.state.rawValue)
            let reason = gap.reason.map { texts("colon") + texts.sentence(Shown.text($0, 600)) } ?? ""
            var lines = TextLayout.wrapped(
                gap.names(texts) + state + required + reason, width: width, first: "  - ", next: "    ", maxLines: 2)
            let (advice, command) = gap.hintParts
            if !advice.isEmpty {
                lines += TextLayout.wrapped(
                    texts.sentence(Shown.text(advice, 600)), width: width, first: "      ", next: "      ", maxLines: 2)
            }
            if !command.isEmpty {
                lines += TextLayout.command(
                    named(command, facts.manifest.bundle.name), width: width, indent: "      ",
                    tooLong: texts("commandInReport"))
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

    private static func inside(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        var lines = [facts.texts("headInside"), "  report.html  \(facts.texts("insideReport"))"]
        let cells = ItemKind.allCases.compactMap { cell($0, facts) }
        let rows = (cells.count + 1) / 2
        for row in 0..<rows {
            let left = cells[row]
            let right = row + rows < cells.count ? cells[row + rows] : ""
            let padding = String(repeating: " ", count: max(2, 49 - TerminalText.columns(left)))
            lines.append(right.isEmpty ? "  \(left)" : "  \(left)\(padding)\(right)")
        }
        if cells.isEmpty, manifest.items.isEmpty { lines.append("  " + facts.texts("nothingInside")) }
        return lines
    }

    /// `items/trace/  1 file, 12.0 kB`; nil when there is no such item.
    private static func cell(_ kind: ItemKind, _ facts: Facts) -> String? {
        let items = facts.manifest.items.filter { $0.kind == kind }
        guard !items.isEmpty else { return nil }
        let texts = facts.texts
        let folder = "items/\(kind.rawValue)/"
        let padding = String(repeating: " ", count: max(1, 30 - folder.utf8.count))
        let size = texts.size(Shown.sum(items.map(\.bytes)))
        return "\(folder)\(padding)\(texts.count(items.count, "files"))\(texts("listComma"))\(size)"
    }

    private static func howToCheck(_ facts: Facts) -> [String] {
        let manifest = facts.manifest
        let texts = facts.texts
        let removed = texts.count(Shown.sum(manifest.redaction.findings.values), "removedValues")
        let level = texts("atLevel", ["level": Shown.text(manifest.redaction.level, 20)])
        let unclean = manifest.leakScan.state == .suspicions ? texts("seeLeakScan") : ""
        return [
            texts("headCheck"), "  sha256sum -c SHA256SUMS            \(texts("checkSums"))",
            "  \(removed)\(texts("listComma"))\(level)\(unclean)",
        ]
    }
}
