/// Where public material doesn't settle how Edge behaves, the lab plays any of the possible ways.
public struct LabVariants: Sendable {
    /// The body of a 401 answer.
    public enum UnauthorizedBody: String, Sendable, CaseIterable { case html, empty, json }
    /// The root element of one transaction of a debug session in XML.
    public enum TraceRoot: String, Sendable, CaseIterable { case debugSession, message, data }
    /// The answer to the creation of a debug session.
    public enum SessionAnswer: String, Sendable, CaseIterable { case object, string }
    /// The order and form of the addresses in a channel dump of `system.log`.
    public enum ChannelDump: String, Sendable, CaseIterable {
        /// `[C:backend Remote host:local]`
        case backendFirst
        /// `[C:local Remote host:backend]`
        case localFirst
        /// `[Connected: Remote:backend Local:local]`
        case connected
    }
    /// The prefix of a record of `system.log`.
    public enum RecordPrefix: String, Sendable, CaseIterable {
        /// `2017-10-23 05:28:57,813 org:…`
        case comma
        /// `2017-10-23 05:28:57.813 UTC org:…`
        case dotUTC
    }
    /// Which Java wrote the stack trace.
    public enum StackStyle: String, Sendable, CaseIterable {
        /// As the TLS engine of this run reported it.
        case genuine
        /// As Java 8 under Edge 4.17 prints it.
        case java8
    }

    public var unauthorizedBody = UnauthorizedBody.html
    public var traceRoot = TraceRoot.debugSession
    public var sessionAnswer = SessionAnswer.object
    public var channelDump = ChannelDump.backendFirst
    public var recordPrefix = RecordPrefix.comma
    public var stackStyle = StackStyle.genuine
    /// Seconds by which the management server's clock is ahead.
    public var clockAhead = 0.0

    public init() {}
}
