internal import Glibc
internal import Platform
internal import Redact
internal import SupportBundle

/// Three thread dumps of each Message Processor, apart: what does not move between them hangs.
struct ThreadsCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }
    var deadline: Double { 300 }

    private static let dumps = 3
    private static let outputLimit = 8 << 20

    func plan(_ context: PlanContext) -> [PlannedAction] {
        let way = context.options.threadsBySignal ? "kill -3 PID" : "jstack -l PID"
        return [PlannedAction(source.item, .command, "\(way), \(Self.dumps) times")]
    }

    func collect(_ context: RunContext) async {
        let root = context.options.root
        let all = await Blocking.run { JavaProcess.all(root: root) }
        let processors = all.filter { $0.component == "edge-message-processor" }
        guard !processors.isEmpty else {
            context.recordAbsent(
                source, reason: "no Message Processor runs on this node",
                hint: "run apigee-collect on every Message Processor, then: apigee-collect merge BUNDLE ... -o FILE")
            return
        }
        for process in processors where !context.isStopping {
            if context.options.threadsBySignal {
                await bySignal(process, context)
            } else {
                await byTool(process, context)
            }
        }
    }

    /// Seconds between two dumps: what the guide says, less where the run may not last that long.
    static func pause(_ options: CollectOptions) -> Double { min(30, Double(options.timeLimitSeconds) / 10) }

    private func byTool(_ process: JavaProcess, _ context: RunContext) async {
        guard case .found(let path, let identity) = process.tool("jstack", context.tools) else {
            if case .absent(let reason, let hint) = process.tool("jstack", context.tools) {
                let other = "or let Java write them into its console log: --threads-by-signal"
                context.recordAbsent(
                    source, reason: reason, hint: [hint, other].compactMap(\.self).joined(separator: "; "))
            }
            return
        }
        for number in 1...Self.dumps where !context.isStopping {
            let ended = await context.heavy.pass { () -> Bool in
                do throws(CollectError) {
                    let (bytes, outcome) = try await context.runner.output(
                        path, ["-l", "\(process.pid)"], as: identity, seconds: context.patience(30),
                        limit: Self.outputLimit)
                    guard outcome.exitCode == 0, !bytes.isEmpty else {
                        let words = String(decoding: outcome.errorText.prefix(300), as: UTF8.self)
                        let why = outcome.timedOut ? "it did not end in time" : words
                        context.recordAbsent(source, .partial, reason: "jstack -l \(process.pid): \(why)")
                        return false
                    }
                    add(bytes, number, process, "jstack -l \(process.pid)", context)
                    return true
                } catch {
                    context.recordAbsent(source, reason: error.description, hint: error.hint)
                    return false
                }
            }
            guard ended else { return }
            if number < Self.dumps { try? await Task.sleep(for: .seconds(Self.pause(context.options))) }
        }
    }

    /// SIGQUIT lets Java write a dump into its console log, from where it is taken.
    private func bySignal(_ process: JavaProcess, _ context: RunContext) async {
        let log = "/opt/apigee/var/log/\(process.component)/\(process.component).log"
        for number in 1...Self.dumps where !context.isStopping {
            guard let before = try? context.files.open(log).size else {
                context.recordAbsent(source, reason: "the console log \(log) can't be read", hint: "run it with sudo")
                return
            }
            // Whatever else gets this signal dies of it.
            guard process.isStillThere(root: context.options.root), process.executable?.hasSuffix("/java") == true,
                kill(process.pid, SIGQUIT) == 0
            else {
                context.recordAbsent(
                    source, reason: "process \(process.pid) can't be sent the signal", hint: "run it with sudo")
                return
            }
            try? await Task.sleep(for: .seconds(2))
            if let bytes = tail(log, from: before, context), !bytes.isEmpty {
                add(bytes, number, process, "kill -3 \(process.pid)", context)
            } else {
                context.recordAbsent(source, .partial, reason: "nothing was written to \(log) within 2 s")
            }
            if number < Self.dumps { try? await Task.sleep(for: .seconds(Self.pause(context.options))) }
        }
    }

    private func tail(_ path: String, from start: Int, _ context: RunContext) -> [UInt8]? {
        guard let file = try? context.files.open(path), file.size >= start,
            lseek(file.descriptor, off_t(start), SEEK_SET) >= 0
        else { return nil }
        return try? file.readAll(limit: Self.outputLimit)
    }

    private func add(_ bytes: [UInt8], _ number: Int, _ process: JavaProcess, _ command: String, _ context: RunContext)
    {
        context.addItem(
            source.item, file: "\(process.component)-\(process.pid)-\(number).txt",
            title: "Thread dump \(number) of \(process.component), process \(process.pid)",
            source: .init(type: .command, location: command), mediaType: "text/plain", format: .text, bytes: bytes,
            on: .messageProcessor)
    }
}

/// What fills the heap of a Message Processor, by class. The heap itself holds every secret in clear, in a form that
/// can't be redacted, so it is never taken.
struct HeapCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }

    func plan(_ context: PlanContext) -> [PlannedAction] {
        [
            PlannedAction(
                source.item, .command, "jmap -histo PID",
                obstacle: context.options.heap ? nil : "--heap was not given")
        ]
    }

    func collect(_ context: RunContext) async {
        guard context.options.heap else {
            context.record(
                source.item, .skipped, reason: "--heap was not given: it holds the Message Processor up for a while",
                hint: "run it again with --heap")
            return
        }
        let root = context.options.root
        let processors = await Blocking.run {
            JavaProcess.all(root: root).filter { $0.component == "edge-message-processor" }
        }
        if processors.isEmpty {
            context.recordAbsent(source, reason: "no Message Processor runs on this node", hint: nil)
        }
        for process in processors where !context.isStopping {
            switch process.tool("jmap", context.tools) {
            case .absent(let reason, let hint): context.recordAbsent(source, reason: reason, hint: hint)
            case .found(let path, let identity):
                await context.heavy.pass { await histogram(process, path, identity, context) }
            }
        }
    }

    private func histogram(
        _ process: JavaProcess, _ path: String, _ identity: ReaderIdentity?, _ context: RunContext
    ) async {
        do {
            let (bytes, outcome) = try await context.runner.output(
                path, ["-histo", "\(process.pid)"], as: identity, seconds: context.patience(60), limit: 8 << 20)
            guard outcome.exitCode == 0, !bytes.isEmpty else {
                let words = String(decoding: outcome.errorText.prefix(300), as: UTF8.self)
                context.recordAbsent(
                    source, reason: "jmap -histo \(process.pid): \(outcome.timedOut ? "it did not end in time" : words)"
                )
                return
            }
            context.addItem(
                source.item, file: "\(process.component)-\(process.pid)-histogram.txt",
                title: "Objects on the heap of \(process.component), process \(process.pid), by class",
                source: .init(type: .command, location: "jmap -histo \(process.pid)"), mediaType: "text/plain",
                format: .text, bytes: bytes,
                notes: ["the heap itself can't be redacted and is not taken"], on: .messageProcessor)
        } catch {
            context.recordAbsent(source, reason: error.description, hint: error.hint)
        }
    }
}
