internal import Diagnose
internal import Platform
internal import Redact
internal import SupportBundle
internal import Synchronization

/// Where captured packets go: through the scrubber into the work folder, and, scrubbed, to the one who watches for a
/// failing handshake.
final class CaptureSink: Sendable {
    private struct State {
        var writer: ItemWriter?
        let tracker: ConversationTracker
        var bytes = 0
        var seenFailure = false
        var problem: String?
    }

    private let state: Mutex<State>
    private let context: RunContext
    private let command: String
    private let job: CaptureJob
    private let start = ContinuousClock.now

    init(context: RunContext, command: String, job: CaptureJob) throws(CollectError) {
        self.context = context
        self.command = command
        self.job = job
        let tracker = ConversationTracker()
        let writer = try context.beginItem(
            .packetCapture, file: job.name + ".pcap", title: job.title,
            source: .init(type: .capture, location: command), mediaType: "application/vnd.tcpdump.pcap", format: .pcap,
            on: job.role)
        writer.observeRedacted { tracker.append($0) }
        state = Mutex(State(writer: writer, tracker: tracker))
    }

    /// Takes what tcpdump wrote. Returns false when it is enough.
    func take(_ bytes: ArraySlice<UInt8>) -> Bool {
        state.withLock { state in
            guard let writer = state.writer, state.problem == nil else { return false }
            do {
                try writer.append(bytes)
            } catch {
                state.problem = "\(error)"
                state.writer = nil
                return false
            }
            state.bytes += bytes.count
            if state.tracker.failureCount(serverPort: job.failurePort) > 0 { state.seenFailure = true }
            return !(state.seenFailure && job.stopsAtFailure) && state.bytes < job.sizeLimit
        }
    }

    /// How far it is.
    var counts: CaptureCounts {
        let tracker = state.withLock { $0.tracker }
        return CaptureCounts(
            seconds: Int((ContinuousClock.now - start).components.seconds), packets: tracker.packets,
            handshakes: tracker.handshakeCount, failures: tracker.failureCount(serverPort: job.failurePort),
            alerts: tracker.alertCount)
    }

    func abandon(reason: String) {
        state.withLock { state in
            state.writer?.discard()
            state.writer = nil
        }
        context.record(
            .packetCapture, .missing, reason: reason, hint: "apigee-collect add %BUNDLE% --pcap FILE")
    }

    /// Books the capture and tcpdump's own words beside it.
    func finish(outcome: ToolRunner.Outcome) {
        let words = String(decoding: outcome.errorText, as: UTF8.self)
        let (empty, problem) = state.withLock { ($0.bytes == 0, $0.problem) }
        if let problem { return abandon(reason: problem) }
        if empty {
            let (reason, hint) = TcpdumpWords.obstacle(words)
            return abandon(reason: reason, hint: hint)
        }
        state.withLock { state in
            guard let writer = state.writer else { return }
            state.writer = nil
            let counts = TcpdumpWords.counts(words)
            let tracker = state.tracker
            let failures = tracker.failureCount(serverPort: job.failurePort)
            let capture = Manifest.Capture(
                linkType: TcpdumpWords.linkType(words), filter: job.filter, packets: counts.captured ?? tracker.packets,
                droppedByKernel: counts.dropped ?? 0, handshakes: tracker.tlsConnectionCount,
                failures: failures)
            let full = state.bytes >= job.sizeLimit
            let reason: String? =
                failures > 0 || context.playbook.takesAnyPackets && tracker.packets > 0
                ? nil
                : "no failing handshake was seen in \(full ? "\(job.sizeLimit >> 20) MiB" : "\((ContinuousClock.now - start).components.seconds) s")"
            do {
                try writer.finish(
                    state: reason == nil ? .collected : .partial, reason: reason,
                    notes: counts.dropped.map { $0 > 0 ? ["the kernel dropped \($0) packets"] : [] } ?? [],
                    truncated: full ? .init(how: "ended at \(job.sizeLimit >> 20) MiB") : nil, capture: capture)
                if let reason {
                    context.record(
                        .packetCapture, .partial, reason: reason,
                        hint: job.hint)
                }
            } catch {
                context.record(.packetCapture, .missing, reason: "\(error)")
            }
        }
        context.addItem(
            .packetCapture, file: job.name == "capture" ? "tcpdump.txt" : job.name + "-tcpdump.txt",
            title: "What tcpdump said",
            source: .init(type: .command, location: command), mediaType: "text/plain", format: .text,
            bytes: Array("$ \(command)\n\(words)".utf8), on: job.role)
    }

    private func abandon(reason: String, hint: String) {
        state.withLock { state in
            state.writer?.discard()
            state.writer = nil
        }
        context.record(.packetCapture, .missing, reason: reason, hint: hint)
    }
}

/// What tcpdump prints on standard error.
enum TcpdumpWords {
    /// `N packets captured`, `N packets dropped by kernel`.
    static func counts(_ text: String) -> (captured: Int?, dropped: Int?) {
        func number(before words: String) -> Int? {
            for line in text.split(whereSeparator: \.isNewline) where line.contains(words) {
                return line.split(separator: " ").first.flatMap { Int($0) }
            }
            return nil
        }
        return (number(before: "captured"), number(before: "dropped by kernel"))
    }

    /// `listening on any, link-type LINUX_SLL2 (Linux cooked v2), …`.
    static func linkType(_ text: String) -> String {
        guard let range = text.firstRange(of: "link-type ") else { return "unknown" }
        return String(text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }

    /// Why there is no packet at all, and what to do.
    static func obstacle(_ text: String) -> (reason: String, hint: String) {
        let add = "apigee-collect add %BUNDLE% --pcap FILE"
        let lower = text.lowercased()
        if lower.contains("permission") || lower.contains("not permitted") {
            return ("this user may not capture packets", "run it with sudo, or: \(add)")
        }
        let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it printed nothing"
        return ("tcpdump gave no packet: \(last)", add)
    }
}
