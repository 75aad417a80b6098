internal import SupportBundle

/// One run of tcpdump into the scrubber, ended by time, by size, or by the first failing handshake.
struct CaptureJob: Sendable {
    let hosts: [String]
    /// Only packets of this port; nil for all.
    let port: Int?
    /// A failing handshake with another port does not count; nil: every one counts.
    let failurePort: Int?
    let seconds: Int
    /// Bytes as tcpdump writes them.
    let sizeLimit: Int
    let stopsAtFailure: Bool
    let role: Manifest.Place.Role
    let title: String
    /// What its files are called.
    var name = "capture"
    /// What to do when no failing handshake was seen.
    let hint: String
    /// Told about once a second how far it is.
    var watch: (@Sendable (CaptureCounts) -> Void)?

    /// `-U`: packets leave tcpdump as they come, so that the end can be seen live. `-B`: 16 MiB in the kernel, since at
    /// the lowest priority tcpdump may have to wait for a busy node.
    static func arguments(_ hosts: [String], port: Int?) -> [String] {
        let names = hosts.map { "host \($0)" }.joined(separator: " or ")
        let filter = port.map { hosts.isEmpty ? "port \($0)" : "port \($0) and (\(names))" } ?? names
        return ["-i", "any", "-s", "0", "-U", "-B", "16384", "-w", "-", filter]
    }

    var filter: String { Self.arguments(hosts, port: port).last ?? "" }

    func run(_ context: RunContext) async {
        switch context.tools.find("tcpdump") {
        case .found(let path):
            await capture(path, context)
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

    private func capture(_ path: String, _ context: RunContext) async {
        let arguments = Self.arguments(hosts, port: port)
        let command = "tcpdump " + arguments.dropLast().joined(separator: " ") + " '\(filter)'"
        let sink: CaptureSink
        do {
            sink = try CaptureSink(context: context, command: command, job: self)
        } catch {
            context.record(.packetCapture, .missing, reason: error.description, hint: error.hint)
            return
        }
        let stop = ToolRunner.Stop()
        let timer = Task {
            try? await Task.sleep(for: .seconds(seconds))
            stop.request()
        }
        let ticker = watch.map { watch in
            Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    watch(sink.counts)
                }
            }
        }
        defer {
            timer.cancel()
            ticker?.cancel()
        }
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
            sink.finish(outcome: outcome)
            watch?(sink.counts)
        } catch {
            context.settle([.capturing])
            sink.abandon(reason: "\(error)")
        }
    }
}

/// How far a capture is.
public struct CaptureCounts: Sendable, Equatable {
    public var seconds = 0
    public var packets = 0
    /// TLS handshakes begun.
    public var handshakes = 0
    public var failures = 0
    /// Alerts, clear ones and those that are known by their shape alone.
    public var alerts = 0
}
