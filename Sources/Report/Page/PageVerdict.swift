internal import Documents
internal import SupportBundle

extension PageModel {
    func verdict(_ verdict: Verdict, number: Int) -> PageValue {
        let isFirst = number == 1
        var values: [String: PageValue] = [
            "isFirst": .flag(isFirst), "number": .text(isFirst ? "" : "\(number)"),
            "heading": .text(texts(isFirst ? "verdict" : "otherCause")),
            "title": headline(verdict.title), "confidence": .text(facts.confidence(verdict)),
            "class": .text("sure " + verdict.confidence.rawValue), "summary": sentence(verdict.summary),
            "cause": name(verdict.cause), "howSure": .text(texts("howSure_" + verdict.confidence.rawValue)),
        ]
        add("resolution", "hasResolution", verdict.resolution, to: &values) { instruction($0) }
        // The first few are what it rests on most; the others are a click away.
        let shown = verdict.evidence.count <= 8 ? 8 : 6
        add("evidence", "hasEvidence", Array(verdict.evidence.prefix(shown)), to: &values) { evidence($0) }
        let more = Array(verdict.evidence.dropFirst(shown))
        add("moreEvidence", "hasMoreEvidence", more, to: &values) { evidence($0) }
        values["moreEvidenceTitle"] = .text(texts.count(more.count, "moreEvidence"))
        add("wouldSettle", "hasWouldSettle", verdict.wouldSettle, to: &values) { instruction($0) }
        add(
            "ruledOut", "hasRuledOut",
            verdict.ruledOut, to: &values
        ) { ["cause": name($0.cause), "title": .text(causeTitle($0.cause)), "why": sentence($0.why)] }
        return .record(values)
    }

    private func causeTitle(_ cause: String) -> String {
        texts.words["cause_" + cause] ?? word(cause)
    }

    private func evidence(_ evidence: Verdict.Evidence) -> PageValue {
        [
            "text": sentence(evidence.text), "path": name(evidence.path), "href": .text(Self.href(evidence.path)),
            "location": .text(words(evidence.location)),
        ]
    }

    func gap(_ gap: Gap) -> PageValue {
        let parts = gap.hintParts
        return [
            "items": name(texts.list(gap.items.map { texts("item_" + $0.rawValue) })), "kinds": name(gap.names(texts)),
            "state": .text(texts("state_" + gap.state.rawValue)),
            "optional": .flag(!gap.required), "class": .text(gap.required ? gap.state.rawValue : "skipped"),
            "reason": sentence(gap.reason ?? ""), "command": .text(Shown.text(parts.command, 4000)),
            "advice": .text(texts.sentence(Shown.text(parts.advice, 4000))),
        ]
    }

    func checklistRow(_ entry: Manifest.MustCollect) -> PageValue {
        [
            "item": .text(entry.item.rawValue), "asked": .text(texts(entry.required ? "required" : "optional")),
            "optional": .flag(!entry.required),
            "state": .text(texts("state_" + entry.state.rawValue)),
            "title": .text(texts("item_" + entry.item.rawValue)),
            "class": .text(entry.required || entry.state == .collected ? entry.state.rawValue : "skipped"),
            "reason": sentence(entry.reason ?? ""),
        ]
    }

    /// What is in the bundle but not whole, in sentences.
    var cuts: [String] {
        var cuts: [String] = []
        for item in manifest.items {
            if let truncated = item.truncated {
                let bytes =
                    truncated.bytes.map { texts("listComma") + texts("leftOut", ["size": texts.size($0)]) } ?? ""
                cuts.append("\(word(item.path)): \(words(truncated.how))\(bytes)")
            } else if item.state != .collected {
                let reason = item.reason.map { texts("listComma") + words($0) } ?? ""
                cuts.append("\(word(item.path)): \(texts("state_" + item.state.rawValue))\(reason)")
            }
        }
        if manifest.interrupted { cuts.append(texts("wasInterrupted")) }
        if manifest.redaction.notApplied > 0 { cuts.append(texts.count(manifest.redaction.notApplied, "notApplied")) }
        return cuts
    }

    /// The address of a file of the bundle from the page's point of view; empty for a path that leads elsewhere.
    static func href(_ path: String) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.utf8.count <= 4096, segments.count > 1, segments[0] == "items" || segments[0] == "nodes",
            segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { return "" }
        return segments.map { percentEncoded($0) }.joined(separator: "/")
    }

    /// RFC 3986 section 2.3: all but unreserved characters.
    private static func percentEncoded(_ segment: Substring) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var encoded = String.UnicodeScalarView()
        for byte in segment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(Unicode.Scalar(byte))
            default:
                encoded += ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(encoded)
    }
}
