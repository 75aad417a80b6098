internal import SupportBundle
internal import Synchronization

/// How a kind of item fared, and what to do about it.
struct Outcome: Sendable, Equatable {
    var state: Manifest.State
    var reason: String?
    var hint: String?
}

/// The rows of the manifest as they come, and how each kind of item fared.
final class ItemBook: Sendable {
    private struct State {
        var items: [Manifest.Item] = []
        var outcomes: [ItemKind: [Outcome]] = [:]
    }

    private let state = Mutex(State())

    func add(_ item: Manifest.Item) { state.withLock { $0.items.append(item) } }

    /// Forgets a kind: its items, which are returned, and how it fared.
    func removeAll(_ kind: ItemKind) -> [Manifest.Item] {
        state.withLock { state in
            defer {
                state.items.removeAll { $0.kind == kind }
                state.outcomes[kind] = nil
            }
            return state.items.filter { $0.kind == kind }
        }
    }

    /// How each kind fared so far, where anything was recorded.
    var recorded: [(kind: ItemKind, outcome: Outcome)] {
        let kinds = state.withLock { $0.outcomes.keys.sorted { $0.rawValue < $1.rawValue } }
        return kinds.map { ($0, outcome($0)) }
    }

    func record(_ kind: ItemKind, _ outcome: Outcome) {
        state.withLock { $0.outcomes[kind, default: []].append(outcome) }
    }

    /// Whether anything is known of a kind yet.
    func knows(_ kind: ItemKind) -> Bool {
        state.withLock { state in
            state.outcomes[kind] != nil || state.items.contains { $0.kind == kind }
        }
    }

    var items: [Manifest.Item] { state.withLock { $0.items } }

    /// The outcome of a kind: a recorded obstacle makes an item that is there `partial`; without a file it is what was
    /// recorded last, or missing without a word.
    func outcome(_ kind: ItemKind) -> Outcome {
        let (items, outcomes) = state.withLock { state in
            (state.items.filter { $0.kind == kind }, state.outcomes[kind] ?? [])
        }
        let obstacle = outcomes.last { $0.state != .collected }
        if items.isEmpty {
            return obstacle
                ?? Outcome(
                    state: .missing, reason: "it was not reached before the run ended",
                    hint: "run it again, with a longer --time-limit if it was not ended by hand")
        }
        if let weak = items.first(where: { $0.state != .collected }) {
            return Outcome(
                state: .partial, reason: weak.reason,
                hint: obstacle?.hint
                    ?? "its notes say what is missing; run it again, or add a whole copy, when there is one")
        }
        guard let obstacle, obstacle.state == .partial || obstacle.state == .missing else {
            return Outcome(state: .collected)
        }
        return Outcome(state: .partial, reason: obstacle.reason, hint: obstacle.hint)
    }
}
