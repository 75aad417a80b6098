internal import Synchronization

/// The secrets that are known for certain, shared by all streams of a run. It lives in memory only.
public final class SecretVault: Sendable {
    private struct State: ~Copyable {
        var table = LiteralTable()
        var known: [[UInt8]: Int] = [:]
        var rules: [String] = []
        var rejected: Set<[UInt8]> = []
        var protected: [[UInt8]] = []
        var version = 0
    }

    /// More literals than this are counted, not applied: such an input holds no single secrets.
    private static let capacity = 20_000
    private static let longest = 4_096

    private let state = Mutex(State())
    private let published = Atomic<Int>(0)

    public init() {}

    /// Remembers a certain secret. Values that are too short, words, dates, addresses or protected names are counted only.
    public func learn(_ value: [UInt8], rule: String) {
        guard !value.isEmpty, !Marker.isMarker(value) else { return }
        let isSecret =
            value.count >= LearnedLiteral.shortest && value.count <= Self.longest && !Commonness.isCommon(value)
        state.withLock { state in
            guard state.known[value] == nil, !state.rejected.contains(value) else { return }
            guard isSecret, state.table.literals.count < Self.capacity, !Self.isProtected(value, by: state.protected)
            else {
                if state.rejected.count < Self.capacity { state.rejected.insert(value) }
                return
            }
            state.known[value] = state.table.literals.count
            state.table.add(LearnedLiteral(rule: rule, value: value))
            state.version += 1
            published.store(state.version, ordering: .releasing)
        }
    }

    /// Names that must survive: organisation, environment, proxy, host, alias, message id, distinguished name, serial
    /// number, fault code. A learned value that is part of one, in either case of letters, is no longer applied.
    public func protect(_ names: [String]) {
        state.withLock { state in
            state.protected += names.map { Array($0.utf8).map(\.lowercased) }.filter { !$0.isEmpty }
            let old = state.table.literals
            let kept = old.filter { !Self.isProtected($0.value, by: state.protected) }
            guard kept.count < old.count else { return }
            var table = LiteralTable()
            state.known = [:]
            for (index, literal) in kept.enumerated() {
                table.add(literal)
                state.known[literal.value] = index
            }
            for literal in old where state.known[literal.value] == nil { state.rejected.insert(literal.value) }
            state.table = table
            state.version += 1
            published.store(state.version, ordering: .releasing)
        }
    }

    /// How many literals are looked for.
    public var count: Int { state.withLock { $0.table.literals.count } }

    /// How many certain secrets are too common to be looked for elsewhere; in their own place they were removed.
    public var notAppliedCount: Int { state.withLock { $0.rejected.count } }

    /// What is looked for, in the order it was learned. Handle with care: the values are the secrets.
    public func literals() -> [LearnedLiteral] { state.withLock { $0.table.literals } }

    /// The table, if it changed since `version`.
    func table(since version: Int) -> (table: LiteralTable, version: Int)? {
        guard published.load(ordering: .acquiring) != version else { return nil }
        return state.withLock { ($0.table, $0.version) }
    }

    private static func isProtected(_ value: [UInt8], by names: [[UInt8]]) -> Bool {
        let lower = value.map(\.lowercased)
        return names.contains { contains($0, lower) }
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
