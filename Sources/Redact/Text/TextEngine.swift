/// Redacts one text as it streams by, in bounded memory.
///
/// An anchor is judged when enough bytes after it are there, and always within the same window around it; what is found
/// changes only what comes after. So the result depends on the bytes alone, not on how they were cut into chunks.
final class TextEngine {
    /// How far a recogniser sees, bytes before and after an anchor's end.
    static let lookback = 8 << 10
    static let lookahead = 32 << 10
    /// Bytes of a secret's end that are looked at again in the next window, so that no mark is cut in two.
    static let overlap = 64
    /// Bytes that are looked at in one go, up to the next multiple: what they teach counts in all of them.
    private static let stretch = 32 << 10

    /// Bytes that are taken in at a time.
    private static let block = 256 << 10

    /// What an engine looks for.
    enum Mode {
        /// The rules, and what they and others learned so far.
        case rules
        /// The rules alone: a second pass looks for all that is learned.
        case rulesAlone
        /// Learned literals only: the second pass.
        case literals
    }

    /// A list of names and values that goes on: where, how many brackets deep, and which rule found it.
    struct EntryList {
        var position: Int
        var depth: Int
        let rule: Int
    }

    let redactor: Redactor
    let rules: RuleSet
    let vault: SecretVault
    private let fingerprint: Fingerprint
    let format: ContentFormat
    let mode: Mode
    /// How many codings that readers can't see through lie around this text.
    let depth: Int
    /// All that lies around it: codings, escapes and containers.
    let nest: Nest
    /// How much may still be decoded for the sake of one run.
    let budget: LookBudget?

    let buffer = InputBuffer()
    var position = 0
    /// Anchors that begin before it belong to what was read in one piece.
    private var floor = 0
    private var hits: [AnchorAutomaton.Hit] = []
    var literalPosition = 0
    var cardPosition = 0
    /// A public block, such as a certificate, in which nothing is a secret.
    var shield = 0..<0
    /// Runs and escapes before these were looked at.
    var codedUntil = 0
    var escapedUntil = 0
    private(set) var swallow: Swallow?
    private var entriesUntil = 0
    private var entries: EntryList?
    var queue: SpanQueue
    private var codes = CodeCache()
    let names: NameCache

    /// - Parameters:
    ///   - budget: of the run whose decoded text this is.
    ///   - names: what another engine of the same rules judged of names.
    init(
        redactor: Redactor, format: ContentFormat, mode: Mode, depth: Int = 0, nest: Nest, budget: LookBudget? = nil,
        names: NameCache = NameCache(), keepsPlaces: Bool = false
    ) {
        self.redactor = redactor
        rules = redactor.rules
        vault = redactor.vault
        fingerprint = redactor.fingerprint
        self.format = format
        self.mode = mode
        self.depth = depth
        self.nest = nest
        self.budget = budget
        self.names = names
        queue = SpanQueue(keepsPlaces: keepsPlaces, rules: rules.ids)
    }

    var findings: [String: Int] { queue.findings }
    var places: [SpanQueue.Place] { queue.places }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            buffer.append(rest.prefix(Self.block))
            rest = rest.dropFirst(Self.block)
            if buffer.end - position >= Self.lookahead + Self.stretch { process(isEnd: false, to: &out) }
        }
    }

    func finish(to out: inout [UInt8]) {
        process(isEnd: true, to: &out)
    }

    private func process(isEnd: Bool, to out: inout [UInt8]) {
        let end = buffer.end
        let limit = isEnd ? end : max(position, end - Self.lookahead)
        while true {
            if swallow != nil {
                guard isEnd || end - position >= Self.lookahead else { break }
                goOnSwallowing(isEnd: isEnd)
                continue
            }
            let whole = (position / Self.stretch + 1) * Self.stretch
            guard position < limit, isEnd || whole <= limit else { break }
            let stop = min(limit, whole)
            switch mode {
            case .rules, .rulesAlone: findAnchors(upTo: stop, isEnd: isEnd)
            case .literals: findCoded(upTo: stop, isEnd: isEnd)
            }
            // A secret that goes on behind its window: what follows is looked at from its end on.
            if swallow != nil { continue }
            search(upTo: stop)
            position = max(position, stop)
        }
        let boundary = isEnd ? end : max(queue.written, position - Self.lookback)
        queue.write(upTo: boundary, from: buffer.window(buffer.base, end, isEnd: isEnd), to: &out)
        buffer.drop(before: min(queue.written, position - Self.lookback, literalPosition) - Self.overlap)
    }

    /// Looks for what has no anchors in all that comes before `end`.
    private func search(upTo end: Int) {
        if mode == .rulesAlone { literalPosition = max(literalPosition, end) } else { findLiterals(upTo: end) }
        if mode != .literals { findCards(upTo: end) }
    }

    func window(at place: Int, isEnd: Bool) -> Window {
        let upper = place + Self.lookahead
        return buffer.window(place - Self.lookback, upper, isEnd: isEnd && upper > buffer.end)
    }

    // MARK: - Anchors

    private func findAnchors(upTo stop: Int, isEnd: Bool) {
        let first = max(buffer.base, floor, position - rules.automaton.longest)
        hits.removeAll(keepingCapacity: true)
        unsafe rules.automaton.scan(buffer.bytes(first..<stop), from: position - first, hits: &hits)
        let runs = runs(upTo: stop)
        var (index, run) = (0, 0)
        while true {
            // What comes first is read first; at one place runs come before anchors, and a list that goes on comes last.
            let place = index < hits.count ? first + hits[index].end : stop
            if run < runs.count, runs[run] <= place, runs[run] < entries?.position ?? .max {
                position = max(position, runs[run])
                inspectRun(at: runs[run], isEnd: isEnd)
                run += 1
            } else if let list = entries, list.position < place || (index == hits.count && list.position <= stop) {
                position = max(position, list.position)
                goOnWithEntries(list, isEnd: isEnd)
            } else if index < hits.count {
                let hit = hits[index]
                index += 1
                position = place
                let window = window(at: place, isEnd: isEnd)
                var found = Int.min
                for target in rules.automaton.outputs(of: hit) where swallow == nil {
                    found = max(found, inspect(Int(target), in: window, above: found))
                }
            } else {
                break
            }
            if swallow != nil { return }
        }
        position = stop
    }

    /// - Parameter known: the priority of what another rule found for certain at the same anchor; a rule for names that has
    ///   no more says nothing new.
    /// - Returns: the priority of what this one found for certain.
    private func inspect(_ target: Int, in window: Window, above known: Int) -> Int {
        let anchor = rules.targets[target]
        let start = position - anchor.length
        guard start >= floor, anchor.guardian.admits(window, start, position) else { return .min }
        if case .name = anchor.guardian, rules.rules[anchor.rule].priority <= known { return .min }
        let inspector = Inspector(rules: rules, window: window, format: format, depth: depth, names: names)
        switch rules.rules[anchor.rule].kind {
        case .pem:
            if let end = inspector.publicBlockEnd(start: start) {
                search(upTo: position)
                shield = start..<max(start, end)
                return .min
            }
        case .entries:
            if entries == nil, position > entriesUntil, let first = inspector.entryList(end: position) {
                entries = EntryList(position: first, depth: 0, rule: anchor.rule)
            }
        case .encoded:
            if !window[start].isAlphanumeric {
                inspectEscapes(at: start, in: window)
            } else {
                inspectRun(around: start, in: window)
            }
            return .min
        case .hexDump:
            inspectHexDump(around: start, in: window)
            return .min
        default: break
        }
        var found = Int.min
        for discovery in inspector.inspect(target: target, end: position) {
            if discovery.isCertain { found = rules.rules[anchor.rule].priority }
            accept(discovery)
        }
        return found
    }

    func accept(_ discovery: Discovery) {
        guard !shield.contains(discovery.start), discovery.end > discovery.start, swallow == nil else { return }
        let rule = rules.rules[discovery.rule]
        if discovery.isCertain {
            learn(discovery.value, rule: rule.id)
            for value in discovery.alsoLearn { learn(value, rule: rule.id) }
        }
        queue.add(
            SpanQueue.Span(
                start: discovery.start, end: discovery.end, rule: discovery.rule, priority: rule.priority,
                code: codes.code(of: discovery.value, by: fingerprint), quote: discovery.quote, isSoft: rule.isSoft))
        if let open = discovery.swallow { startSwallowing(open, from: discovery.end) }
    }

    /// The secret that ends at `end` goes on behind its window.
    func startSwallowing(_ open: Swallow, from end: Int) {
        search(upTo: position)
        swallow = open
        resume(at: max(position, end - Self.overlap))
    }

    private func learn(_ value: [UInt8], rule: String) {
        vault.learn(value, rule: rule)
        if value.contains(.percent) { vault.learn(Escapes.undoPercent(value), rule: rule) }
    }

    /// Goes on behind what was read in one piece.
    private func resume(at place: Int) {
        position = place
        floor = place
        literalPosition = max(literalPosition, place)
        cardPosition = max(cardPosition, place)
    }

    private func goOnSwallowing(isEnd: Bool) {
        guard let open = swallow else { return }
        let end = buffer.end
        let upper = min(end, position + Self.lookahead)
        let window = buffer.window(position, upper, isEnd: isEnd && position + Self.lookahead > end)
        let stop: Int
        if let found = open.end(in: window, from: position) {
            stop = found
            swallow = nil
        } else if isEnd, upper == end {
            stop = end
            swallow = nil
        } else {
            stop = max(position + 1, upper - Self.overlap)
        }
        queue.add(SpanQueue.Span(start: position, end: stop, rule: 0, priority: 0, code: nil))
        resume(at: stop)
        if swallow == nil, let list = entries {
            // Behind the closing mark of the value that was swallowed.
            let mark = if case .quote(let quote, _) = open { quote.bytes.count } else { 0 }
            entries?.position = max(list.position, stop + mark)
        }
    }

    private func goOnWithEntries(_ list: EntryList, isEnd: Bool) {
        let inspector = Inspector(
            rules: rules, window: window(at: position, isEnd: isEnd), format: format, depth: depth,
            names: names)
        let walk = inspector.walkEntries(from: position, depth: list.depth, rule: list.rule)
        entries = walk.depth.map { EntryList(position: walk.end, depth: $0, rule: list.rule) }
        entriesUntil = walk.end
        for discovery in walk.found { accept(discovery) }
    }

    /// A span of a secret that is known for other reasons than a rule of this engine.
    func add(_ range: Range<Int>, rule: String, value: [UInt8]) {
        queue.add(
            SpanQueue.Span(
                start: range.lowerBound, end: range.upperBound, rule: queue.number(of: rule), priority: 1,
                code: codes.code(of: value, by: fingerprint)))
    }
}
