/// Makes nodes of events, within the limits.
struct YAMLBuilder {
    let name: String
    let limits: DocumentLimits
    private var nodes = 0

    init(name: String, limits: DocumentLimits) {
        self.name = name
        self.limits = limits
    }

    mutating func document(from events: YAMLEvents) throws(DocumentError) -> YAMLNode {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .end:
                return root ?? YAMLNode(content: .scalar("", .plain), line: 1, column: 1)
            case .documentStart where root != nil:
                throw error(.refused, "a second document begins", at: event, hint: "one file holds one document")
            case .documentStart:
                root = try node(from: events.next(), events, depth: 1)
            default:
                continue
            }
        }
    }

    private mutating func node(
        from event: YAMLEvent, _ events: YAMLEvents, depth: Int
    ) throws(DocumentError) -> YAMLNode {
        nodes += 1
        guard nodes <= limits.maxNodes else { throw error(.limit, "more than \(limits.maxNodes) nodes", at: event) }
        guard depth <= limits.maxDepth else {
            throw error(.limit, "nested deeper than \(limits.maxDepth) levels", at: event)
        }
        let hint = "write the value out where it is needed"
        guard !event.anchored else { throw error(.refused, "anchors are not supported", at: event, hint: hint) }
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let style):
            content = .scalar(text, try styleAfterTag(event, style))
        case .sequenceStart:
            try refuseTag(event)
            content = .sequence(try elements(events, depth: depth))
        case .mappingStart:
            try refuseTag(event)
            content = .mapping(try pairs(events, depth: depth))
        case .alias:
            throw error(.refused, "aliases are not supported", at: event, hint: hint)
        default:
            throw error(.syntax, "a value is expected", at: event)
        }
        return YAMLNode(content: content, line: event.line, column: event.column)
    }

    private mutating func elements(_ events: YAMLEvents, depth: Int) throws(DocumentError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(from: event, events, depth: depth + 1))
        }
    }

    private mutating func pairs(
        _ events: YAMLEvents, depth: Int
    ) throws(DocumentError) -> [(key: YAMLNode, value: YAMLNode)] {
        var pairs: [(key: YAMLNode, value: YAMLNode)] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return pairs }
            let key = try node(from: event, events, depth: depth + 1)
            guard let text = key.scalar else { throw error(.refused, "a key must be a word", at: event) }
            if let line = lines.updateValue(key.line, forKey: text) {
                let shown = TerminalText.harmless(text, maxColumns: 60)
                throw error(.duplicateKey, "the key '\(shown)' appears again, first in line \(line)", at: event)
            }
            pairs.append((key, try node(from: events.next(), events, depth: depth + 1)))
        }
    }

    /// `!!str` and `!` make a plain scalar a string, as quotes do.
    private func styleAfterTag(_ event: YAMLEvent, _ style: YAMLNode.Style) throws(DocumentError) -> YAMLNode.Style {
        switch event.tag {
        case nil: return style
        case "tag:yaml.org,2002:str", "!": return style == .plain ? .quoted : style
        default: throw error(.refused, "tags are not supported", at: event)
        }
    }

    private func refuseTag(_ event: YAMLEvent) throws(DocumentError) {
        guard event.tag == nil else { throw error(.refused, "tags are not supported", at: event) }
    }

    private func error(
        _ code: DocumentError.Code, _ reason: String, at event: YAMLEvent, hint: String? = nil
    ) -> DocumentError {
        DocumentError(code, in: name, line: event.line, column: event.column, reason: reason, hint: hint)
    }
}
