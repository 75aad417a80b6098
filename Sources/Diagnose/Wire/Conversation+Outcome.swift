internal import Packets

/// How the handshake ended.
extension Conversation {
    /// Lengths of a TLS 1.3 record that holds an alert: two bytes, the content type, a tag of 16 bytes; JSSE pads by 16.
    static let hiddenAlertLengths: Set<Int> = [19, 35]
    /// Of one that holds a Certificate message without certificates, eight bytes long: alone, as JSSE, OpenSSL and
    /// GnuTLS send it, or with the Finished message in the same record, as NSS does.
    static let hiddenEmptyCertificateLengths: Set<Int> = [25, 41, 61, 77]
    /// Of one that holds a Finished message: no certificate was asked for.
    static let hiddenFinishedLengths: Set<Int> = [53, 69, 85]

    /// What the records of TLS 1.3 tell by place and length.
    struct HiddenFlight {
        /// The first record of the client after the Server Hello.
        var client: TLSState.Hidden?
        /// The first record of the server after that.
        var answer: TLSState.Hidden?
        /// The client went on, or ended the connection in order, before the server answered.
        var clientClosedFirst = false
        /// A record that by its place and length is an alert which ends the handshake.
        var alert: TLSState.Hidden?
        /// The client's record that by its place and length is an empty Certificate message.
        var emptyCertificate: TLSState.Hidden?
        /// By length, the client's first record is its Finished message.
        var hasOnlyFinished = false
    }

    /// Nil but for TLS 1.3.
    var hiddenFlight: HiddenFlight? {
        guard let tls, tls.isTLS13 else { return nil }
        var flight = HiddenFlight()
        var isLastAnswer = true
        var goodbye: TLSState.Hidden?
        for record in tls.hidden {
            if record.isFirst == clientSide {
                if flight.client == nil {
                    flight.client = record
                } else if flight.answer == nil, isOrderlyEnd(record) {
                    flight.clientClosedFirst = true
                    goodbye = record
                }
            } else if flight.client != nil {
                if flight.answer == nil { flight.answer = record } else { isLastAnswer = false }
            }
        }
        guard let client = flight.client else { return flight }
        if Conversation.hiddenAlertLengths.contains(client.length) {
            flight.alert = client
            return flight
        }
        if Conversation.hiddenEmptyCertificateLengths.contains(client.length) { flight.emptyCertificate = client }
        flight.hasOnlyFinished = Conversation.hiddenFinishedLengths.contains(client.length)
        // A request as long as a padded goodbye: the client ended the connection only after it was answered.
        if let goodbye, goodbye.length != 19, let answer = flight.answer, let end = self[clientSide].closed,
            answer.frame < end.stamp.number
        {
            flight.clientClosedFirst = false
        }
        // The client's request got no answer but an alert: its own goodbye after it says nothing.
        if sentDataBeforeClosing(tls) { flight.clientClosedFirst = false }
        // Nothing follows an alert that ends a handshake.
        if let answer = flight.answer, !flight.clientClosedFirst, isLastAnswer,
            Conversation.hiddenAlertLengths.contains(answer.length)
        {
            flight.alert = answer
        }
        return flight
    }

    /// Data of the client followed its Finished message, before it closed the connection.
    private func sentDataBeforeClosing(_ state: TLSState) -> Bool {
        var isFinished = false
        /// Whether the record before is data: the last one may be the goodbye.
        var isData = false
        for record in state.hidden where record.isFirst == clientSide {
            if isData { return true }
            if isFinished {
                isData = record.length != 19
            } else {
                isFinished = Conversation.hiddenFinishedLengths.contains(record.length)
            }
        }
        return false
    }

    /// A close_notify of the client. Data may have the length of a padded one, so then its FIN must come with it.
    private func isOrderlyEnd(_ record: TLSState.Hidden) -> Bool {
        guard record.length != 19 else { return true }
        guard Conversation.hiddenAlertLengths.contains(record.length), let end = self[clientSide].closed else {
            return false
        }
        return end.stamp.number - record.frame <= 2
    }

    private func isCompleted(_ state: TLSState, _ flight: HiddenFlight?) -> Bool {
        guard let flight else {
            return isFinishedByBoth || (first.sawApplicationData && second.sawApplicationData)
        }
        guard flight.alert == nil, flight.client != nil else { return false }
        if flight.answer != nil || flight.clientClosedFirst { return true }
        // Nothing came back. An orderly end that the client began is no refusal.
        guard let end = self[clientSide].closed, !end.isReset else { return false }
        guard let other = self[!clientSide].closed else { return false }
        return !other.isReset && end.stamp.number < other.stamp.number
    }

    private func hasFatalAlert(_ state: TLSState) -> Bool {
        state.alerts.contains { alert in
            if alert.isEncrypted { return !alert.isAfterEnd && !state.isTLS13 && isHandshakeUnfinished(state) }
            return alert.level == 2 || ![0, 41, 90, 100, 112].contains(alert.code)
        }
    }

    /// An encrypted alert while hellos are known and one end has not finished, so it ended the handshake.
    private func isHandshakeUnfinished(_ state: TLSState) -> Bool {
        state.clientHello != nil && !isFinishedByBoth && !first.sawApplicationData && !second.sawApplicationData
    }

    /// Quickly told: nothing fails without an alert, a record that may hide one, or an end.
    var mayHaveFailed: Bool {
        guard let tls else { return false }
        return first.closed != nil || second.closed != nil || !tls.alerts.isEmpty || !tls.hidden.isEmpty
    }

    var outcome: TLSConnection.Outcome {
        guard let tls else { return .incomplete }
        let flight = hiddenFlight
        if flight?.alert != nil || hasFatalAlert(tls) { return .failed }
        if isCompleted(tls, flight) { return .completed }
        let started =
            tls.clientHello != nil || tls.serverHello != nil || tls.clientCertificates != nil || tls.request != nil
        return started && (first.closed != nil || second.closed != nil) ? .failed : .incomplete
    }

    /// A session was resumed instead of a whole handshake.
    var isResumed: Bool {
        guard let tls, let server = tls.serverHello, !server.isRetryRequest else { return false }
        if tls.isTLS13 { return server.hasPreSharedKey }
        guard tls.serverCertificates == nil, !tls.sawServerHelloDone else { return false }
        guard let client = tls.clientHello, !server.sessionID.isEmpty, client.sessionID == server.sessionID else {
            // A ticket resumes without a session id of the server.
            return self[!clientSide].isFinished && isFinishedByBoth
        }
        return true
    }
}
