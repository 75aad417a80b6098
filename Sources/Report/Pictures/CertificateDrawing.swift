internal import Documents
internal import SupportBundle

/// The certificates of the client beside the issuers that the backend accepts: which leads to which, in what the names
/// differ, and when each certificate is valid.
struct CertificateDrawing {
    let data: JSONValue
    let request: Manifest.FailingRequest
    let now: String
    let texts: Texts
    let caps: PageCaps
    private static let boxHeight = 46
    private static let step = 60
    private static let top = 30

    /// Nil where there is nothing to draw.
    var values: PageValue? {
        let chain = (data["chain"]?.array ?? []).prefix(8)
        let accepted = (data["accepted"]?.array ?? []).prefix(12)
        let server = (data["server"]?.array ?? []).prefix(8)
        let hasList = data["acceptedFrom"] != nil
        guard !chain.isEmpty || hasList || !server.isEmpty else { return nil }
        var values: [String: PageValue] = [:]
        values["hasLink"] = .flag(!chain.isEmpty || hasList)
        link(Array(chain), Array(accepted), hasList: hasList, into: &values)
        difference(into: &values)
        let sources: [(String, JSONValue?)] = [
            ("chainFrom", data["chainFrom"]), ("acceptedFrom", data["acceptedFrom"]),
        ]
        values["sources"] = .list(
            sources.compactMap { key, place in
                guard let path = place?["path"]?.string, !path.isEmpty else { return nil }
                return [
                    "label": .text(texts(key)), "path": .text(text(path)), "href": .text(PageModel.href(path)),
                    "location": .text(text(place?["location"]?.string ?? "")),
                ]
            })
        validity(Array(chain), Array(server), into: &values)
        return .record(values)
    }

    // MARK: Who issued, who is accepted

    private struct Box {
        var name: String
        var rest: String
        var style = ""
    }

    private func link(
        _ chain: [JSONValue], _ accepted: [JSONValue], hasList: Bool, into values: inout [String: PageValue]
    ) {
        let missing = data["missing"]?.string
        let match = missing == nil ? data["match"]?.string ?? "unknown" : "missing"
        let matched = data["matchedIssuer"]?.bounded.flatMap { chain.indices.contains($0) ? $0 : nil }
        let nearest = data["nearest"]?.bounded
        var left: [Box] = chain.enumerated().map { index, certificate in
            box(certificate["subject"]?.string ?? "", texts(index == 0 ? "certificateOfClient" : "issuerInChain"))
        }
        // The issuer of the last certificate, where it is not the certificate itself.
        if let last = chain.last, let issuer = last["issuer"]?.string, issuer != last["subject"]?.string {
            left.append(box(issuer, texts("issuerNotInChain"), style: "ghost"))
        }
        if left.isEmpty {
            let why = missing.map { texts.sentence(Shown.text($0, 400)) }
            left = [
                Box(
                    name: texts("noCertificate"), rest: why ?? texts("noCertificateKnown"),
                    style: missing == nil ? "ghost" : "ghost bad")
            ]
        }
        var right: [Box] = accepted.map { name in
            let full = text(name["name"]?.string ?? "")
            return Box(name: Self.shortName(full), rest: Self.restOfName(full))
        }
        let more = (data["acceptedCount"]?.bounded ?? 0) - right.count
        if right.isEmpty {
            right = [
                Box(
                    name: texts(hasList ? "anyIssuerNamed" : "issuersUnknown"),
                    rest: texts(hasList ? "anyIssuerRest" : "issuersUnknownRest"), style: "ghost")
            ]
        } else if more > 0 {
            right.append(Box(name: texts("andMore", ["n": Shown.number(more)]), rest: "", style: "ghost"))
        }
        // The issuer of certificate n stands in box n + 1.
        let from = min(left.count - 1, (matched ?? 0) + 1)
        if matched != nil, left.indices.contains(from) { left[from].style = "good" }
        if match == "refused", left.indices.contains(from) { left[from].style = "bad" }
        var lines: [PageValue] = []
        for index in right.indices where match == "accepted" || match == "refused" {
            guard index < accepted.count else { continue }
            let isMatch = accepted[index]["matches"]?.bool == true
            if isMatch { right[index].style = "good" }
            if match == "accepted", !isMatch { continue }
            let style = isMatch ? "good" : index == nearest ? "bad" : "faint"
            lines.append([
                "y1": .number(middle(from)), "y2": .number(middle(index)), "class": .text(style),
                "drawMark": .flag(isMatch || index == nearest), "isMatch": .flag(isMatch),
                "yMark": .number((middle(from) + middle(index)) / 2),
            ])
        }
        let rows = max(left.count, right.count)
        values["height"] = .number(Self.top + rows * Self.step)
        values["boxes"] = .list(
            left.enumerated().map { boxValues($1, at: $0, x: "0") }
                + right.enumerated().map { boxValues($1, at: $0, x: "56%") })
        values["arrows"] = .list(
            left.indices.dropLast().map { index in
                [
                    "y1": .number(Self.top + index * Self.step + Self.boxHeight),
                    "y2": .number(Self.top + (index + 1) * Self.step),
                ]
            })
        values["lines"] = .list(lines)
        let result = texts("match_" + (["accepted", "refused", "any", "missing"].contains(match) ? match : "unknown"))
        values["matchClass"] = .text(
            match == "accepted" ? "good" : match == "refused" || match == "missing" ? "bad" : "plain")
        values["matchText"] = .text(result)
        let alternative = texts(
            "linkAlternative",
            [
                "chain": texts.list(left.map(\.name)), "accepted": texts.list(right.prefix(6).map(\.name)),
                "result": result,
            ])
        values["alternative"] = .text(alternative)
        let names = accepted.compactMap { $0["name"]?.string }
        values["acceptedNames"] = .list(names.map { .text(text($0)) })
        values["hasAcceptedNames"] = .flag(!names.isEmpty)
        values["chainNames"] = .list(
            chain.map {
                .text(
                    texts(
                        "chainName",
                        ["subject": text($0["subject"]?.string ?? "?"), "issuer": text($0["issuer"]?.string ?? "?")]))
            })
        values["hasChainNames"] = .flag(!chain.isEmpty)
    }

    private func middle(_ index: Int) -> Int { Self.top + index * Self.step + Self.boxHeight / 2 }

    private func boxValues(_ box: Box, at index: Int, x: String) -> PageValue {
        let y = Self.top + index * Self.step
        return [
            "x": .text(x), "y": .number(y), "boxHeight": .number(Self.boxHeight),
            "class": .text("box " + box.style), "name": FittingText(box.name, wide: 52, narrow: 17).values,
            "rest": FittingText(box.rest, wide: 60, narrow: 21).values,
        ]
    }

    /// The common name, or the first part of the name, large; what it is, small.
    private func box(_ name: String, _ role: String, style: String = "") -> Box {
        Box(name: Self.shortName(text(name)), rest: role, style: style)
    }

    /// `CN=x,O=y` is `x`.
    static func shortName(_ name: String) -> String {
        var value = ""
        var escaped = false
        let start = name.firstRange(of: "CN=").map { name[$0.upperBound...] } ?? name[...]
        for character in start {
            if escaped {
                escaped = false
                value.append(character)
            } else if character == "\\" {
                escaped = true
            } else if character == "," || character == "+" {
                break
            } else {
                value.append(character)
            }
        }
        return value.isEmpty ? name : value
    }

    /// `CN=x,OU=y,O=z` is `OU=y, O=z`.
    static func restOfName(_ name: String) -> String {
        var parts: [String] = [""]
        var escaped = false
        for character in name {
            if !escaped, character == "," {
                parts.append("")
            } else {
                if escaped || character != "\\" { parts[parts.count - 1].append(character) }
            }
            escaped = !escaped && character == "\\"
        }
        return parts.filter { !$0.hasPrefix("CN=") }.joined(separator: ", ")
    }

    private func difference(into values: inout [String: PageValue]) {
        let parts = (data["difference"]?.array ?? []).prefix(16)
        values["hasDifference"] = .flag(!parts.isEmpty)
        values["difference"] = .list(
            parts.map { part in
                let isSame = part["same"]?.bool == true
                func value(_ key: String) -> PageValue {
                    let found = text(part[key]?.string ?? "")
                    return .text(found.isEmpty ? texts("absent") : found)
                }
                return [
                    "type": .text(text(part["type"]?.string ?? "")), "ours": value("ours"), "theirs": value("theirs"),
                    "same": .flag(isSame), "verdict": .text(texts(isSame ? "same" : "different")),
                ]
            })
    }

    func text(_ text: String) -> String { Shown.text(text, caps.name) }
}

extension CertificateDrawing {
    private struct Validity {
        let name: String
        let from: Int
        let to: Int
        let isClient: Bool
    }

    private static let day = 86_400_000
    private static let rowHeight = 44

    /// Bars on an axis of time, with a line for the moment of the failure.
    fileprivate func validity(_ chain: [JSONValue], _ server: [JSONValue], into values: inout [String: PageValue]) {
        let failedAt = [data["failedAt"]?.string ?? "", request.time, now].lazy.compactMap {
            ISO8601Time.milliseconds($0)
        }
        .first
        var rows: [Validity] = []
        for (list, isClient) in [(chain, true), (server, false)] {
            for certificate in list {
                guard let from = certificate["notBefore"]?.string.flatMap(ISO8601Time.milliseconds),
                    let to = certificate["notAfter"]?.string.flatMap(ISO8601Time.milliseconds), from < to
                else { continue }
                let name = Self.shortName(text(certificate["subject"]?.string ?? ""))
                rows.append(Validity(name: name, from: from, to: to, isClient: isClient))
            }
        }
        values["hasValidity"] = .flag(!rows.isEmpty && failedAt != nil)
        values["validity"] = []
        values["validityHeight"] = 0
        guard let failedAt, !rows.isEmpty else { return }
        // At most some years to each side: a root that lives for thirty would press all others together.
        let first = max(failedAt - 1_200 * Self.day, min(failedAt - 90 * Self.day, rows.map(\.from).min() ?? failedAt))
        let last = min(failedAt + 1_200 * Self.day, max(failedAt + 90 * Self.day, rows.map(\.to).max() ?? failedAt))
        let range = first...last
        func place(_ time: Int) -> Double { min(max(Drawing.place(time, in: range), 0), 100) }
        values["nowX"] = .text(Drawing.percent(place(failedAt)))
        values["nowAnchor"] = .text(place(failedAt) > 66 ? "end" : place(failedAt) < 33 ? "start" : "middle")
        values["nowText"] = .text(texts("atFailure", ["date": Clock.date(failedAt, offset: 0)]))
        let height = 26 + rows.count * Self.rowHeight
        values["validityHeight"] = .number(height)
        values["validity"] = .list(
            rows.enumerated().map { index, row in
                let y = 26 + index * Self.rowHeight
                let days = (row.to - failedAt) / Self.day
                let state = failedAt > row.to || failedAt < row.from ? "bad" : days < 30 ? "warn" : "good"
                let left =
                    failedAt > row.to
                    ? texts("expiredFor", ["n": Shown.number(-days)])
                    : failedAt < row.from ? texts("notYetValid") : texts("daysLeft", ["n": Shown.number(days)])
                let dates = texts(
                    "validFromTo",
                    ["from": Clock.date(row.from, offset: 0), "to": Clock.date(row.to, offset: 0), "left": left])
                return [
                    "yName": .number(y + 14), "yBar": .number(y + 22), "yNow": .number(y + 18), "yEnd": .number(y + 34),
                    "class": .text(state), "left": .text(left),
                    "x": .text(Drawing.percent(place(row.from))),
                    "width": .text(Drawing.percent(max(0.6, place(row.to) - place(row.from)))),
                    "name": .text(row.name),
                    "label": FittingText("\(row.name) · \(left)", wide: 110, narrow: 48).values,
                    "whose": .text(texts(row.isClient ? "clientChain" : "serverChain")), "dates": .text(dates),
                ]
            })
    }
}
