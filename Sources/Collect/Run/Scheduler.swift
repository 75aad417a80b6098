internal import Platform
internal import SupportBundle
internal import Synchronization

/// Runs collectors: each as soon as what it needs is settled, all under the run's time limit and each under its own.
struct Scheduler: Sendable {
    let context: RunContext
    let interrupts: Interrupts

    private enum Event: Sendable { case collected, timeIsUp }

    func run(_ collectors: [any Collector]) async {
        context.observe(.planned(collectors: collectors.count))
        await withTaskGroup(of: Event.self) { group in
            for collector in collectors {
                group.addTask {
                    for fact in collector.needs { await wait(for: fact, collector) }
                    await run(collector)
                    context.board.done(collector.provides)
                    return .collected
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(context.options.timeLimitSeconds))
                return .timeIsUp
            }
            let stopper = StreamOfStops()
            interrupts.onFirst { [context] _ in
                context.stop()
                stopper.stop()
            }
            group.addTask {
                await stopper.wait()
                return .timeIsUp
            }
            var left = collectors.count
            while left > 0, let event = await group.next() {
                switch event {
                case .collected: left -= 1
                case .timeIsUp:
                    if interrupts.received == nil {
                        context.log.write(
                            .warning, "the time limit of \(context.options.timeLimitSeconds) s was reached")
                    }
                    context.stop()
                    group.cancelAll()
                }
            }
            stopper.stop()
            group.cancelAll()
        }
    }

    /// What the management API tells is waited for, but not for ever: where the log has told the backend's address, a
    /// slow server must not cost the probe and the capture.
    private func wait(for fact: Fact, _ collector: any Collector) async {
        let isTold = !context.caseFile.current.backends.isEmpty
        if isTold, let patience = collector.patience, [.proxyBundle, .targetServers].contains(fact) {
            await context.board.wait(for: fact, seconds: min(patience, Double(context.options.timeLimitSeconds) / 4))
        } else {
            await context.board.wait(for: fact)
        }
    }

    /// Runs one collector under its deadline.
    private func run(_ collector: any Collector) async {
        guard !context.isStopping else { return }
        context.observe(.started(collector.title))
        let start = ContinuousClock.now
        await collect(collector)
        let kinds = collector.items.filter { kind in
            context.playbook.mustCollect(context.mode).contains { $0.item == kind }
        }
        // What another collector still brings is not missing yet.
        let outcomes = kinds.filter { context.book.knows($0) || context.isStopping }.map { context.book.outcome($0) }
        // What matters most to the reader first; that something was not needed, last.
        let order: [Manifest.State] = [.missing, .partial, .collected, .skipped]
        let worst = order.lazy.compactMap { state in outcomes.first { $0.state == state } }.first
        let bytes = context.book.items.filter { kinds.contains($0.kind) }.reduce(0) { $0 + $1.bytes }
        let elapsed = (ContinuousClock.now - start).components
        context.observe(
            .finished(
                collector.title, state: worst?.state ?? .skipped, bytes: bytes,
                milliseconds: Int(elapsed.seconds) * 1000 + Int(elapsed.attoseconds / 1_000_000_000_000_000),
                reason: outcomes.isEmpty ? "another source brings it" : worst?.reason))
    }
}

extension Scheduler {
    /// Seconds that a collector has to come to an end when it is over: a capture is scrubbed to its end.
    private var grace: Double { min(20, max(5, Double(context.options.timeLimitSeconds) / 2)) }

    /// Collects under the collector's deadline. One that doesn't end even when it is told to is left behind: its thread
    /// may wait for a dead file system, which nothing can end.
    private func collect(_ collector: any Collector) async {
        let work = CollectorWork(collector, context)
        let inTime = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await work.ended.wait()
                return true
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(collector.deadline))
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        if work.isOver { return }
        if !inTime, !context.isStopping {
            for kind in collector.items {
                context.record(
                    kind, .missing, reason: "it took longer than \(Int(collector.deadline)) s and was given up")
            }
        }
        guard await !work.end(within: grace) else { return }
        for kind in collector.items {
            context.record(
                kind, .missing, reason: "\(collector.name): what it reads does not answer, and it was left behind",
                hint: "look for a dead file system (df hangs, or mount shows a network one), and mend or unmount it")
        }
    }
}

/// A collector at work, in a task of its own that can be left behind.
private final class CollectorWork: Sendable {
    let ended = StreamOfStops()
    private let over = Mutex(false)
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ collector: any Collector, _ context: RunContext) {
        let task = Task {
            await collector.collect(context)
            over.withLock { $0 = true }
            ended.stop()
        }
        self.task.withLock { $0 = task }
    }

    var isOver: Bool { over.withLock { $0 } }

    /// Tells it to end, and waits for that, also in a task that was cancelled itself. Returns whether it did.
    func end(within seconds: Double) async -> Bool {
        task.withLock { $0 }?.cancel()
        return await Task.detached { [self] in
            let limit = ContinuousClock.now + .seconds(seconds)
            while !isOver, ContinuousClock.now < limit { try? await Task.sleep(for: .milliseconds(20)) }
            return isOver
        }.value
    }
}

/// One event that a task waits for and any thread can bring.
final class StreamOfStops: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream<Void>.makeStream() }

    func stop() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}
