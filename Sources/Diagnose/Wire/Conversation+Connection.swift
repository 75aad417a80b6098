internal import Packets

/// The conversation in the form in which it is told.
extension Conversation {
    var connection: TLSConnection {
        let isFirstClient = clientSide
        let one = TLSConnection.Endpoint(ip: key.first.description, port: key.firstPort)
        let two = TLSConnection.Endpoint(ip: key.second.description, port: key.secondPort)
        var connection = TLSConnection(
            client: isFirstClient ? one : two, server: isFirstClient ? two : one, firstFrame: start.number,
            startedAt: TimeText.text(start.time), tls: isTLS)
        connection.outcome = outcome
        connection.closed = closing
        connection.handshake = timing
        if let tls { tell(tls, in: &connection) }
        connection.warnings = warnings(connection)
        return connection
    }

    private func tell(_ tls: TLSState, in connection: inout TLSConnection) {
        if let hello = tls.clientHello {
            connection.sni = hello.serverName
            let versions = hello.supportedVersions.isEmpty ? [hello.legacyVersion] : hello.supportedVersions
            connection.offeredVersions = versions.map(TLSNames.version)
            connection.offeredCiphers = hello.ciphers.map(CipherSuiteNames.name)
            connection.offeredProtocols = hello.protocols
        }
        if let hello = tls.serverHello {
            connection.version = TLSNames.version(hello.version)
            connection.cipher = hello.cipher.map(CipherSuiteNames.name)
            connection.alpn = hello.protocols.first
        }
        connection.resumed = isResumed
        connection.helloRetryRequest = tls.sawRetryRequest
        connection.renegotiated = tls.laterHandshakes > 0 || tls.clientHellos > 1 && isFinishedByBoth
        if let message = tls.serverCertificates?.message { connection.serverCertificates = message.read() }
        connection.certificateRequest = tls.request.map { request in
            .init(frame: request.frame, authorities: request.message.names(version: tls.serverHello?.version))
        }
        connection.clientCertificate = tls.clientCertificates.map { message in
            let certificates = message.message.read()
            return .init(frame: message.frame, count: certificates.count, certificates: certificates)
        }
        connection.alerts = tls.alerts.map { alert in
            .init(
                frame: alert.frame, from: side(alert.isFirst),
                level: alert.isEncrypted ? "unknown" : TLSNames.level(alert.level),
                code: alert.isEncrypted ? nil : Int(alert.code),
                description: alert.isEncrypted ? "encrypted" : TLSNames.alert(alert.code), encrypted: alert.isEncrypted)
        }
        if let alert = hiddenFlight?.alert {
            connection.alerts.append(
                .init(
                    frame: alert.frame, from: side(alert.isFirst), level: "unknown", code: nil,
                    description: "encrypted", encrypted: true))
        }
        connection.messages = tls.notes.map { note in
            .init(
                frame: Int(note.frame),
                time: TimeText.text(CaptureTime(seconds: note.seconds, nanoseconds: note.nanoseconds)),
                from: side(note.isFirst), type: note.word, length: Int(note.length))
        }
    }

    func side(_ isFirst: Bool) -> TLSConnection.Side { isFirst == clientSide ? .client : .server }

    /// Who ended the connection first, and how.
    private var closing: TLSConnection.Closing? {
        let ends = [true, false].compactMap { isFirst in self[isFirst].closed.map { (isFirst, $0) } }
        guard let end = ends.min(by: { $0.1.stamp.number < $1.1.stamp.number }) else { return nil }
        return .init(frame: end.1.stamp.number, from: side(end.0), reset: end.1.isReset)
    }

    /// How long the client waited, in seconds, where that can be told.
    private var timing: Double? {
        guard let hello = tls?.notes.first else { return nil }
        let end = [first.closed, second.closed].compactMap { $0?.stamp.time }.min() ?? lastTime
        return Double(end.seconds - hello.seconds) + Double(end.nanoseconds - hello.nanoseconds) / 1e9
    }
}

extension TLSState.Note {
    var word: String {
        switch kind {
        case .handshake: TLSNames.handshake(code)
        case .changeCipherSpec: "change_cipher_spec"
        case .alert: "alert"
        case .applicationData: "application_data"
        case .encrypted: "encrypted"
        case .ssl2: code == 1 ? "client_hello" : code == 4 ? "ssl2_server_hello" : "ssl2_\(code)"
        case .other: "record_\(code)"
        }
    }
}

extension SharedBytes {
    func read() -> [TLSConnection.Certificate] {
        if let certificates { return certificates }
        let read = chain.map(TLSConnection.Certificate.init(der:))
        certificates = read
        return read
    }

    /// What is wrong with the chain.
    func problemsOfChain() -> [String] {
        if let problems { return problems }
        let found = CertificateChain.problems(read())
        problems = found
        return found
    }

    func names(version: UInt16?) -> [String] {
        if let authorities { return authorities }
        let names = (authorities(version: version) ?? []).map {
            DistinguishedName(der: $0)?.description ?? "(not readable)"
        }
        authorities = names
        return names
    }
}
