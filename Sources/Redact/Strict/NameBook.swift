internal import Synchronization

/// The names of hosts and users that a run has met where there was no doubt, so that they are known in running text too.
/// Shared by all streams; in memory only.
final class NameBook: Sendable {
    /// A snapshot. Names are in lower case, users as they were written.
    struct Names: Sendable {
        fileprivate(set) var hosts: Set<String> = []
        /// The last parts of the dotted ones.
        fileprivate(set) var endings: Set<String> = []
        /// Names that are looked for everywhere.
        fileprivate(set) var users: Set<String> = []
        /// Names that may be words: looked for where values stand, not in prose.
        fileprivate(set) var accounts: Set<String> = []
        /// For each first byte, the lengths that occur: most words need no look-up.
        private var filter = [UInt64](repeating: 0, count: 256)

        fileprivate mutating func note(_ name: String) {
            guard let first = name.utf8.first else { return }
            for byte in Set([first, first.lowercased]) { filter[Int(byte)] |= 1 << UInt64(min(63, name.utf8.count)) }
        }

        func mayHold(first: UInt8, length: Int) -> Bool {
            filter[Int(first.lowercased)] >> UInt64(min(63, length)) & 1 == 1
        }
    }

    private struct State {
        var names = Names()
        var protected: Set<String> = []
        var version = 0
    }

    /// More names than this are replaced where they stand, but not learned.
    private static let capacity = 50_000
    private let state = Mutex(State())
    private let published = Atomic<Int>(0)

    /// Names that are never taken for a host's or user's: organisation, environment, proxy, alias.
    func protect(_ names: [String]) {
        state.withLock { state in
            for name in names where !name.isEmpty {
                let lower = name.lowercased()
                state.protected.insert(lower)
                state.names.hosts.remove(lower)
                state.names.users.remove(name)
                state.names.accounts.remove(name)
            }
            state.version += 1
            published.store(state.version, ordering: .releasing)
        }
    }

    func isProtected(_ name: String) -> Bool { state.withLock { $0.protected.contains(name.lowercased()) } }

    /// Learns a host: its full name, the domain someone registered, and its short name where that is no word.
    func learn(host name: String, isCertain: Bool = false) {
        let host = name.lowercased()
        let labels = host.split(separator: ".")
        guard let first = labels.first, labels.count < 12 else { return }
        var names: [String] = []
        if labels.count > 1 {
            names.append(host)
            let registered = labels.suffix(KnownNames.registeredLabels(labels)).joined(separator: ".")
            if registered.utf8.count >= 5 { names.append(registered) }
        }
        let short = String(first)
        // A node that is called `router` must not cost the word.
        if Self.isTelling(short) || isCertain && short.utf8.count >= 4 && !KnownNames.isWord(short) {
            names.append(short)
        }
        insert(names) { names, name in
            if let dot = name.lastIndex(of: ".") { names.endings.insert(String(name[name.index(after: dot)...])) }
            return names.hosts.insert(name).inserted
        }
    }

    /// - Parameter isPerson: whether the system itself named the user. What only settings name is often a service, and
    ///   called by a word.
    func learn(user name: String, isPerson: Bool) {
        guard (4...64).contains(name.utf8.count), !KnownNames.isWord(name.lowercased()) else { return }
        if isPerson || name.utf8.contains(where: { !$0.isLetter }) {
            insert([name]) { $0.users.insert($1).inserted }
        } else {
            insert([name]) { $0.accounts.insert($1).inserted }
        }
    }

    private func insert(_ names: [String], _ add: (inout Names, String) -> Bool) {
        guard !names.isEmpty else { return }
        state.withLock { state in
            guard state.names.hosts.count + state.names.users.count < Self.capacity else { return }
            var isNew = false
            for name in names where !state.protected.contains(name.lowercased()) && add(&state.names, name) {
                state.names.note(name)
                isNew = true
            }
            guard isNew else { return }
            state.version += 1
            published.store(state.version, ordering: .releasing)
        }
    }

    /// The names, if they changed since `version`.
    func names(since version: Int) -> (names: Names, version: Int)? {
        guard published.load(ordering: .acquiring) != version else { return nil }
        return state.withLock { ($0.names, $0.version) }
    }

    /// `mp01`, `db-3`: letters and digits, and no technical term.
    private static func isTelling(_ name: String) -> Bool {
        name.utf8.count >= 3 && name.utf8.contains(where: \.isDigit) && name.utf8.contains(where: \.isLetter)
            && !KnownNames.isWord(name)
    }
}
