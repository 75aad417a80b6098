internal import Synchronization

/// Lets one at a time through, in the order of arrival: at most one heavy command runs on a node.
final class Gate: Sendable {
    private struct State {
        var isBusy = false
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    /// Runs `body` when it is its turn; at once, beside others, when the task is cancelled: it ends soon then.
    func pass<R>(_ body: () async -> R) async -> R {
        let mine = await enter()
        defer { if mine { leave() } }
        return await body()
    }

    private func enter() async -> Bool {
        let id = state.withLock { state -> Int in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state -> Bool in
                    if Task.isCancelled || !state.isBusy {
                        state.isBusy = true
                        return true
                    }
                    state.waiting.append((id, continuation))
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let found = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index).continuation
            }
            found?.resume()
        }
        return !Task.isCancelled
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
