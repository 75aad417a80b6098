internal import Diagnose
internal import Platform
internal import Redact
internal import SupportBundle

/// A capture that somebody else made, such as the backend's team: read, scrubbed and looked through.
enum CaptureFile {
    static func add(_ path: String, _ context: RunContext) async {
        await Blocking.run { read(path, context) }
    }

    private static func read(_ path: String, _ context: RunContext) {
        do {
            let file = try NodeFiles.open(userFile: path)
            let tracker = ConversationTracker()
            let writer = try context.beginItem(
                .packetCapture, file: PathText.lastName(path), title: "Packet capture given by the operator",
                source: .init(type: .user, location: path), mediaType: "application/vnd.tcpdump.pcap", format: .auto)
            writer.observeRedacted { tracker.append($0) }
            try file.forEachBlock(limit: 4 << 30) { block throws(CollectError) in
                if context.isStopping { throw CollectError(.interrupted, path, "stopped before its end") }
                try writer.append(block)
            }
            let failures = tracker.failureCount(serverPort: context.caseFile.current.backendPort)
            let capture = Manifest.Capture(
                linkType: "", filter: "", packets: tracker.packets, droppedByKernel: 0,
                handshakes: tracker.tlsConnectionCount, failures: failures)
            let isEnough = failures > 0 || context.playbook.takesAnyPackets && tracker.packets > 0
            let reason = isEnough ? nil : "the capture shows no failing handshake with the backend"
            let added = try writer.finish(
                state: reason == nil ? .collected : .partial, reason: reason, capture: capture)
            if added, let reason {
                context.record(
                    .packetCapture, .partial, reason: reason,
                    hint: "capture while the request fails, then: apigee-collect add %BUNDLE% --pcap FILE")
            }
        } catch {
            context.record(.packetCapture, .missing, reason: "\(error)", hint: (error as? CollectError)?.hint)
        }
    }
}
