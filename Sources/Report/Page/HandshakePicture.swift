internal import Documents
internal import SupportBundle

/// The connections of a capture as ladders of messages between two ends. Reads what `diagnose --json` writes, and
/// trusts nothing of it.
struct HandshakePicture {
    let request: Manifest.FailingRequest
    let caps: PageCaps
    private static let maxPictures = 3

    /// Failed handshakes first; those that completed only where none failed.
    func pictures(of connections: [JSONValue]) -> [PageValue] {
        chosen(connections).map { picture(of: $0) }
    }

    /// A sentence on the connections that are not drawn; empty when all are.
    func others(of connections: [JSONValue]) -> String {
        let tls = connections.count { $0["tls"]?.bool == true }
        let more = tls - chosen(connections).count
        guard more > 0 else { return "" }
        return "\(Shown.count(more, "more TLS connection")) in the capture; "
            + "apigee-collect diagnose shows each of them."
    }

    private func chosen(_ connections: [JSONValue]) -> [JSONValue] {
        let tls = connections.filter { $0["tls"]?.bool == true }
        let failed = tls.filter { $0["outcome"]?.string == "failed" }
        return Array((failed.isEmpty ? tls : failed).prefix(min(Self.maxPictures, caps.entries)))
    }

    private func picture(of connection: JSONValue) -> PageValue {
        let server = address(connection["server"])
        let isBackend =
            connection["server"]?["ip"]?.string.map { $0 == request.backendIp || $0 == request.host } ?? false
        let name = connection["sni"]?.string.map { "\(text($0)), " } ?? ""
        return [
            "client": isBackend ? "Message Processor" : "Client", "server": isBackend ? "Backend" : "Server",
            "clientAddress": .text(address(connection["client"])), "serverAddress": .text(name + server),
            "messages": .list(messages(of: connection)), "facts": .list(facts(of: connection)),
        ]
    }

    private func messages(of connection: JSONValue) -> [PageValue] {
        let alerts = connection["alerts"]?.array ?? []
        let clientCertificate = connection["clientCertificate"]
        var rows: [PageValue] = []
        var seen: [Int: Int] = [:]
        for message in (connection["messages"]?.array ?? []).prefix(caps.entries) {
            let from = message["from"]?.string ?? "client"
            let frame = message["frame"]?.int ?? 0
            var what = text(message["type"]?.string ?? "message")
            var isWrong = false
            switch what {
            case "alert":
                let ofFrame = alerts.filter { $0["frame"]?.int == frame && $0["from"]?.string == from }
                let number = seen[frame, default: 0]
                seen[frame] = number + 1
                let alert = number < ofFrame.count ? ofFrame[number] : ofFrame.last
                what = "alert \(text(alert?["level"]?.string ?? "")) \(text(alert?["description"]?.string ?? ""))"
                isWrong = alert?["description"]?.string != "close_notify"
            case "certificate" where from == "client" && clientCertificate?["count"]?.int == 0:
                what = "certificate, empty"
                isWrong = true
            default: break
            }
            let style = (from == "server" ? "to-client" : "to-server") + (isWrong ? " wrong" : "")
            rows.append(["what": .text(what), "class": .text(style), "place": .text(place(frame, message))])
        }
        return rows
    }

    private func place(_ frame: Int, _ message: JSONValue) -> String {
        let bytes = message["length"]?.int.map { ", \(Shown.count($0, "byte"))" } ?? ""
        return "frame \(frame)\(bytes)"
    }

    private func facts(of connection: JSONValue) -> [PageValue] {
        let server = connection["serverCertificates"]?[0]
        let client = connection["clientCertificate"]?["certificates"]?[0]
        let asked = connection["certificateRequest"]
        let authorities = asked?["authorities"]?.strings ?? []
        var pairs: [(String, String?)] = [
            ("Outcome", connection["outcome"]?.string), ("Started", connection["startedAt"]?.string),
            ("TLS version", connection["version"]?.string), ("Cipher suite", connection["cipher"]?.string),
            ("Server's certificate", server.map { certificate($0) }),
        ]
        if asked != nil {
            pairs.append(("Accepted issuers", authorities.isEmpty ? "any: the server names none" : nil))
            for authority in authorities.prefix(caps.entries / 2) { pairs.append(("Accepted issuer", authority)) }
            let more = authorities.count - caps.entries / 2
            if more > 0 { pairs.append(("Accepted issuers", "and \(more) more")) }
        }
        if connection["clientCertificate"]?["count"]?.int == 0 {
            pairs.append(("Client's certificate", "none was sent"))
        } else {
            pairs.append(("Client's certificate", client.map { certificate($0) }))
        }
        for warning in (connection["warnings"]?.strings ?? []).prefix(5) { pairs.append(("Note", warning)) }
        return pairs.compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return ["name": .text(name), "value": .text(Shown.text(value, caps.sentence))]
        }
    }

    private func certificate(_ certificate: JSONValue) -> String {
        let until = certificate["notAfter"]?.string.map { ", valid until \(text($0))" } ?? ""
        return "\(text(certificate["subject"]?.string ?? "?")), issued by "
            + "\(text(certificate["issuer"]?.string ?? "?"))\(until)"
    }

    private func address(_ end: JSONValue?) -> String {
        let ip = text(end?["ip"]?.string ?? "?")
        guard let port = end?["port"]?.int else { return ip }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }

    private func text(_ text: String) -> String { Shown.text(text, caps.name) }
}
