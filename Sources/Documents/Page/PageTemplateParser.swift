/// Reads the text of a `PageTemplate`.
struct PageTemplateParser {
    private static let maxDepth = 24
    private let name: String
    private let partials: Set<String>
    private var rest: Substring
    private var line = 1
    /// Whether only blanks stand between the last line end and the reader.
    private var lineIsBlank = true

    /// What ends a list of parts.
    private enum End: Equatable {
        case ofText
        case section(String)
    }

    private enum Tag {
        case value(String), markup(String), open(String), inverted(String), close(String), partial(String), comment
    }

    static func parse(
        _ bytes: [UInt8], name: String, partials: Set<String>
    ) throws(DocumentError) -> [PageTemplate.Part] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(.encoding, in: name, reason: "not valid UTF-8")
        }
        var parser = PageTemplateParser(text: text[...], name: name, partials: partials)
        return try parser.parts(until: .ofText, depth: 0)
    }

    private init(text: Substring, name: String, partials: Set<String>) {
        self.name = name
        self.partials = partials
        rest = text
    }

    private mutating func parts(until end: End, depth: Int) throws(DocumentError) -> [PageTemplate.Part] {
        guard depth <= Self.maxDepth else { throw error("sections nest too deep") }
        var parts: [PageTemplate.Part] = []
        let opened = line
        while true {
            var before = takeText()
            guard !rest.isEmpty else {
                if !before.isEmpty { parts.append(.text(String(before))) }
                guard case .section(let name) = end else { return parts }
                throw DocumentError(
                    .syntax, in: self.name, line: opened, reason: "the section '\(name)' is not closed")
            }
            let at = line
            let tag = try takeTag()
            if standsAlone(tag, after: before) {
                while before.last == " " || before.last == "\t" { before.removeLast() }
                skipLineEnd()
            }
            if !before.isEmpty { parts.append(.text(String(before))) }
            switch tag {
            case .comment: continue
            case .value(let name): parts.append(.value(try reference(name, at)))
            case .markup(let name): parts.append(.markup(try reference(name, at)))
            case .open(let name):
                parts.append(.section(try reference(name, at), try self.parts(until: .section(name), depth: depth + 1)))
            case .inverted(let name):
                parts.append(
                    .inverted(try reference(name, at), try self.parts(until: .section(name), depth: depth + 1)))
            case .partial(let name):
                guard partials.contains(name) else { throw error("there is no partial '\(name)'") }
                parts.append(.partial(name))
            case .close(let name):
                guard end == .section(name) else { throw error("the section '\(name)' is not open here") }
                return parts
            }
        }
    }

    /// The text up to the next tag.
    private mutating func takeText() -> Substring {
        let start = rest
        while let character = rest.first {
            if rest.hasPrefix("{{") { break }
            if character.isNewline {
                line += 1
                lineIsBlank = true
            } else if character != " " && character != "\t" {
                lineIsBlank = false
            }
            rest.removeFirst()
        }
        return start[..<rest.startIndex]
    }

    private mutating func takeTag() throws(DocumentError) -> Tag {
        let triple = rest.hasPrefix("{{{")
        let closing = triple ? "}}}" : "}}"
        rest.removeFirst(triple ? 3 : 2)
        var body = ""
        while !rest.hasPrefix(closing) {
            guard let character = rest.popFirst() else { throw error("a tag is not closed") }
            if character.isNewline { line += 1 }
            body.append(character)
        }
        rest.removeFirst(closing.count)
        if triple { return .markup(trimmed(body[...])) }
        let inner = trimmed(body.dropFirst())
        switch body.first {
        case "#": return .open(inner)
        case "^": return .inverted(inner)
        case "/": return .close(inner)
        case ">": return .partial(inner)
        case "!": return .comment
        default: return .value(trimmed(body[...]))
        }
    }

    /// A section tag or comment with nothing else on its line.
    private mutating func standsAlone(_ tag: Tag, after before: Substring) -> Bool {
        let blankBefore = lineIsBlank
        lineIsBlank = false
        switch tag {
        case .value, .markup, .partial: return false
        case .open, .inverted, .close, .comment: break
        }
        let behind = rest.drop { $0 == " " || $0 == "\t" }
        return blankBefore && (behind.isEmpty || behind.first?.isNewline == true)
    }

    private mutating func skipLineEnd() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.first?.isNewline == true else { return }
        rest.removeFirst()
        line += 1
        lineIsBlank = true
    }

    private func reference(_ name: String, _ line: Int) throws(DocumentError) -> PageTemplate.Reference {
        if name == "." { return PageTemplate.Reference(path: [], line: line) }
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
        let wellFormed = path.allSatisfy { part in
            !part.isEmpty
                && part.unicodeScalars.allSatisfy {
                    $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
                }
        }
        guard wellFormed else { throw error("'\(TerminalText.harmless(name, maxColumns: 40))' is no name") }
        return PageTemplate.Reference(path: path, line: line)
    }

    private func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    private func error(_ reason: String) -> DocumentError {
        DocumentError(.syntax, in: name, line: line, reason: reason)
    }
}
