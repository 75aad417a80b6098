/// An HTML page with holes: a small part of Mustache, escaping by default.
///
/// `{{name}}` is escaped text, `{{{name}}}` takes `SafeMarkup` alone, `{{#name}}…{{/name}}` is a section (a list
/// repeats it, a record becomes its context), `{{^name}}…{{/name}}` its inverse, `{{>name}}` a partial, `{{! … }}` a
/// comment. Names may be dotted; `.` is the current value. A name that is not there is an error in `{{name}}`, so that
/// a misspelt template fails in its test, and nothing in sections. A line that holds one section tag or comment alone
/// is left out.
public struct PageTemplate: Sendable {
    indirect enum Part: Sendable {
        case text(String)
        case value(Reference)
        case markup(Reference)
        case section(Reference, [Part])
        case inverted(Reference, [Part])
        case partial(String)
    }

    struct Reference: Sendable {
        /// Empty for `.`, the current value.
        let path: [String]
        let line: Int
    }

    private let name: String
    private let parts: [Part]
    private let partials: [String: [Part]]

    /// - Throws: `DocumentError` with the line, for a template that is not well formed or uses an unknown partial.
    public init(
        parsing bytes: [UInt8], name: String, partials: [String: [UInt8]] = [:]
    ) throws(DocumentError) {
        self.name = name
        parts = try PageTemplateParser.parse(bytes, name: name, partials: Set(partials.keys))
        var parsed: [String: [Part]] = [:]
        for (key, bytes) in partials {
            parsed[key] = try PageTemplateParser.parse(bytes, name: "\(name)/\(key)", partials: Set(partials.keys))
        }
        self.partials = parsed
    }

    /// The page.
    /// - Throws: `DocumentError` with `value` where a name is missing or has a value of the wrong kind, and with `limit`
    ///   where the page would be bigger than `maxBytes`.
    public func render(_ values: PageValue, maxBytes: Int = 16 << 20) throws(DocumentError) -> [UInt8] {
        var run = PageRun(name: name, partials: partials, maxBytes: maxBytes)
        try run.write(parts, in: [values], depth: 0)
        return run.output
    }
}

/// One rendering.
private struct PageRun {
    private static let maxDepth = 32
    let name: String
    let partials: [String: [PageTemplate.Part]]
    let maxBytes: Int
    private(set) var output: [UInt8] = []

    init(name: String, partials: [String: [PageTemplate.Part]], maxBytes: Int) {
        self.name = name
        self.partials = partials
        self.maxBytes = maxBytes
    }

    mutating func write(
        _ parts: [PageTemplate.Part], in context: [PageValue], depth: Int
    ) throws(DocumentError) {
        guard depth <= Self.maxDepth else { throw DocumentError(.limit, in: name, reason: "partials nest too deep") }
        for part in parts {
            switch part {
            case .text(let text):
                try put(text)
            case .value(let reference):
                try put(try text(of: reference, in: context))
            case .markup(let reference):
                guard case .markup(let markup) = look(up: reference, in: context) else {
                    throw error(reference, "is no markup, and only markup may go into a page as it is")
                }
                try put(markup.html)
            case .section(let reference, let inner):
                guard let value = look(up: reference, in: context), value.isShown else { continue }
                for element in elements(of: value) {
                    try write(inner, in: element.map { context + [$0] } ?? context, depth: depth + 1)
                }
            case .inverted(let reference, let inner):
                if let value = look(up: reference, in: context), value.isShown { continue }
                try write(inner, in: context, depth: depth + 1)
            case .partial(let key):
                try write(partials[key] ?? [], in: context, depth: depth + 1)
            }
        }
    }

    /// What a section is written for: each element of a list, a record or text once, a flag once without a new context.
    private func elements(of value: PageValue) -> [PageValue?] {
        switch value {
        case .list(let values): values
        case .flag: [nil]
        default: [value]
        }
    }

    private func text(of reference: PageTemplate.Reference, in context: [PageValue]) throws(DocumentError) -> String {
        switch look(up: reference, in: context) {
        case .text(let text): return HTML.escaped(text)
        case .markup(let markup): return markup.html
        case .number(let number): return String(number)
        case .flag, .list, .record: throw error(reference, "is no text")
        case nil: throw error(reference, "has no value")
        }
    }

    private func look(up reference: PageTemplate.Reference, in context: [PageValue]) -> PageValue? {
        guard let first = reference.path.first else { return context.last }
        for value in context.reversed() {
            guard case .record(let fields) = value, var found = fields[first] else { continue }
            for name in reference.path.dropFirst() {
                guard case .record(let inner) = found, let next = inner[name] else { return nil }
                found = next
            }
            return found
        }
        return nil
    }

    private mutating func put(_ text: String) throws(DocumentError) {
        guard output.count + text.utf8.count <= maxBytes else {
            throw DocumentError(.limit, in: name, reason: "the page would be bigger than \(maxBytes) bytes")
        }
        output += text.utf8
    }

    private func error(_ reference: PageTemplate.Reference, _ reason: String) -> DocumentError {
        let path = reference.path.isEmpty ? "." : reference.path.joined(separator: ".")
        return DocumentError(.value, in: name, line: reference.line, reason: "'\(path)' \(reason)")
    }
}
