internal import Synchronization

/// What a collector may wait for. A fact is settled when everyone who could provide it is done, well or not; whether
/// it is there then stands in the ``CaseFile``.
enum Fact: String, Sendable, CaseIterable {
    /// The proxy bundle was read: target endpoints and their SSLInfo are known, or can't be had.
    case proxyBundle
    /// Target servers named by the proxy are known, or can't be had.
    case targetServers
    /// The TLS probe is over, so that a capture does not show our own handshake.
    case probed
    /// The capture runs, or there is none.
    case capturing
    /// The request was sent and answered, or there is nothing to reproduce.
    case reproduced
}

/// Who waits for which fact, and which facts are settled.
final class FactBoard: Sendable {
    private struct State {
        var settled: Set<Fact> = []
        var waiting: [Fact: [Int: CheckedContinuation<Void, Never>]] = [:]
        var nextWaiter = 0
        /// How many collectors that provide the fact are still at work.
        var providers: [Fact: Int] = [:]
    }

    private let state = Mutex(State())

    /// - Parameter provided: for each collector the facts that it provides; facts that nobody provides are settled.
    init(provided: [[Fact]]) {
        state.withLock { state in
            for facts in provided { for fact in facts { state.providers[fact, default: 0] += 1 } }
            state.settled = Set(Fact.allCases.filter { state.providers[$0] == nil })
        }
    }

    /// More collectors are to come: what they provide is open again.
    func expect(_ provided: [[Fact]]) {
        state.withLock { state in
            for fact in provided.joined() {
                state.providers[fact] = max(0, state.providers[fact] ?? 0) + 1
                state.settled.remove(fact)
            }
        }
    }

    /// Returns when the fact is settled, or when the task is cancelled.
    func wait(for fact: Fact) async {
        let waiter = state.withLock { state -> Int in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let already = state.withLock { state -> Bool in
                    if state.settled.contains(fact) || Task.isCancelled { return true }
                    state.waiting[fact, default: [:]][waiter] = continuation
                    return false
                }
                if already { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting[fact]?.removeValue(forKey: waiter) }?.resume()
        }
    }

    /// The same, but for at most some seconds.
    func wait(for fact: Fact, seconds: Double) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(for: fact) }
            group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// One provider of each of `facts` has done with it.
    func done(_ facts: [Fact]) {
        let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            var ready: [CheckedContinuation<Void, Never>] = []
            for fact in facts {
                let left = (state.providers[fact] ?? 0) - 1
                state.providers[fact] = left
                if left <= 0, state.settled.insert(fact).inserted {
                    ready += (state.waiting.removeValue(forKey: fact) ?? [:]).values
                }
            }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }
}
