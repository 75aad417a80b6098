internal import EdgeAPI
internal import Platform
internal import Redact
internal import SupportBundle

/// The trace of the failing request: from a file, from the one request of `--reproduce` in a debug session filtered
/// to it, or from real traffic (`--trace-session`). XML as Edge gives it. Sessions are left to expire: closing one
/// discards its data.
struct TraceCollector: Collector {
    let name = "trace"
    let items: [ItemKind] = [.trace]
    let needs: [Fact] = [.proxyBundle, .capturing]
    let provides: [Fact] = [.reproduced]
    let patience: Double? = 20
    let request: CurlCommand?
    var deadline: Double { Double(sessionSeconds ?? 0) + 150 }
    let sessionSeconds: Int?

    /// Marks our request, so that the session records it and no other.
    private static let markerHeader = "X-Apigee-Collect"

    private static let addHint =
        "download the session in the UI's trace tool, then: apigee-collect add %BUNDLE% --trace FILE"

    func plan(_ context: PlanContext) -> [PlannedAction] {
        if !context.options.traceFiles.isEmpty {
            return context.options.traceFiles.map {
                PlannedAction(.trace, .user, $0.path, expectedBytes: $0.bytes.count)
            }
        }
        let facts = context.facts
        guard context.options.reproduce || sessionSeconds != nil else {
            return [PlannedAction(.trace, .api, "", obstacle: "no --trace, --reproduce or --trace-session was given")]
        }
        return [
            PlannedAction(
                .trace, .api,
                "POST \(context.managementURL)/organizations/\(facts.org)/environments/\(facts.env)/apis/\(facts.api)/revisions/\(facts.revision)/debugsessions"
            )
        ]
    }

    func collect(_ context: RunContext) async {
        for file in context.options.traceFiles {
            let isJSON = file.bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == 0x7B
            context.addItem(
                .trace, file: PathText.lastName(file.path), title: "Trace given by the operator",
                source: .init(type: .user, location: file.path),
                mediaType: isJSON ? "application/json" : "application/xml", format: isJSON ? .json : .xml,
                bytes: file.bytes)
        }
        let hasTrace = !context.options.traceFiles.isEmpty
        guard let request, context.options.reproduce else {
            if let sessionSeconds, !hasTrace { return await traceTraffic(sessionSeconds, context) }
            if !hasTrace {
                context.record(
                    .trace, .missing, reason: "Edge keeps no trace of requests in the past", hint: Self.addHint)
            }
            return
        }
        await reproduce(request, hasTrace: hasTrace, context)
    }

    private func reproduce(_ command: CurlCommand, hasTrace: Bool, _ context: RunContext) async {
        let marker = Identifier.random(using: context)
        var session: TraceSession?
        if !hasTrace {
            session = await TraceSession.open(
                context, filters: [.header(name: Self.markerHeader, value: marker)], seconds: 600)
        }
        await ReproducedRequest.send(command, adding: [HTTPHeader(Self.markerHeader, marker)], context)
        context.settle([.reproduced])
        guard let session else { return }
        await session.collect(context, seconds: 30, atLeast: 1)
    }

    private func traceTraffic(_ seconds: Int, _ context: RunContext) async {
        guard let session = await TraceSession.open(context, filters: [], seconds: max(seconds, 60)) else { return }
        await session.collect(context, seconds: seconds, atLeast: nil)
    }
}

/// The one request of `--reproduce` and its answer.
enum ReproducedRequest {
    static func send(_ command: CurlCommand, adding headers: [HTTPHeader], _ context: RunContext) async {
        let request = command.request(adding: headers)
        do throws(EdgeError) {
            let response = try await HTTPClient(options: context.httpOptions).send(request)
            context.addItem(
                .errorMessage, file: "response.http", title: "Answer to the reproduced request",
                source: .init(type: .api, location: response.url), mediaType: "message/http", format: .http,
                bytes: response.asHTTPMessage(), on: .client)
            let fault = FaultBody(response.body)
            context.caseFile.update { facts in
                facts.httpStatus = response.status
                facts.response = Array(response.body.prefix(64 << 10))
                if let code = fault.errorCode { facts.faultCode = code }
            }
        } catch {
            context.record(
                .errorMessage, .missing, reason: "the request of --curl-file got no answer: \(error)", hint: error.hint)
        }
    }
}
