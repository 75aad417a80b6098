internal import Logs
internal import Platform

/// Finds the failing request in the Router's access log: the only one that knows of requests which never reached a
/// Message Processor, or which it answered without a word in its log.
struct AccessLogFinder: Sendable {
    let files: NodeFiles

    /// A row of which the Router's status is an error.
    struct Row: Sendable, Equatable {
        var time: Int
        var status: Int
        var messageID: String
        var org = ""
        var env = ""
        var api = ""
        var revision = ""
        var faultCode: String?
        var faultSource: String?
        /// The address that the request came from: the client's, or that of a load balancer before the Router.
        var client: String?
    }

    private static let glob = "/opt/apigee/var/log/edge-router/nginx/*_access_log"
    /// Of each file its newest part is looked at.
    private static let tail = 8 << 20
    /// Places in a row (version 4.18.05): time, …, status, …, message id, …, fault flag, source, code.
    private static let (statusField, idField, sourceField, codeField) = (7, 12, 17, 18)

    /// The newest failing row within a time, of that message id if one is given.
    func newest(from: Int, to: Int, messageID: String?) -> Row? {
        var problems: [String] = []
        let logs = LogSources(files: files).matches(Self.glob, fill: [], problems: &problems)
        var newest: Row?
        for log in logs {
            for row in rows(log.path) where (from...max(from, to)).contains(row.time) {
                guard messageID == nil || row.messageID == messageID, row.time >= newest?.time ?? 0 else { continue }
                newest = row
            }
        }
        return newest
    }

    private func rows(_ path: String) -> [Row] {
        guard let file = try? files.open(path), (try? file.skipToTail(bytes: Self.tail)) != nil,
            let bytes = try? file.readAll(limit: Self.tail)
        else { return [] }
        return bytes.split(separator: 0x0A).compactMap { Self.row($0) }
    }

    static func row(_ line: ArraySlice<UInt8>) -> Row? {
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
            String(decoding: $0.prefix(400), as: UTF8.self)
        }
        guard fields.count > codeField, let status = Int(fields[statusField]), (400..<600).contains(status),
            let time = try? LogInstant(argument: fields[0], now: .now)
        else { return nil }
        var row = Row(time: time.milliseconds, status: status, messageID: value(fields[idField]) ?? "")
        row.client = value(fields[1]).flatMap { end in
            end.lastIndex(of: ":").map { String(end[..<$0].filter { $0 != "[" && $0 != "]" }) }
        }
        row.faultCode = value(fields[codeField])
        row.faultSource = value(fields[sourceField])
        if let path = fields.first(where: { $0.hasPrefix("/organizations/") }) {
            let words = path.split(separator: "/").map(String.init)
            for (index, word) in words.enumerated().dropLast() {
                switch word {
                case "organizations": row.org = words[index + 1]
                case "environments": row.env = words[index + 1]
                case "apiproxies": row.api = words[index + 1]
                case "revisions": row.revision = words[index + 1]
                default: break
                }
            }
        }
        return row
    }

    private static func value(_ field: String) -> String? { field == "-" || field.isEmpty ? nil : field }
}

extension CaseFacts {
    /// Takes what the Router tells of the failing request.
    mutating func adopt(_ row: AccessLogFinder.Row) {
        (messageID, time, httpStatus) = (row.messageID, row.time, row.status)
        (faultCode, faultSource) = (row.faultCode, row.faultSource)
        (org, env, api, revision) = (row.org, row.env, row.api, row.revision)
    }
}
