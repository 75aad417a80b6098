import FlyingFox
import Foundation
import Synchronization

/// Router and Message Processor: plays the API and leaves the traces that Edge leaves.
final class MessageProcessor: HTTPHandler {
    /// What a client application got.
    struct Played: Sendable {
        let messageID: String
        let status: Int
        let body: String
        let time: Date
        let isFailed: Bool
        let localPort: Int
        let message: String
    }

    struct Parts: Sendable {
        let world: EdgeWorld
        let engine: any TLSEngine
        let call: TargetCall
        let sessions: DebugSessions
        let clock: LogClock
        let records: FailureRecords
        let systemLog: LogAppender
        /// What is played instead of what the backend brings.
        let symptom: Symptom?
        let accessLog: LogAppender
    }

    private let parts: Parts
    private let processID = Int.random(in: 2_000...60_000)
    private let connection = Int.random(in: 1_000_000...9_999_999)
    private let count = Mutex(Int.random(in: 10...90))
    private let history = Mutex<[Played]>([])

    init(_ parts: Parts) { self.parts = parts }

    /// Every request that was played, in order.
    var played: [Played] { history.withLock { $0 } }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let request = try await PlayedRequest(request)
        let names = parts.world.names
        guard request.path == names.basePath || request.path.hasPrefix(names.basePath + "/") else {
            let fault = FaultBody(
                string: "Unable to identify proxy for host: \(names.virtualHost) and url: \(request.path)",
                code: "messaging.adaptors.http.flow.ApplicationNotFound")
            return Answer.text(fault.text, type: "application/json", status: .notFound)
        }
        let played = try await play(request)
        return Answer.text(
            played.body, type: played.body.hasPrefix("<") ? "text/html" : "application/json",
            status: played.status == 200
                ? .ok : HTTPStatusCode(played.status, phrase: parts.symptom?.phrase ?? "Service Unavailable"))
    }

    /// A message id in the form host part, process, connection, request.
    private func newMessageID() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(parts.world.names.routerHost)-\(processID)-\(connection)-\(number)"
    }

    /// Plays one request: calls the backend, writes the logs, records the trace.
    func play(_ request: PlayedRequest) async throws -> Played {
        let messageID = newMessageID()
        let start = Date()
        let result = try await parts.engine.call(parts.call)
        let end = Date()
        let symptom = parts.symptom.flatMap { $0.isRequest ? $0 : nil }
        let fault = symptom.map(FaultBody.init) ?? (result.isCompleted ? nil : FaultBody.handshake(result.message))
        let body = fault?.text ?? Self.body(of: result.response)
        let played = Played(
            messageID: messageID, status: fault == nil ? 200 : symptom?.status ?? 503, body: body, time: end,
            isFailed: fault != nil,
            localPort: result.localPort, message: result.message)
        if let symptom {
            try parts.systemLog.append(
                symptom.log(parts.names(messageID), time: parts.clock.prefix(end, parts.world.variants.recordPrefix)))
        } else if fault != nil {
            try parts.systemLog.append(
                parts.records.text(
                    FailureRecords.Failure(
                        time: end, messageID: messageID, backend: "127.0.0.1:\(parts.call.port)",
                        local: "127.0.0.1:\(result.localPort)", milliseconds: max(1, result.milliseconds),
                        exceptionClass: result.exceptionClass, message: result.message, frames: result.frames,
                        thread: Int.random(in: 0...3))))
        }
        let row = AccessRow(
            time: end, request: request, messageID: messageID, status: played.status,
            seconds: end.timeIntervalSince(start),
            bodyBytes: body.utf8.count, faultCode: fault?.code, faultSource: fault?.source)
        try parts.accessLog.append(row.text(names: parts.world.names, clock: parts.clock))
        let recorder = TraceRecorder(world: parts.world, clock: parts.clock)
        parts.sessions.record(
            recorder.trace(request: request, messageID: messageID, start: start, result: result, fault: fault),
            request: request)
        history.withLock { $0.append(played) }
        return played
    }

    private static func body(of response: String) -> String {
        guard let end = response.range(of: "\r\n\r\n") else { return "" }
        return String(response[end.upperBound...])
    }
}

extension MessageProcessor.Parts {
    /// The names with which a symptom's texts are filled.
    fileprivate func names(_ messageID: String) -> Symptom.Names {
        var names = Symptom.Names(world.names, backendPort: call.port)
        names.messageID = messageID
        return names
    }
}

extension Symptom.Names {
    init(_ names: LabNames, backendPort: Int) {
        self.init()
        (org, env, api, revision) = (names.org, names.env, names.api, names.revision)
        backend = "127.0.0.1:\(backendPort)"
    }
}
