internal import SupportBundle

/// The handshake on the wire: `tcpdump -i any -s 0 -w - host …` into the scrubber, ended by the first failing
/// handshake with the backend, by time or by size. Not a byte of it is on disk before it is scrubbed.
struct PacketCaptureCollector: Collector {
    let name = "packet capture"
    let items: [ItemKind] = [.packetCapture]
    // After the probe: its own failing handshake must not pass for the one that is looked for.
    let needs: [Fact] = [.proxyBundle, .targetServers, .probed]
    let provides: [Fact] = [.capturing]
    let patience: Double? = 20
    let seconds: Int
    var deadline: Double { Double(seconds) + 30 }

    private static let sizeLimit = 64 << 20

    func plan(_ context: PlanContext) -> [PlannedAction] {
        if !context.options.captureFiles.isEmpty {
            return context.options.captureFiles.map { PlannedAction(.packetCapture, .user, $0) }
        }
        if seconds == 0 { return [PlannedAction(.packetCapture, .capture, "", obstacle: "--capture 0 was given")] }
        if context.mode == .public {
            return [PlannedAction(.packetCapture, .capture, "", obstacle: Self.publicObstacle.reason)]
        }
        let hosts = Self.hosts(context.facts)
        return [
            PlannedAction(
                .packetCapture, .capture,
                "tcpdump "
                    + CaptureJob.arguments(hosts.isEmpty ? ["BACKEND"] : hosts, port: nil).joined(separator: " "))
        ]
    }

    private static let publicObstacle = (
        reason: "Apigee runs the Message Processors of a public cloud; only the backend's team can capture",
        hint:
            "have the backend's team capture (tcpdump -i any -s 0 host IP -w FILE), then: apigee-collect add %BUNDLE% --pcap FILE"
    )

    static func hosts(_ facts: CaseFacts) -> [String] {
        var hosts: [String] = []
        for backend in facts.backends where HostName.isPlain(backend.host) && !hosts.contains(backend.host) {
            hosts.append(backend.host)
        }
        if hosts.isEmpty, HostName.isPlain(facts.hostName) { hosts = [facts.hostName] }
        return Array(hosts.prefix(16))
    }

    func collect(_ context: RunContext) async {
        if !context.options.captureFiles.isEmpty {
            for path in context.options.captureFiles { await CaptureFile.add(path, context) }
            return
        }
        guard context.mode == .private else {
            let obstacle = Self.publicObstacle
            context.record(.packetCapture, .missing, reason: obstacle.reason, hint: obstacle.hint)
            return
        }
        guard seconds > 0 else {
            context.record(
                .packetCapture, .skipped, reason: "--capture 0 was given",
                hint: "apigee-collect add %BUNDLE% --pcap FILE")
            return
        }
        let hosts = Self.hosts(context.caseFile.current)
        guard !hosts.isEmpty else {
            context.record(
                .packetCapture, .missing, reason: "the backend's address is not known",
                hint: "run it again with --host HOST:PORT")
            return
        }
        await CaptureJob(
            hosts: hosts, port: nil, failurePort: context.caseFile.current.backendPort, seconds: seconds,
            sizeLimit: Self.sizeLimit, stopsAtFailure: true, role: .messageProcessor,
            title: "Packet capture between Message Processor and backend",
            hint:
                "send the request while it captures (--reproduce --curl-file FILE, or --capture 300), or: apigee-collect add %BUNDLE% --pcap FILE"
        ).run(context)
    }
}
