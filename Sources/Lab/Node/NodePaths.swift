import Foundation

/// Where a node of Edge for Private Cloud keeps its files, below a root.
struct NodePaths: Sendable {
    let root: URL
    let names: LabNames
    let routerPort: Int

    static let messageProcessorLogs = "opt/apigee/var/log/edge-message-processor/logs"

    func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    var systemLog: URL { url("\(Self.messageProcessorLogs)/system.log") }
    /// `ORG~ENV.PORT#_access_log`; the `#` is the number of the port.
    var accessLogPath: String {
        "opt/apigee/var/log/edge-router/nginx/\(names.org)~\(names.env).\(routerPort)_access_log"
    }
    var accessLog: URL { url(accessLogPath) }
    var messageLoggingPath: String {
        "opt/apigee/var/log/edge-message-processor/messagelogging/\(names.org)/\(names.env)/\(names.api)/\(names.revision)/ML-Audit"
    }

    /// What the place holders of a secret's places stand for.
    var placeNames: [String: String] {
        ["log": Self.messageProcessorLogs, "access": accessLogPath, "messagelogging": messageLoggingPath]
    }
}
