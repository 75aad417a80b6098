internal import Synchronization

/// Lets one at a time through, in the order of arrival.
public final class Gate: Sendable {
    private struct State {
        var isBusy = false
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Runs `body` when it is its turn; at once, beside others, when the task is cancelled: it ends soon then.
    public func pass<R>(_ body: () async -> R) async -> R {
        let isMine = await enter()
        defer { if isMine { leave() } }
        return await body()
    }

    /// - Returns: whether the gate is now held, and must be left.
    private func enter() async -> Bool {
        let id = state.withLock { state -> Int in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if !state.isBusy {
                        state.isBusy = true
                        return true
                    }
                    if Task.isCancelled { return false }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let found = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index).continuation
            }
            found?.resume(returning: false)
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        // Handed over: it stays busy.
        next?.resume(returning: true)
    }
}
