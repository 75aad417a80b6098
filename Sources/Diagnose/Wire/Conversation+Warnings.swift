internal import Packets

/// What an expert would remark on when looking at the connection.
extension Conversation {
    func warnings(_ connection: TLSConnection) -> [String] {
        var warnings = transport
        guard let tls else { return warnings + plain(nil) }
        if tls.clientHello == nil { warnings.append("the capture begins in the middle of the connection") }
        if gaps > 0 { warnings.append("bytes are missing at \(gaps) \(gaps == 1 ? "place" : "places")") }
        warnings += plain(tls)
        if tls.sawSSL2 { warnings.append("the client begins with a hello of SSL 2.0, which servers refuse today") }
        if connection.version == "SSL 3.0" { warnings.append("SSL 3.0 is spoken, which is broken and mostly refused") }
        if tls.sawRetryRequest {
            warnings.append("the server asked for another Client Hello (HelloRetryRequest): it wants another key share")
        }
        if isResumed { warnings.append("a session was resumed: no certificates were exchanged") }
        if connection.renegotiated {
            warnings.append("the handshake was repeated within the connection (renegotiation)")
        }
        warnings += hidden
        if let message = tls.serverCertificates?.message {
            warnings += message.problemsOfChain().map { "server's certificates: " + $0 }
        }
        if let message = tls.clientCertificates?.message {
            warnings += message.problemsOfChain().map { "client's certificates: " + $0 }
        }
        warnings += ending(connection, tls)
        if tls.leftOutNotes > 0 { warnings.append("\(tls.leftOutNotes) later messages are not listed") }
        return warnings
    }

    /// A connection that never came about, or of which one half was captured.
    private var transport: [String] {
        let client = self[clientSide]
        let server = self[!clientSide]
        if client.synCount > 0, !sawSynAck {
            if let end = server.closed, end.isReset, server.delivered == 0 {
                return ["the server refused the connection (RST in frame \(end.stamp.number))"]
            }
            if server.delivered == 0, server.base == nil {
                return client.delivered > 0
                    ? ["only the client's packets were captured"]
                    : [
                        "no answer to \(client.synCount) connection \(client.synCount == 1 ? "attempt" : "attempts") (SYN)"
                    ]
            }
        }
        if sawSynAck, client.base == nil || client.synCount == 0 && client.delivered == 0 {
            return ["only the server's packets were captured"]
        }
        if sawSynAck, client.delivered == 0, server.delivered == 0, !isClosed {
            return ["the connection was opened, but nothing was sent (half-open)"]
        }
        return []
    }

    private func plain(_ tls: TLSState?) -> [String] {
        plainWords.map { plain in
            let who = side(plain.isFirst).rawValue
            let other = self[!plain.isFirst].opening == .tls
            switch (PlainText.isHTTP(plain.text) || plain.text.hasPrefix("<"), other) {
            case (true, true):
                return
                    "the \(who) speaks plain HTTP (\(plain.text), frame \(plain.frame)) where the other end speaks TLS"
            case (true, false): return "plain HTTP: \(plain.text) in frame \(plain.frame)"
            case (false, true):
                return "the \(who) sends text (frame \(plain.frame)) where the other end speaks TLS"
            case (false, false): return "plain text in frame \(plain.frame)"
            }
        }
    }

    private var hidden: [String] {
        guard let flight = hiddenFlight else { return [] }
        var warnings: [String] = []
        if let record = flight.emptyCertificate {
            warnings.append(
                "the client's encrypted record in frame \(record.frame) has the length of an empty Certificate message")
        }
        if let record = flight.alert {
            warnings.append(
                "the \(side(record.isFirst).rawValue)'s encrypted record in frame \(record.frame) has the length of an "
                    + "alert, which TLS 1.3 hides")
        }
        return warnings
    }

    private func ending(_ connection: TLSConnection, _ tls: TLSState) -> [String] {
        guard connection.outcome != .completed else { return [] }
        if tls.clientHello != nil, self[!clientSide].delivered == 0, plainWords.isEmpty {
            let waited = connection.handshake.map { " within \(Seconds.text($0))" } ?? ""
            let again = self[clientSide].retransmissions
            let copies = again > 0 ? ", which was sent \(again + 1) times" : ""
            let end = connection.closed.map { closing in
                "; then the \(closing.from.rawValue) \(closing.reset ? "reset" : "closed") the connection in frame "
                    + "\(closing.frame)"
            }
            return ["the server did not answer the Client Hello\(copies)\(waited)\(end ?? "")"]
        }
        guard connection.outcome == .failed, connection.alerts.isEmpty, let closing = connection.closed else {
            return []
        }
        return [
            "the \(closing.from.rawValue) \(closing.reset ? "reset" : "closed") the connection in frame "
                + "\(closing.frame) without an alert"
        ]
    }
}

enum Seconds {
    /// `55.2 s`, with one digit after the point.
    static func text(_ seconds: Double) -> String {
        let tenths = Int((max(0, min(seconds, 1e9)) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// With six digits after the point.
    static func number(_ seconds: Double) -> String {
        let micros = Int((max(0, min(seconds, 1e9)) * 1e6).rounded())
        let digits = String(micros % 1_000_000)
        return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}
