internal import Packets

/// The conversation in the form in which it is told.
extension Conversation {
    var connection: TLSConnection {
        let isFirstClient = clientSide
        let ends = isFirstClient ? (key.first, key.second) : (key.second, key.first)
        var connection = TLSConnection(
            client: .init(ip: ends.0.address.description, port: Int(ends.0.port)),
            server: .init(ip: ends.1.address.description, port: Int(ends.1.port)), firstFrame: firstFrame,
            startedAt: TimeText.text(startedAt), tls: isTLS)
        if let clientHello {
            connection.sni = clientHello.serverName
            let versions =
                clientHello.supportedVersions.isEmpty ? [clientHello.legacyVersion] : clientHello.supportedVersions
            connection.offeredVersions = versions.map(TLSNames.version)
        }
        if let serverHello {
            connection.version = TLSNames.version(serverHello.version)
            connection.cipher = serverHello.cipher.map(CipherSuiteNames.name)
        }
        connection.serverCertificates = serverCertificates.map(TLSConnection.Certificate.init(der:))
        connection.certificateRequest = request.map { request in
            .init(
                frame: request.frame,
                authorities: request.authorities.map { DistinguishedName(der: $0)?.description ?? "(not readable)" })
        }
        connection.clientCertificate = clientCertificates.map { message in
            .init(
                frame: message.frame, count: message.list.count,
                certificates: message.list.map(TLSConnection.Certificate.init(der:)))
        }
        connection.alerts = alerts.map { alert in
            .init(
                frame: alert.frame, from: side(alert.isFirst),
                level: alert.isEncrypted ? "unknown" : TLSNames.level(alert.level),
                code: alert.isEncrypted ? nil : Int(alert.code),
                description: alert.isEncrypted ? "encrypted" : TLSNames.alert(alert.code), encrypted: alert.isEncrypted)
        }
        if let hiddenAlert {
            connection.alerts.append(
                .init(
                    frame: hiddenAlert.frame, from: side(hiddenAlert.isFirst), level: "unknown", code: nil,
                    description: "encrypted", encrypted: true))
        }
        connection.messages = notes.map { note in
            .init(
                frame: note.frame, time: TimeText.text(note.time), from: side(note.isFirst), type: note.type,
                length: note.length)
        }
        connection.outcome = outcome
        connection.warnings = warnings
        return connection
    }

    private func side(_ isFirst: Bool) -> TLSConnection.Side { isFirst == clientSide ? .client : .server }

    private var warnings: [String] {
        var warnings: [String] = []
        if isTLS, clientHello == nil { warnings.append("the capture begins in the middle of the connection") }
        if gaps > 0 { warnings.append("bytes are missing at \(gaps) places") }
        if let frame = hiddenEmptyCertificate {
            warnings.append(
                "the client's encrypted record in frame \(frame) has the length of an empty Certificate message")
        }
        if let hiddenAlert {
            warnings.append(
                "the \(side(hiddenAlert.isFirst).rawValue)'s encrypted record in frame \(hiddenAlert.frame) has the "
                    + "length of an alert, which TLS 1.3 hides")
        }
        if isTLS, outcome == .failed, alerts.isEmpty, hiddenAlert == nil {
            for isFirst in [clientSide, !clientSide] {
                guard let closed = self[isFirst].closed else { continue }
                warnings.append(
                    "the \(side(isFirst).rawValue) \(closed.isReset ? "reset" : "closed") the connection in frame "
                        + "\(closed.frame) without an alert")
            }
        }
        if notes.count == Conversation.maximumMessages { warnings.append("later messages are not listed") }
        return warnings
    }
}
