internal import Synchronization

/// What was replaced by what, in memory, for the map that the customer keeps.
final class PseudonymJournal: Sendable {
    /// More are not kept.
    private static let capacity = 200_000

    private struct State {
        var originals: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// Remembers the first spelling of what `pseudonym` stands for.
    func note(_ pseudonym: String, _ original: String) {
        state.withLock { state in
            guard state.originals[pseudonym] == nil else { return }
            if state.originals.count < Self.capacity { state.originals[pseudonym] = original }
        }
    }

    var originals: [String: String] { state.withLock { $0.originals } }
}
