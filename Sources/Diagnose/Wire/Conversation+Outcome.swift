internal import Packets

/// How the handshake ended.
extension Conversation {
    /// Lengths of a TLS 1.3 record that holds an alert: two bytes, the content type, a tag of 16 bytes; JSSE pads by 16.
    static let hiddenAlertLengths: Set<Int> = [19, 35]
    /// Of one that holds a Certificate message without certificates: eight bytes instead of two.
    static let hiddenEmptyCertificateLengths: Set<Int> = [25, 41]

    var clientSide: Bool { clientIsFirst ?? (key.second.port <= key.first.port) }

    /// Finished messages of both sides were sent (TLS 1.2 and before), or the server went on after the client's flight.
    var isCompleted: Bool {
        guard isTLS13 else {
            return first.isFinished && second.isFinished || (first.sawApplicationData && second.sawApplicationData)
        }
        guard hiddenAlert == nil else { return false }
        return !answers.isEmpty
    }

    /// In TLS 1.3: a record that by its place and length is an alert that ends the handshake.
    var hiddenAlert: (frame: Int, isFirst: Bool)? {
        guard isTLS13 else { return nil }
        if let record = self[clientSide].hidden.first, Conversation.hiddenAlertLengths.contains(record.length) {
            return (record.frame, clientSide)
        }
        if let record = answers.first, Conversation.hiddenAlertLengths.contains(record.length) {
            return (record.frame, !clientSide)
        }
        return nil
    }

    /// In TLS 1.3: the frame of a client record that by its place and length is an empty Certificate message.
    var hiddenEmptyCertificate: Int? {
        guard isTLS13, let record = self[clientSide].hidden.first,
            Conversation.hiddenEmptyCertificateLengths.contains(record.length)
        else { return nil }
        return record.frame
    }

    private var hasFatalAlert: Bool {
        alerts.contains { alert in
            guard !alert.isEncrypted else { return false }
            return alert.level == 2 || ![0, 41, 90, 100, 112].contains(alert.code)
        }
    }

    var outcome: TLSConnection.Outcome {
        guard isTLS else { return .incomplete }
        if hiddenAlert != nil || hasFatalAlert { return .failed }
        if isCompleted { return .completed }
        let started = clientHello != nil || serverHello != nil || clientCertificates != nil || request != nil
        return started && (first.closed != nil || second.closed != nil) ? .failed : .incomplete
    }
}
