/// Failures of one kind: the same signature, organization, environment, proxy and backend.
public struct FailureGroup: Sendable {
    /// The id of the ``FailureSignature``.
    public let signature: String
    /// What tells failures of one signature apart, such as the name of the alert.
    public let detail: String?
    public let org: String?
    public let env: String?
    public let api: String?
    /// The likely backend, where the log shows one: see ``ChannelAddresses/backend(knownPorts:)``; of two ends between
    /// which the ports do not decide, the one that more failing requests name.
    public let backend: LoggedEndpoint?
    /// Failing requests (message ids), not records.
    public internal(set) var count: Int
    public internal(set) var firstSeen: LogInstant?
    public internal(set) var lastSeen: LogInstant?
    /// The newest failing request of the group.
    public internal(set) var newest: FailingRequestContext
}

/// What the log tells of one failing request.
public struct FailingRequestContext: Sendable {
    public internal(set) var messageId: String?
    public internal(set) var org: String?
    public internal(set) var env: String?
    public internal(set) var api: String?
    public internal(set) var revision: String?
    /// When the failure was written.
    public internal(set) var time: LogInstant?
    public internal(set) var channel: ChannelAddresses?
    public internal(set) var sslInfo: LoggedSSLInfo?
    /// The record that shows the failure, its text cut to a few KiB. ``LogSearch/records(messageId:since:stopWhenFound:)``
    /// gives all of the request's records whole.
    public internal(set) var record: LogRecord

    /// Puts together what the records of one request tell, such as those of ``LogSearch/records(messageId:since:stopWhenFound:)``.
    ///
    /// - Parameter signatures: the record that shows the best of them becomes `record`, otherwise the first error, or
    ///   the first record. Nil without any record.
    public init?(records: [LogRecord], signatures: [FailureSignature] = FailureSignature.known) {
        let matcher = SignatureMatcher(signatures)
        let matches = records.map { matcher.match($0.text.span)?.index ?? Int.max }
        let best = matches.indices.min { matches[$0] < matches[$1] }
        guard let first = records.first, let best else { return nil }
        let failing = matches[best] < Int.max ? records[best] : records.first { $0.level == "ERROR" } ?? first
        self.init(failing)
        for record in records where record.messageId == nil || record.messageId == messageId {
            complete(with: record)
            channel = channel ?? ChannelAddresses(record.text.span)
            sslInfo = sslInfo ?? LoggedSSLInfo(record.text.span)
        }
    }
}

/// The failures that the logs of a node hold.
public struct FailureReport: Sendable {
    /// The most frequent first; of equals, the one seen last.
    public internal(set) var groups: [FailureGroup] = []
    /// Failing requests of groups beyond those that are kept.
    public internal(set) var requestsInFurtherGroups = 0
    /// Paths of the files that were read.
    public internal(set) var files: [String] = []
    public internal(set) var problems: [LogProblem] = []
    /// Whether the search was cancelled before its end.
    public internal(set) var wasInterrupted = false
}
