internal import Documents
internal import SupportBundle

/// The handshakes of a capture as ladders of messages between two ends. Reads what `diagnose --json` writes, and trusts
/// nothing of it.
struct LadderPicture {
    let request: Manifest.FailingRequest
    let texts: Texts
    let caps: PageCaps
    private static let maximumPictures = 3
    private static let rowHeight = 42
    private static let top = 34

    /// One row of a ladder.
    struct Row {
        let frame: Int
        let isFromServer: Bool
        /// In the RFC's words.
        let type: String
        let length: Int?
        let time: String
        /// What is drawn above the arrow.
        var label: String
        /// Why it is marked, in a sentence; empty where it is not.
        var explanation = ""
        /// The number of the mark.
        var mark = 0
        var isWrong: Bool { mark > 0 }
    }

    /// Failed handshakes first; those that completed only where none failed.
    func pictures(of connections: [JSONValue]) -> [PageValue] {
        chosen(connections).enumerated().map { picture(of: $1, number: $0 + 1) }
    }

    /// A sentence on the connections that are not drawn; empty when all are.
    func others(of connections: [JSONValue], total: Int?) -> String {
        let tls = max(total ?? 0, connections.count { $0["tls"]?.bool == true })
        let more = tls - chosen(connections).count
        return more > 0 ? texts.count(more, "moreConnections") : ""
    }

    private func chosen(_ connections: [JSONValue]) -> [JSONValue] {
        let tls = connections.filter { $0["tls"]?.bool == true }
        let failed = tls.filter { $0["outcome"]?.string == "failed" }
        return Array((failed.isEmpty ? tls : failed).prefix(min(Self.maximumPictures, caps.entries)))
    }

    private func picture(of connection: JSONValue, number: Int) -> PageValue {
        let rows = rows(of: connection)
        let isBackend =
            request.port > 0
            ? connection["server"]?["port"]?.int == request.port
            : connection["server"]?["ip"]?.string.map { $0 == request.backendIp || $0 == request.host } ?? false
        let client = texts(isBackend ? "messageProcessor" : "client")
        let server = texts(isBackend ? "backend" : "server")
        let outcome = connection["outcome"]?.string ?? ""
        let name = connection["sni"]?.string.map { "\(text($0)) · " } ?? ""
        let wrong = rows.filter(\.isWrong)
        let height = Self.top + rows.count * Self.rowHeight + 8
        var values: [String: PageValue] = [
            "number": .number(number), "client": .text(client), "server": .text(server),
            "clientAddress": .text(address(connection["client"])),
            "serverAddress": .text(name + address(connection["server"])), "height": .number(height),
            "bottom": .number(height - 2), "outcome": .text(outcomeText(outcome)),
            "outcomeClass": .text(outcome == "failed" ? "bad" : outcome == "completed" ? "good" : "plain"),
            "rows": .list(rows.enumerated().map { row($1, at: $0, client, server) }),
            "hasRows": .flag(!rows.isEmpty),
            "marks": .list(wrong.map { ["mark": .number($0.mark), "text": .text($0.explanation)] }),
            "hasMarks": .flag(!wrong.isEmpty), "facts": .list(facts(of: connection)),
            "path": .text(text(connection["path"]?.string ?? "")),
            "href": .text(PageModel.href(connection["path"]?.string ?? "")),
        ]
        let last = wrong.last
        values["alternative"] = .text(
            last.map {
                texts(
                    "ladderFails",
                    [
                        "n": "\(rows.count)", "client": client, "server": server, "frame": "\($0.frame)",
                        "what": $0.label,
                    ]
                )
            } ?? texts("ladderPlain", ["n": "\(rows.count)", "client": client, "server": server]))
        return .record(values)
    }

    private func row(_ row: Row, at index: Int, _ client: String, _ server: String) -> PageValue {
        let y = Self.top + index * Self.rowHeight + Self.rowHeight - 12
        return [
            "y": .number(y), "yText": .number(y - 9), "yBand": .number(y - Self.rowHeight + 12),
            "bandHeight": .number(Self.rowHeight), "yFrame": .number(y - 9), "yTime": .number(y + 6),
            "toClient": .flag(row.isFromServer), "wrong": .flag(row.isWrong), "mark": .number(row.mark),
            "class": .text(row.isWrong ? "step wrong" : "step"), "tail": .text(row.isFromServer ? "96%" : "4%"),
            "label": FittingText(row.label, wide: 84, narrow: 33).values, "what": .text(row.label),
            "frame": .text(texts("frame", ["n": "\(row.frame)"])), "number": .number(row.frame),
            "time": .text(row.time), "from": .text(row.isFromServer ? server : client), "type": .text(row.type),
            "length": .text(row.length.map { String($0) } ?? ""),
        ]
    }

    // MARK: Rows

    private func rows(of connection: JSONValue) -> [Row] {
        let alerts = connection["alerts"]?.array ?? []
        let start = connection["startedAt"]?.string.flatMap(ISO8601Time.microseconds)
        var seen: [String: Int] = [:]
        var marks = 0
        var rows: [Row] = []
        for message in connection["messages"]?.array ?? [] {
            var row = Row(
                frame: message["frame"]?.bounded ?? 0, isFromServer: message["from"]?.string == "server",
                type: text(message["type"]?.string ?? "?"), length: message["length"]?.bounded,
                time: distance(start, message["time"]?.string), label: "")
            row.label = Self.name(row.type)
            let side = row.isFromServer ? "server" : "client"
            switch row.type {
            case "alert", "encrypted":
                let here = alerts.filter { $0["frame"]?.int == row.frame && $0["from"]?.string == side }
                let place = seen["\(row.frame) \(side)", default: 0]
                guard place < here.count else { break }
                seen["\(row.frame) \(side)"] = place + 1
                take(alert: here[place], into: &row, &marks)
            case "certificate":
                takeCertificate(connection, into: &row, &marks)
            case "certificate_request":
                let count = connection["certificateRequest"]?["authorities"]?.array?.count ?? 0
                row.label += " · " + (count == 0 ? texts("anyIssuer") : texts.count(count, "acceptedIssuers"))
            case "client_hello":
                let versions = (connection["offeredVersions"]?.strings ?? []).prefix(2).map { text($0) }
                if !versions.isEmpty { row.label += " · " + versions.joined(separator: ", ") }
            case "server_hello":
                if let version = connection["version"]?.string { row.label += " · " + text(version) }
            default: break
            }
            // What went wrong is drawn, however long the handshake is.
            if rows.count < caps.entries || row.isWrong && rows.count < caps.entries + 5 { rows.append(row) }
        }
        return rows
    }

    private func take(alert: JSONValue, into row: inout Row, _ marks: inout Int) {
        let name = text(alert["description"]?.string ?? "")
        if alert["encrypted"]?.bool == true {
            row.label = texts("alertEncrypted")
            if row.isFromServer || row.type == "alert" {
                marks += 1
                row.mark = marks
                row.explanation = texts("explainEncrypted", ["frame": "\(row.frame)"])
            }
            return
        }
        row.label = texts("alert", ["level": text(alert["level"]?.string ?? ""), "name": name])
        guard name != "close_notify" else { return }
        marks += 1
        row.mark = marks
        let key = "alert_" + name
        let why = texts.words[key] == nil ? texts("alertOther") : texts(key)
        row.explanation = texts(
            row.isFromServer ? "explainServerAlert" : "explainClientAlert",
            ["frame": "\(row.frame)", "name": name, "why": why])
    }

    private func takeCertificate(_ connection: JSONValue, into row: inout Row, _ marks: inout Int) {
        let count =
            row.isFromServer
            ? connection["serverCertificates"]?.array?.count ?? 0
            : connection["clientCertificate"]?["count"]?.bounded ?? 0
        guard row.isFromServer || count > 0 else {
            row.label = texts("certificateEmpty")
            // Empty is an answer as well: only where it all failed it is what is wrong.
            guard connection["clientCertificate"]?["count"]?.int == 0, connection["outcome"]?.string == "failed" else {
                return
            }
            marks += 1
            row.mark = marks
            row.explanation = texts("explainEmpty", ["frame": "\(row.frame)"])
            return
        }
        if count > 0 { row.label += " · " + texts.count(count, "certificates") }
    }

    /// `certificate_request` as Wireshark writes it: `Certificate Request`.
    private static func name(_ type: String) -> String {
        let small = ["": "", "encrypted": "Encrypted Record", "alert": "Alert"]
        if let name = small[type] { return name }
        return type.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }

    private func distance(_ start: Int?, _ time: String?) -> String {
        guard let start, let time, let at = ISO8601Time.microseconds(time), at >= start, at - start < 86_400_000_000
        else {
            return ""
        }
        let tenths = (at - start + 50) / 100
        return tenths < 100_000
            ? "+\(tenths / 10).\(tenths % 10) ms" : "+\(tenths / 10_000).\(tenths / 1_000 % 10) s"
    }

    private func outcomeText(_ outcome: String) -> String {
        texts.words["outcome_" + outcome] == nil ? text(outcome) : texts("outcome_" + outcome)
    }

    func address(_ end: JSONValue?) -> String {
        let ip = text(end?["ip"]?.string ?? "?")
        guard let port = end?["port"]?.bounded else { return ip }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }

    func text(_ text: String) -> String { Shown.text(text, caps.name) }
}

extension LadderPicture {
    /// What stands below a ladder.
    fileprivate func facts(of connection: JSONValue) -> [PageValue] {
        let server = connection["serverCertificates"]?[0]
        let client = connection["clientCertificate"]?["certificates"]?[0]
        let asked = connection["certificateRequest"]
        let authorities = asked?["authorities"]?.strings ?? []
        var pairs: [(String, String?)] = [
            ("started", connection["startedAt"]?.string), ("tlsVersion", connection["version"]?.string),
            ("cipherSuite", connection["cipher"]?.string), ("serverCertificate", server.map { certificate($0) }),
        ]
        if asked != nil {
            if authorities.isEmpty { pairs.append(("acceptedIssuersLabel", texts("anyIssuerNamed"))) }
            for authority in authorities.prefix(6) { pairs.append(("acceptedIssuer", authority)) }
            if authorities.count > 6 {
                pairs.append(("acceptedIssuer", texts("andMore", ["n": "\(authorities.count - 6)"])))
            }
        }
        if connection["clientCertificate"]?["count"]?.int == 0 {
            pairs.append(("clientCertificate", texts("noneSent")))
        } else {
            pairs.append(("clientCertificate", client.map { certificate($0) }))
        }
        for warning in (connection["warnings"]?.strings ?? []).prefix(5) {
            pairs.append(("note", texts.sentence(Shown.text(warning, caps.sentence))))
        }
        return pairs.compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return ["name": .text(texts(name)), "value": .text(Shown.text(value, caps.sentence))]
        }
    }

    private func certificate(_ certificate: JSONValue) -> String {
        texts(
            "certificateWords",
            [
                "subject": text(certificate["subject"]?.string ?? "?"),
                "issuer": text(certificate["issuer"]?.string ?? "?"),
                "until": text(certificate["notAfter"]?.string.map { String($0.prefix(10)) } ?? "?"),
            ])
    }
}
