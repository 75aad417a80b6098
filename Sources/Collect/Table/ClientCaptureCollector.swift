internal import SupportBundle

/// Packets between the client and this Router, around requests that fail.
struct ClientCaptureCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }
    let needs: [Fact] = [.probed]
    let provides: [Fact] = [.capturing]
    /// Set from the options when it runs; the scheduler needs it before.
    var deadline: Double { 3700 }

    func plan(_ context: PlanContext) -> [PlannedAction] {
        [PlannedAction(source.item, .capture, source.how)]
    }

    func collect(_ context: RunContext) async {
        if !context.options.captureFiles.isEmpty {
            for path in context.options.captureFiles { await CaptureFile.add(path, context) }
            return
        }
        let seconds = context.options.captureSeconds
        guard seconds > 0 else {
            context.record(
                source.item, .skipped, reason: "--capture 0 was given", hint: "apigee-collect add %BUNDLE% --pcap FILE")
            return
        }
        let facts = context.caseFile.current
        let id = facts.messageID.isEmpty ? nil : facts.messageID
        let row = AccessLogFinder(files: context.files).newest(
            from: facts.window.lowerBound, to: facts.window.upperBound, messageID: id)
        guard let client = row?.client, HostName.isPlain(client) else {
            context.recordAbsent(
                source, reason: "the client's address is not known: no access log of a Router names it")
            return
        }
        await CaptureJob(
            hosts: [client], port: nil, failurePort: nil, seconds: seconds, sizeLimit: 64 << 20, stopsAtFailure: true,
            role: .router, title: "Packet capture between client and Router", name: "client-capture",
            hint: "have the client send the request while it captures (--capture 300), or: "
                + "apigee-collect add %BUNDLE% --pcap FILE"
        ).run(context)
    }
}
