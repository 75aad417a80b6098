internal import Diagnose
internal import Redact
internal import SupportBundle

/// Whether the backend can be reached from this node: its name in DNS, TCP, and TLS with its name.
struct BackendConnectCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }
    // As the probe of the accepted issuers: before the capture, so that it can't pass for the failing handshake.
    let needs: [Fact] = [.proxyBundle, .targetServers]
    let provides: [Fact] = [.probed]
    let patience: Double? = 20
    let deadline: Double = 90

    private static let targetLimit = 4
    private static let addressLimit = 8

    func plan(_ context: PlanContext) -> [PlannedAction] {
        guard context.options.probe else {
            return [PlannedAction(source.item, .command, "", obstacle: "--no-probe was given")]
        }
        let targets = AcceptedIssuersCollector.targets(context.facts)
        return targets.isEmpty
            ? [PlannedAction(source.item, .command, "TCP and TLS to BACKEND:PORT")]
            : targets.map { PlannedAction(source.item, .command, "TCP and TLS to \($0.address):\($0.port)") }
    }

    func collect(_ context: RunContext) async {
        guard context.options.probe else {
            context.record(source.item, .skipped, reason: "\(source.id): --no-probe was given")
            return
        }
        let facts = context.caseFile.current
        let targets = AcceptedIssuersCollector.targets(facts).prefix(Self.targetLimit)
        guard !targets.isEmpty else {
            context.recordAbsent(
                source, reason: "the backend's address is not known", hint: "run it again with --host HOST:PORT")
            return
        }
        let check = HostCheck(context: context)
        for target in targets where !context.isStopping {
            var text = ""
            var addresses: [String] = []
            for host in [target.address, target.serverName] where HostName.isPlain(host) {
                let found = await check.addresses(host)
                text += "\(host): \(found.isEmpty ? "DNS knows no address" : found.joined(separator: ", "))\n"
                addresses += found.filter { !addresses.contains($0) }
            }
            for address in addresses.prefix(Self.addressLimit) where !context.isStopping {
                text += "\(address) port \(target.port): \(await check.connect(address, target.port))\n"
            }
            context.addItem(
                source.item, file: "\(source.id)-\(target.address)_\(target.port).txt",
                title: "Connection to the backend \(target.address):\(target.port)",
                source: .init(type: .command, location: "getent ahosts, TCP connections from this node"),
                mediaType: "text/plain", format: .text, bytes: Array(text.utf8), on: .messageProcessor)
        }
        let isProbed = context.playbook.mustCollect(context.mode).contains { $0.item == .acceptedIssuers }
        // One probe a backend: the one for the accepted issuers tells the same.
        guard !isProbed, Self.usesTLS(facts), let target = targets.first, !context.isStopping else { return }
        await AcceptedIssuersCollector.probe(target, as: source.item, context)
    }

    private static func usesTLS(_ facts: CaseFacts) -> Bool {
        if facts.endpoints.contains(where: { $0.usesTLS || $0.sslInfo != nil }) { return true }
        if facts.targetServers.contains(where: { $0.sslInfo != nil }) { return true }
        return facts.endpoints.isEmpty && facts.backendPort == 443
    }
}
