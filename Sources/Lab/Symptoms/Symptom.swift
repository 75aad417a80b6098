import Foundation

/// A failure of Edge as public material shows it: what its logs, its answer and its trace say.
///
/// In texts `{org}` `{env}` `{api}` `{rev}` `{backend}` stand for the lab's names.
public struct Symptom: Sendable {
    /// Whose log tells of it.
    public enum Component: String, Sendable {
        case messageProcessor = "edge-message-processor"
        case managementServer = "edge-management-server"
    }

    /// The lab's name for it, which is that of the playbook.
    public let id: String
    /// What a client gets; 0 where no request fails.
    public let status: Int
    public let phrase: String
    public let body: String
    public let faultCode: String?
    public let faultSource: String?
    /// The property `error.cause` of the trace.
    public let cause: String?
    public let component: Component
    /// Records of the log: thread, level, logger and message. Further lines belong to the record.
    public let records: [String]
    /// Records that other requests to the proxy left before.
    public let earlier: [String]

    init(
        _ id: String, _ status: Int = 0, _ phrase: String = "", code: String? = nil, fault: String? = nil,
        body: String? = nil, source: String? = nil, cause: String? = nil, component: Component = .messageProcessor,
        records: [String] = [], earlier: [String] = []
    ) {
        self.id = id
        self.status = status
        self.phrase = phrase
        faultCode = code
        faultSource = source
        self.cause = cause
        self.component = component
        self.records = records
        self.earlier = earlier
        self.body = body ?? code.map { FaultBody(string: fault ?? phrase, code: $0).text } ?? ""
    }

    public static let all = targets + messages + policies + platform

    /// Whether a request of a client fails.
    public var isRequest: Bool { status > 0 }

    /// The answer as `curl -i` prints it; empty where there is none.
    public var response: String {
        guard isRequest else { return body }
        let type = body.hasPrefix("{") ? "application/json" : "text/html"
        return
            "HTTP/1.1 \(status) \(phrase)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

extension Symptom {
    /// The names that a symptom's texts are filled with.
    public struct Names: Sendable {
        public var org = "acme-0042"
        public var env = "prod"
        public var api = "orders"
        public var revision = "7"
        public var backend = "192.0.2.17:443"
        public var messageID = "rrt331ea-28215-7515740-33"

        public init() {}
    }

    /// The log records of one failing request, each with the time in front; of other failures without a message id.
    public func log(_ names: Names, time: String) -> String {
        let scope = "org:\(names.org) env:\(names.env) api:\(names.api) rev:\(names.revision)"
        let prefix =
            isRequest ? "\(time) \(scope) messageid:\(names.messageID)" : "\(time) org:\(names.org) env:\(names.env) "
        return earlier.map { "\(time)  \(Self.filled($0, names))\n" }.joined()
            + records.map { "\(prefix) \(Self.filled($0, names))\n" }.joined()
    }

    /// The failing transaction as Edge's trace has it.
    public func trace(_ names: Names) -> String {
        let escape = PlantedSecret.xmlEscaped
        let headers = [
            ("X-Apigee.fault-code", faultCode), ("X-Apigee.fault-source", faultSource),
            ("X-Apigee.Message-ID", names.messageID),
        ].compactMap { name, value in value.map { "<Header name=\"\(name)\">\(escape($0))</Header>" } }.joined()
        let cause = cause.map { "<Property name=\"error.cause\">\(escape(Self.filled($0, names)))</Property>" } ?? ""
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <DebugSession><Organization>\(names.org)</Organization><Environment>\(names.env)</Environment>\
            <API>\(names.api)</API><Revision>\(names.revision)</Revision><Messages><Message><Data>
            <Completed>true</Completed>
            <Point id="Error"><DebugInfo><Timestamp>23-11-26 10:00:00:000</Timestamp><Properties>\
            <Property name="type">ErrorPoint</Property><Property name="state">TARGET_REQ_FLOW</Property>\(cause)\
            </Properties></DebugInfo></Point>
            <Point id="StateChange"><ErrorMessage><Content>\(escape(body))</Content><Headers>\(headers)</Headers>\
            <ReasonPhrase>\(phrase)</ReasonPhrase><StatusCode>\(status)</StatusCode></ErrorMessage></Point>
            </Data></Message></Messages></DebugSession>

            """
    }

    static func filled(_ text: String, _ names: Names) -> String {
        [
            ("org", names.org), ("env", names.env), ("api", names.api), ("rev", names.revision),
            ("backend", names.backend),
        ].reduce(text) { $0.replacingOccurrences(of: "{\($1.0)}", with: $1.1) }
    }
}
