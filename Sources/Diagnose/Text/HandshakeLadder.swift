internal import Documents

/// A connection as an expert draws it: time goes down, an arrow for each message between two ends.
public enum HandshakeLadder {
    private static let width = 64
    private static let maximumRows = 60

    /// The lines of the drawing.
    public static func lines(_ connection: TLSConnection) -> [String] {
        var lines = [heading(connection)]
        lines += facts(connection).map { "  " + $0 }
        guard connection.tls else { return lines + notes(connection) }
        lines.append(
            "  " + pad("frame", 8) + pad("ms", 10) + "client" + String(repeating: " ", count: width - 12) + "server")
        var alerts = connection.alerts
        for message in connection.messages.prefix(maximumRows) {
            lines.append("  " + row(message, connection, &alerts))
        }
        let more = connection.messages.count - maximumRows
        if more > 0 { lines.append("  " + pad("", 8) + "… \(more) more messages") }
        if let closed = connection.closed {
            let words = closed.reset ? "RST" : "FIN"
            lines.append(
                "  " + pad("\(closed.frame)", 8) + pad("", 10) + arrow(words, from: closed.from))
        }
        return lines + notes(connection)
    }

    private static func heading(_ connection: TLSConnection) -> String {
        let version = connection.tls ? connection.version ?? "TLS" : "no TLS"
        return "\(text(connection.client)) -> \(text(connection.server))  \(version)  \(connection.outcome.rawValue)"
            + "  \(connection.startedAt)"
    }

    private static func text(_ end: TLSConnection.Endpoint) -> String {
        end.ip.contains(":") ? "[\(end.ip)]:\(end.port)" : "\(end.ip):\(end.port)"
    }

    private static func facts(_ connection: TLSConnection) -> [String] {
        var facts: [String] = []
        if let cipher = connection.cipher { facts.append("cipher suite  \(cipher)") }
        if let sni = connection.sni { facts.append("server name   \(sni)") }
        if let alpn = connection.alpn { facts.append("protocol      \(alpn)") }
        for (index, certificate) in connection.serverCertificates.prefix(8).enumerated() {
            facts.append("server cert \(index + 1) \(line(certificate))")
        }
        if let request = connection.certificateRequest {
            facts.append(
                request.authorities.isEmpty
                    ? "accepted      any issuer: the server names none"
                    : "accepted      \(request.authorities.count) issuer(s), frame \(request.frame):")
            facts += request.authorities.prefix(12).map { "                " + $0 }
            if request.authorities.count > 12 {
                facts.append("                … \(request.authorities.count - 12) more")
            }
        }
        if let client = connection.clientCertificate {
            if client.count == 0 { facts.append("client cert   none was sent (empty message, frame \(client.frame))") }
            for (index, certificate) in client.certificates.prefix(8).enumerated() {
                facts.append("client cert \(index + 1) \(line(certificate))")
            }
        }
        return facts
    }

    private static func line(_ certificate: TLSConnection.Certificate) -> String {
        "\(certificate.subject), issued by \(certificate.issuer), \(certificate.notBefore.prefix(10)) to "
            + "\(certificate.notAfter.prefix(10))"
    }

    private static func row(
        _ message: TLSConnection.Message, _ connection: TLSConnection, _ alerts: inout [TLSConnection.Alert]
    ) -> String {
        let offset = Moment.milliseconds(from: connection.startedAt, to: message.time) ?? ""
        return pad("\(message.frame)", 8) + pad(offset, 10)
            + arrow(words(message, connection, &alerts), from: message.from)
    }

    private static func words(
        _ message: TLSConnection.Message, _ connection: TLSConnection, _ alerts: inout [TLSConnection.Alert]
    ) -> String {
        switch message.type {
        case "client_hello":
            return "client_hello \(connection.offeredVersions.prefix(4).joined(separator: ", "))"
        case "server_hello": return "server_hello \(connection.version ?? "")"
        case "certificate":
            let count =
                message.from == .client ? connection.clientCertificate?.count : connection.serverCertificates.count
            return count == 0 ? "certificate, EMPTY" : "certificate (\(count ?? 0))"
        case "certificate_request":
            let count = connection.certificateRequest?.authorities.count ?? 0
            return "certificate_request (\(count == 0 ? "any issuer" : "\(count) issuer(s)"))"
        case "alert", "encrypted":
            guard let index = alerts.firstIndex(where: { $0.frame == message.frame && $0.from == message.from }) else {
                return "\(message.type), \(message.length) bytes"
            }
            let alert = alerts.remove(at: index)
            guard alert.encrypted else { return "ALERT \(alert.level) \(alert.description)" }
            return message.type == "alert" ? "alert, encrypted" : "encrypted, LIKELY AN ALERT"
        default: return "\(message.type), \(message.length) bytes"
        }
    }

    private static func arrow(_ words: String, from side: TLSConnection.Side) -> String {
        let text = " " + words.prefix(width - 8) + " "
        let dashes = max(2, width - 1 - text.count)
        let left = String(repeating: "-", count: dashes / 2)
        let right = String(repeating: "-", count: dashes - dashes / 2)
        return side == .client ? left + text + right + ">" : "<" + left + text + right
    }

    private static func notes(_ connection: TLSConnection) -> [String] {
        connection.warnings.map { "  note: " + $0 }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

extension Moment {
    /// The time between two stamps of this program, `12.3`; nil when they are not readable.
    static func milliseconds(from a: String, to b: String) -> String? {
        guard let first = ISO8601Time.microseconds(a), let second = ISO8601Time.microseconds(b) else { return nil }
        let tenths = (second - first) / 100
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
