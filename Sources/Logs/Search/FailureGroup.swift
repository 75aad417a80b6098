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
    /// When the first record of the failure was written.
    public internal(set) var time: LogInstant?
    public internal(set) var channel: ChannelAddresses?
    public internal(set) var sslInfo: LoggedSSLInfo?
    /// The record that shows the failure, its text cut to a few KiB. ``LogSearch/records(messageId:since:stopWhenFound:)``
    /// gives all of the request's records whole.
    public internal(set) var record: LogRecord
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
