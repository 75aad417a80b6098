internal import Diagnose
internal import Platform
internal import Redact
internal import SupportBundle
internal import Synchronization

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
                "tcpdump " + Self.arguments(hosts.isEmpty ? ["BACKEND"] : hosts).joined(separator: " "))
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

    /// `-U`: packets leave tcpdump as they come, so that the end can be seen live. `-B`: 16 MiB in the kernel, since at
    /// the lowest priority tcpdump may have to wait for a busy node.
    static func arguments(_ hosts: [String]) -> [String] {
        ["-i", "any", "-s", "0", "-U", "-B", "16384", "-w", "-", hosts.map { "host \($0)" }.joined(separator: " or ")]
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
        switch context.tools.find("tcpdump") {
        case .found(let path):
            await capture(path, hosts, context)
        case .missing:
            context.record(
                .packetCapture, .missing, reason: "there is no tcpdump on PATH",
                hint: "install tcpdump and run it again, or: apigee-collect add %BUNDLE% --pcap FILE")
        case .unsafe(let path):
            context.record(
                .packetCapture, .missing, reason: "\(path) is not run as root: others than root may write it",
                hint: "install tcpdump from your system's packages")
        }
    }

    private func capture(_ path: String, _ hosts: [String], _ context: RunContext) async {
        let arguments = Self.arguments(hosts)
        let command = "tcpdump " + arguments.dropLast().joined(separator: " ") + " '\(arguments.last ?? "")'"
        let facts = context.caseFile.current
        let sink: CaptureSink
        do {
            sink = try CaptureSink(context: context, command: command, port: facts.backendPort, limit: Self.sizeLimit)
        } catch {
            context.record(.packetCapture, .missing, reason: error.description, hint: error.hint)
            return
        }
        let stop = ToolRunner.Stop()
        let timer = Task {
            try? await Task.sleep(for: .seconds(seconds))
            stop.request()
        }
        defer { timer.cancel() }
        do {
            let outcome = try await withTaskCancellationHandler {
                try await context.runner.run(
                    path, arguments, seconds: Double(seconds) + 10, stop: stop,
                    onErrorOutput: { text in
                        // tcpdump says that it listens before the first packet can be missed.
                        if String(decoding: text, as: UTF8.self).contains("listening on") {
                            context.settle([.capturing])
                        }
                    },
                    onOutput: { sink.take($0) })
            } onCancel: {
                stop.request()
            }
            context.settle([.capturing])
            sink.finish(outcome: outcome, filter: arguments.last ?? "", seconds: seconds)
        } catch {
            context.settle([.capturing])
            sink.abandon(reason: "\(error)")
        }
    }
}
