/// Redacts one text as it streams by, in bounded memory.
///
/// An anchor is judged when enough bytes after it are there, and always within the same window around it; what is found
/// changes only what comes after. So the result depends on the bytes alone, not on how they were cut into chunks.
final class TextEngine {
    /// How far a recogniser sees, bytes before and after an anchor's end.
    static let lookback = 8 << 10
    static let lookahead = 32 << 10
    /// Bytes of a secret's end that are looked at again in the next window, so that no mark is cut in two.
    private static let overlap = 64

    /// What an engine looks for.
    enum Mode {
        /// The rules, and what they and others learned so far.
        case rules
        /// Learned literals only: the second pass.
        case literals
    }

    private let rules: RuleSet
    private let vault: SecretVault
    private let fingerprint: Fingerprint
    private let format: ContentFormat
    private let mode: Mode
    private let depth: Int
    private let cardRule: Int?
    private let encodedRule: Int?

    private var buffer: [UInt8] = []
    private var base = 0
    private var position = 0
    private var state = AnchorAutomaton.start
    private var literalPosition = 0
    private var table = LiteralTable()
    private var tableVersion = 0
    private var cardPosition = 0
    private var shield = 0..<0
    private var encodedUntil = 0
    private var swallow: Swallow?
    private var entriesUntil = 0
    private var entries: (position: Int, depth: Int, rule: Int)?
    private var queue: SpanQueue

    init(
        rules: RuleSet, vault: SecretVault, fingerprint: Fingerprint, format: ContentFormat, mode: Mode, depth: Int = 0,
        keepsPlaces: Bool = false
    ) {
        self.rules = rules
        self.vault = vault
        self.fingerprint = fingerprint
        self.format = format
        self.mode = mode
        self.depth = depth
        queue = SpanQueue(keepsPlaces: keepsPlaces)
        cardRule = rules.rules.firstIndex { if case .card = $0.kind { true } else { false } }
        encodedRule = rules.rules.firstIndex { if case .encoded = $0.kind { true } else { false } }
    }

    var findings: [String: Int] { queue.findings }
    var places: [(position: Int, rule: String)] { queue.places }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        buffer += bytes
        if base + buffer.count - position >= Self.lookahead { process(isEnd: false, to: &out) }
    }

    func finish(to out: inout [UInt8]) {
        process(isEnd: true, to: &out)
    }

    private func process(isEnd: Bool, to out: inout [UInt8]) {
        let end = base + buffer.count
        let limit = isEnd ? end : max(position, end - Self.lookahead)
        while true {
            if swallow != nil {
                guard isEnd || end - position >= Self.lookahead else { break }
                goOnSwallowing(isEnd: isEnd)
                continue
            }
            guard position < limit else { break }
            let stop = min(limit, max(position, entries?.position ?? limit))
            let hit: Int?
            switch mode {
            case .rules: hit = rules.automaton.scan(buffer, from: position - base, to: stop - base, state: &state)
            case .literals: hit = nil
            }
            let reached = hit.map { $0 + base } ?? stop
            findLiterals(upTo: reached)
            if mode == .rules { findCards(upTo: reached) }
            position = reached
            if hit != nil {
                for target in rules.automaton.outputs(of: state) where swallow == nil { inspect(target, isEnd: isEnd) }
            } else if let list = entries, list.position <= position {
                goOnWithEntries(list, isEnd: isEnd)
            }
        }
        let boundary = isEnd ? end : max(queue.written, position - Self.lookback)
        queue.write(upTo: boundary, from: window(at: position, isEnd: isEnd, whole: true), to: &out)
        dropFront()
    }

    /// Keeps of the input only what a window may still need.
    private func dropFront() {
        let needed = min(min(queue.written, position - Self.lookback), literalPosition) - Self.overlap
        if needed - base >= 4 * Self.lookahead || needed - base > buffer.count / 2 {
            buffer.removeFirst(needed - base)
            base = needed
        }
    }

    private func window(at place: Int, isEnd: Bool, whole: Bool = false) -> Window {
        if whole { return Window(buffer, base: base, lower: base, upper: base + buffer.count, isEnd: isEnd) }
        let upper = place + Self.lookahead
        return Window(
            buffer, base: base, lower: place - Self.lookback, upper: upper, isEnd: isEnd && upper > base + buffer.count)
    }

    // MARK: - Anchors

    private func inspect(_ target: Int, isEnd: Bool) {
        let inspector = Inspector(
            rules: rules, window: window(at: position, isEnd: isEnd), format: format, depth: depth)
        let (index, anchor) = rules.targets[target]
        let start = position - anchor.literal.count
        switch rules.rules[index].kind {
        case .pem:
            if let end = inspector.publicBlockEnd(start: start) {
                shield = start..<max(start, end)
                return
            }
        case .entries:
            if entries == nil, position > entriesUntil, let first = inspector.entryList(end: position) { entries = (first, 0, index) }
        case .encoded:
            inspectEncoded(inspector, rule: index)
            return
        default: break
        }
        for discovery in inspector.inspect(target: target, end: position) { accept(discovery) }
    }

    private func accept(_ discovery: Discovery) {
        guard !shield.contains(discovery.start), discovery.end > discovery.start, swallow == nil else { return }
        let rule = rules.rules[discovery.rule]
        if discovery.isCertain {
            for value in [discovery.value] + discovery.alsoLearn { learn(value, rule: rule.id) }
        }
        let isSoft =
            switch rule.kind {
            case .email, .card: true
            default: false
            }
        let marker =
            discovery.quote + Array(fingerprint.marker(rule: rule.id, value: discovery.value).utf8) + discovery.quote
        queue.add(
            SpanQueue.Span(
                start: discovery.start, end: discovery.end, rule: rule.id, priority: rule.priority, marker: marker,
                isSoft: isSoft))
        if let open = discovery.swallow {
            swallow = open
            resume(at: max(position, discovery.end - Self.overlap))
        }
    }

    private func learn(_ value: [UInt8], rule: String) {
        vault.learn(value, rule: rule)
        if value.contains(.percent) { vault.learn(Escapes.undoPercent(value), rule: rule) }
    }

    /// Goes on behind what was read in one piece.
    private func resume(at place: Int) {
        position = place
        literalPosition = max(literalPosition, place)
        cardPosition = max(cardPosition, place)
        state = AnchorAutomaton.start
    }

    private func goOnSwallowing(isEnd: Bool) {
        guard let open = swallow else { return }
        let end = base + buffer.count
        let upper = min(end, position + Self.lookahead)
        let window = Window(
            buffer, base: base, lower: position, upper: upper, isEnd: isEnd && position + Self.lookahead > end)
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
        queue.add(SpanQueue.Span(start: position, end: stop, rule: "", priority: 0, marker: []))
        resume(at: stop)
        if swallow == nil, let list = entries {
            // Behind the closing mark of the value that was swallowed.
            let mark = if case .quote(let quote, _) = open { quote.bytes.count } else { 0 }
            entries = (max(list.position, stop + mark), list.depth, list.rule)
        }
    }

    private func goOnWithEntries(_ list: (position: Int, depth: Int, rule: Int), isEnd: Bool) {
        let inspector = Inspector(
            rules: rules, window: window(at: position, isEnd: isEnd), format: format, depth: depth)
        let walk = inspector.walkEntries(from: position, depth: list.depth, rule: list.rule)
        entries = walk.depth.map { (walk.end, $0, list.rule) }
        entriesUntil = walk.end
        for discovery in walk.found { accept(discovery) }
    }

    /// Decodes the text around a stem of an encoded key word, and looks for secrets in it.
    private func inspectEncoded(_ inspector: Inspector, rule: Int) {
        guard depth < Inspector.deepest, position > encodedUntil, !shield.contains(position),
            let run = inspector.encodedRun(around: position)
        else { return }
        encodedUntil = run.upperBound
        for skip in 0..<4 {
            let text = inspector.window.slice(run.lowerBound + skip, run.upperBound)
            let whole =
                text.last == .equals
                ? text : Array(text.prefix(text.count / 4 * 4 + (text.count % 4 == 1 ? 0 : text.count % 4)))
            guard let decoded = Base64.decode(whole), decoded.count >= 8 else { continue }
            let printable = decoded.count { $0 >= 0x20 && $0 != 0x7F || $0.isSpace }
            guard printable * 20 >= decoded.count * 19 else { continue }
            let inner = TextEngine(
                rules: rules, vault: vault, fingerprint: fingerprint, format: .text, mode: .rules, depth: depth + 1)
            var out: [UInt8] = []
            inner.append(decoded[...], to: &out)
            inner.finish(to: &out)
            guard !inner.findings.isEmpty else { continue }
            let isOpen = run.upperBound >= inspector.window.upper && !inspector.window.isEnd
            accept(
                Discovery(
                    start: run.lowerBound, end: run.upperBound, rule: rule,
                    value: inspector.window.slice(run.lowerBound, run.upperBound), swallow: isOpen ? .word : nil))
            return
        }
    }

    // MARK: - Literals and numbers

    /// Looks for learned literals that start before `end`, with those known when the scan comes to each byte.
    private func findLiterals(upTo end: Int) {
        if let fresh = vault.table(since: tableVersion) { (table, tableVersion) = fresh }
        defer { literalPosition = max(literalPosition, end) }
        guard !table.isEmpty else { return }
        var from = literalPosition
        while from < end, let hit = table.find(in: buffer, from: from - base, to: end - base) {
            let literal = table.literals[hit.form.literal]
            var start = hit.start + base
            var stop = start + hit.form.bytes.count
            from = stop
            if shield.contains(start) { continue }
            if hit.form.isEncoded {
                // The neighbours in the encoded text hold bits of the secret.
                let low = max(base, start - 4_096)
                while start > low, buffer[start - 1 - base].isBase64 { start -= 1 }
                let high = min(base + buffer.count, stop + 4_096)
                while stop < high, buffer[stop - base].isBase64 || buffer[stop - base] == .equals { stop += 1 }
                from = stop
            }
            let marker = Array(fingerprint.marker(rule: literal.rule, value: literal.value).utf8)
            queue.add(SpanQueue.Span(start: start, end: stop, rule: literal.rule, priority: 1, marker: marker))
        }
        literalPosition = max(from, end)
    }

    /// Looks for payment card numbers: each has four digits in a row, so every fourth byte is enough to find them.
    private func findCards(upTo end: Int) {
        guard let rule = cardRule else { return }
        let last = end - base
        var index = cardPosition - base + 3
        while index < last {
            guard buffer[index].isDigit else {
                index += 4
                continue
            }
            var first = index
            while first > 0, buffer[first - 1].isDigit, index - first < 20 { first -= 1 }
            let upper = min(base + buffer.count, base + first + Self.overlap)
            let around = Window(buffer, base: base, lower: base + first - Self.overlap, upper: upper, isEnd: true)
            let inspector = Inspector(rules: rules, window: around, format: format, depth: depth)
            if let card = inspector.card(start: base + first, rule: rule) {
                accept(card)
                index = card.end - base + 3
                continue
            }
            while index < last, buffer[index].isDigit { index += 1 }
            index += 3
        }
        cardPosition = max(cardPosition, end - 3)
    }
}
