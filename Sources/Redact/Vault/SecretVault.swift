internal import Synchronization

/// The secrets that are known for certain, shared by all streams of a run. It lives in memory only.
public final class SecretVault: Sendable {
    private struct State: ~Copyable {
        var index = LiteralIndex()
        /// Which rule found each literal, as a place in `rules`.
        var ruleOf: [Int32] = []
        var rules: [String] = []
        /// Slots of the hash table of all values: 1 + index of the literal, or 0.
        var known = [UInt32](repeating: 0, count: 1 << 8)
        /// Hashes of certain secrets that are not looked for.
        var rejected: Set<UInt64> = []
        var protected: [[UInt8]] = []
    }

    private static let longest = 4_096
    private static let rejectedLimit = 1 << 16

    private let state = Mutex(State())
    private let published = Atomic<Int>(0)
    private let seed = UInt64.random(in: .min ... .max) | 1

    public init() {}

    /// Remembers a certain secret. Values that are too short, words, dates, addresses or protected names are counted only.
    public func learn(_ value: [UInt8], rule: String) {
        guard !value.isEmpty, !Marker.isMarker(value) else { return }
        let hash = hash(value)
        state.withLock { state in
            // An input with so many has no single secrets: nothing more is kept or counted.
            if state.index.count >= LiteralIndex.capacity, state.rejected.count >= Self.rejectedLimit { return }
            guard Self.find(value, hash, state) == nil, !state.rejected.contains(hash) else { return }
            let isSecret =
                value.count >= LiteralIndex.shortest && value.count <= Self.longest && !Commonness.isCommon(value)
                && !Self.isProtected(value, by: state.protected)
            guard isSecret, state.index.add(value) else {
                if state.rejected.count < Self.rejectedLimit { state.rejected.insert(hash) }
                return
            }
            add(value, hash, rule, &state)
            published.store(state.index.count, ordering: .releasing)
        }
    }

    private func add(_ value: [UInt8], _ hash: UInt64, _ rule: String, _ state: inout State) {
        if !state.rules.contains(rule) { state.rules.append(rule) }
        state.ruleOf.append(Int32(state.rules.firstIndex(of: rule) ?? 0))
        if state.ruleOf.count * 2 > state.known.count {
            state.known = [UInt32](repeating: 0, count: state.known.count * 4)
            for literal in 0..<state.index.count {
                Self.enter(literal, self.hash(Array(state.index.value(literal))), &state.known)
            }
        } else {
            Self.enter(state.index.count - 1, hash, &state.known)
        }
    }

    /// Names that must survive: organisation, environment, proxy, host, alias, message id, distinguished name, serial
    /// number, fault code. A learned value that is part of one, in either case of letters, is no longer applied.
    public func protect(_ names: [String]) {
        state.withLock { state in
            state.protected += names.map { Array($0.utf8).map(\.lowercased) }.filter { !$0.isEmpty }
            let old = (0..<state.index.count).map {
                (value: Array(state.index.value($0)), rule: state.rules[Int(state.ruleOf[$0])])
            }
            let kept = old.filter { !Self.isProtected($0.value, by: state.protected) }
            guard kept.count < old.count else { return }
            for literal in old where Self.isProtected(literal.value, by: state.protected) {
                state.rejected.insert(hash(literal.value))
            }
            state.index = LiteralIndex()
            state.ruleOf = []
            state.known = [UInt32](repeating: 0, count: 1 << 8)
            for literal in kept where state.index.add(literal.value) {
                add(literal.value, hash(literal.value), literal.rule, &state)
            }
            published.store(state.index.count, ordering: .releasing)
        }
    }

    /// How many literals are looked for.
    public var count: Int { published.load(ordering: .acquiring) }

    /// How many certain secrets are too common to be looked for elsewhere; in their own place they were removed.
    public var notAppliedCount: Int { state.withLock { $0.rejected.count } }

    /// What is looked for, in the order it was learned. Handle with care: the values are the secrets.
    public func literals() -> [LearnedLiteral] {
        state.withLock { state in
            (0..<state.index.count).map {
                LearnedLiteral(rule: state.rules[Int(state.ruleOf[$0])], value: Array(state.index.value($0)))
            }
        }
    }

    /// A literal in a text.
    struct Match {
        let start: Int
        let end: Int
        let isBase64: Bool
    }

    /// Calls `body` with what ``LiteralIndex/forEachMatch(in:base:from:to:_:)`` finds, and with the way to the literal.
    func forEachMatch(
        in bytes: UnsafeBufferPointer<UInt8>, base: Int = 0, from: Int, to: Int,
        _ body: (Match, () -> LearnedLiteral) -> Int
    ) {
        guard count > 0 else { return }
        // The search is short; the pointer does not outlive it.
        nonisolated(unsafe) let bytes = unsafe bytes
        state.withLock { state in
            unsafe state.index.forEachMatch(in: bytes, base: base, from: from, to: to) { match in
                body(Match(start: match.start, end: match.end, isBase64: match.form.isBase64)) {
                    LearnedLiteral(
                        rule: state.rules[Int(state.ruleOf[match.literal])],
                        value: Array(state.index.value(match.literal)))
                }
            }
        }
    }

    /// Length of the longest form that is looked for.
    var longestForm: Int { state.withLock { $0.index.longest } }

    // MARK: - Values

    private func hash(_ value: [UInt8]) -> UInt64 { Hashing.hash(value, seed: seed) }

    private static func find(_ value: [UInt8], _ hash: UInt64, _ state: borrowing State) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & (state.known.count - 1)
        while state.known[slot] != 0 {
            let literal = Int(state.known[slot]) - 1
            if state.index.isValue(literal, value) { return literal }
            slot = (slot + 1) & (state.known.count - 1)
        }
        return nil
    }

    private static func enter(_ literal: Int, _ hash: UInt64, _ known: inout [UInt32]) {
        var slot = Int(truncatingIfNeeded: hash) & (known.count - 1)
        while known[slot] != 0 { slot = (slot + 1) & (known.count - 1) }
        known[slot] = UInt32(literal + 1)
    }

    private static func isProtected(_ value: [UInt8], by names: [[UInt8]]) -> Bool {
        guard !names.isEmpty else { return false }
        let lower = value.map(\.lowercased)
        return names.contains { contains($0, lower) }
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
