internal import Documents
public import SupportBundle

/// What `collect` and `add` print at their end: verdict, checklist, what is missing, and where the bundle is.
public enum TerminalSummary {
    static let maxLines = 23

    /// At most 23 rows of a terminal of `width` columns (but 40 at least), so that a prompt fits below them on 24; only a
    /// path or a command, which are for copying, may be a line wider than that. With `color`, ANSI colours and nothing
    /// else.
    /// - Parameter bundleBytes: size of the bundle file, where it is known.
    public static func lines(
        _ manifest: Manifest, bundlePath: String, color: Bool, width: Int = 80, bundleBytes: Int? = nil,
        language: Language = .english
    ) -> [String] {
        let paint = Paint(on: color)
        let width = max(40, min(width, 120))
        let facts = Facts(manifest: manifest, texts: Texts.of(language))
        var page = LineBudget(maxLines: maxLines, width: width)
        page.add(verdict(facts, width, paint), yields: 1, rest: "  …")
        page.add(checklist(facts, width, paint), yields: 3, rest: missingOnly(facts, width))
        page.add(groups: missing(facts, width, paint), yields: 2, rest: facts.texts("restInStartHere"))
        page.add(place(facts, bundlePath, bundleBytes, width, paint))
        return page.lines()
    }

    private static func verdict(_ facts: Facts, _ width: Int, _ paint: Paint) -> [String] {
        let texts = facts.texts
        guard let verdict = facts.verdicts.first else {
            return TextLayout.wrapped(texts("verdictNone"), width: width, next: "  ").map { paint.bold($0) }
        }
        let title = texts.sentence(Shown.text(verdict.title, 400))
        var lines = TextLayout.wrapped(
            texts("verdictLine", ["confidence": facts.confidence(verdict), "title": title]), width: width, next: "  ",
            maxLines: 2
        ).map { paint.bold($0) }
        lines += TextLayout.wrapped(
            texts.sentence(Shown.text(verdict.summary, 1200)), width: width, first: "  ", next: "  ", maxLines: 2)
        if let step = verdict.resolution.first {
            lines += TextLayout.wrapped(
                texts("toDo", ["step": texts.sentence(Shown.text(step, 600))]), width: width, first: "  ", next: "  ",
                maxLines: 2)
        }
        return lines
    }

    /// The must-collect list in two columns where they fit.
    private static func checklist(_ facts: Facts, _ width: Int, _ paint: Paint) -> [String] {
        let list = facts.manifest.mustCollect
        guard !list.isEmpty else { return [] }
        let cells = list.map { cell($0, facts.texts, paint) }
        let columns = width >= 78 ? 2 : 1
        let rows = (cells.count + columns - 1) / columns
        var lines = [paint.bold(facts.texts("navChecklist"))]
        for row in 0..<rows {
            let right = row + rows < cells.count && columns == 2 ? cells[row + rows] : ""
            lines.append(right.isEmpty ? "  \(trimmed(cells[row]))" : "  \(cells[row])  \(trimmed(right))")
        }
        return lines
    }

    /// In one line what is missing of the list, for want of room for all of it.
    private static func missingOnly(_ facts: Facts, _ width: Int) -> String {
        let texts = facts.texts
        let names = facts.manifest.mustCollect.filter { $0.state == .missing && $0.required }.map(\.item.rawValue)
        guard !names.isEmpty else { return "  …" }
        let line = "… " + texts("stateMISSING") + texts("colon") + texts.list(names)
        return TextLayout.wrapped(line, width: width, first: "  ", next: "  ", maxLines: 1).joined()
    }

    /// 36 columns, colours not counted.
    private static func cell(_ entry: Manifest.MustCollect, _ texts: Texts, _ paint: Paint) -> String {
        let name = entry.item.rawValue
        let word = texts(
            entry.state == .missing && entry.required ? "stateMISSING" : "state_" + entry.state.rawValue)
        let painted =
            switch entry.state {
            case .collected: paint.green(word)
            case .missing where entry.required: paint.red(word)
            case .partial, .missing, .skipped: paint.yellow(word)
            }
        return padded(name, 25) + painted + String(repeating: " ", count: max(0, 9 - TerminalText.columns(word)))
    }

    private static func padded(_ name: String, _ width: Int) -> String {
        name + String(repeating: " ", count: max(1, width - name.utf8.count))
    }

    private static func trimmed(_ cell: String) -> String {
        var cell = cell
        while cell.last == " " { cell.removeLast() }
        return cell
    }

    /// Required items with what to do about them; optional ones too where nothing required is missing.
    private static func missing(_ facts: Facts, _ width: Int, _ paint: Paint) -> [[String]] {
        let gaps = facts.gaps
        guard let first = gaps.first else { return [] }
        var groups = [[paint.bold(facts.texts("stillMissing"))]]
        for gap in gaps where gap.required == first.required {
            let texts = facts.texts
            let optional = gap.required ? "" : " (\(texts("optional")))"
            let reason = gap.reason.map { texts("colon") + texts.sentence(Shown.text($0, 600)) } ?? ""
            var lines = TextLayout.wrapped(
                gap.names(texts) + optional + reason, width: width, first: "  ", next: "    ", maxLines: 2)
            let (advice, command) = gap.hintParts
            if !advice.isEmpty {
                lines += TextLayout.wrapped(
                    texts.sentence(Shown.text(advice, 600)), width: width, first: "    ", next: "    ", maxLines: 2)
            }
            if !command.isEmpty { lines += TextLayout.command(command, width: width, indent: "    ") }
            groups.append(lines)
        }
        let optional = gaps.filter { $0.required != first.required }.flatMap(\.items).map(\.rawValue)
        if !optional.isEmpty {
            groups.append(
                TextLayout.wrapped(
                    facts.texts("optionalList", ["items": facts.texts.list(optional)]), width: width, first: "  ",
                    next: "    ", maxLines: 2))
        }
        return groups
    }

    private static func place(
        _ facts: Facts, _ path: String, _ bytes: Int?, _ width: Int, _ paint: Paint
    ) -> [String] {
        let texts = facts.texts
        let size = bytes.map { texts("listComma") + texts.size($0) } ?? ""
        // A path is for copying, so it is not cut short of four rows.
        let file = Shown.shellWord(path, width * 4)
        var lines = TextLayout.wrapped(texts("bundleLine", ["state": facts.state + size]), width: width, next: "  ").map
        {
            paint.bold($0)
        }
        lines.append("  \(file)")
        let look = "  " + texts("lookInside") + " apigee-collect inspect "
        lines.append(TerminalText.columns(look) + TerminalText.columns(file) <= width ? look + file : look + "FILE")
        return lines
    }
}
