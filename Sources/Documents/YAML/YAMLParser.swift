internal import CYAML

extension YAMLNode {
    /// Reads one YAML document in UTF-8.
    ///
    /// Refused: anchors and aliases (they can make a small file huge), tags but `!!str`, keys that are not scalars, and
    /// a second document. A key that appears twice in one mapping is an error. An empty file is an empty scalar.
    /// - Throws: `DocumentError` with line and column.
    public init(
        parsing bytes: [UInt8], name: String, limits: DocumentLimits = .yaml
    ) throws(DocumentError) {
        guard bytes.count <= limits.maxBytes else {
            throw DocumentError(.limit, in: name, reason: "bigger than \(limits.maxBytes) bytes")
        }
        if bytes.isEmpty {
            self.init(content: .scalar("", .plain), line: 1, column: 1)
            return
        }
        // libyaml reads the bytes while events are taken, so they must stay in place until the end.
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(DocumentError) in
                let events = try unsafe YAMLEvents(reading: buffer, name: name)
                var builder = YAMLBuilder(name: name, limits: limits)
                return try builder.document(from: events)
            }
        }
        self = try result.get()
    }
}

/// One event of libyaml, copied out of it.
struct YAMLEvent {
    enum Kind {
        case end, documentStart, sequenceStart, sequenceEnd, mappingStart, mappingEnd, alias, other
        case scalar(String, YAMLNode.Style)
    }
    let kind: Kind
    /// The node's tag, where one was written.
    let tag: String?
    let anchored: Bool
    let line: Int
    let column: Int
}

/// Owns a libyaml parser over bytes that must outlive it.
@safe
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let name: String

    init(reading buffer: UnsafeBufferPointer<UInt8>, name: String) throws(DocumentError) {
        self.name = name
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            throw DocumentError(.limit, in: name, reason: "no memory for a YAML reader")
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deinitialize(count: 1)
        unsafe parser.deallocate()
    }

    func next() throws(DocumentError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        let mark = unsafe event.start_mark
        return YAMLEvent(
            kind: unsafe kind(of: event), tag: unsafe tag(of: event), anchored: unsafe isAnchored(event),
            line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }

    private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: .end
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: unsafe scalar(event)
        default: .other
        }
    }

    private func scalar(_ event: yaml_event_t) -> YAMLEvent.Kind {
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: Int(clamping: scalar.length))
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        return switch unsafe scalar.style {
        case YAML_PLAIN_SCALAR_STYLE: .scalar(text, .plain)
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .scalar(text, .block)
        default: .scalar(text, .quoted)
        }
    }

    private func tag(of event: yaml_event_t) -> String? {
        let tag: UnsafeMutablePointer<yaml_char_t>? =
            switch unsafe event.type {
            case YAML_SCALAR_EVENT: unsafe event.data.scalar.tag
            case YAML_SEQUENCE_START_EVENT: unsafe event.data.sequence_start.tag
            case YAML_MAPPING_START_EVENT: unsafe event.data.mapping_start.tag
            default: nil
            }
        guard let tag = unsafe tag else { return nil }
        return unsafe String(cString: tag)
    }

    private func isAnchored(_ event: yaml_event_t) -> Bool {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: unsafe event.data.scalar.anchor != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.data.sequence_start.anchor != nil
        case YAML_MAPPING_START_EVENT: unsafe event.data.mapping_start.anchor != nil
        default: false
        }
    }

    private func failure() -> DocumentError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not valid YAML"
        let mark = unsafe parser.pointee.problem_mark
        switch unsafe parser.pointee.error {
        case YAML_READER_ERROR:
            let offset = unsafe parser.pointee.problem_offset
            return DocumentError(
                .encoding, in: name, line: unsafe Int(clamping: parser.pointee.mark.line) + 1,
                reason: "\(problem) at byte \(offset)", hint: "save the file as UTF-8")
        case YAML_MEMORY_ERROR:
            return DocumentError(.limit, in: name, reason: "no memory for a YAML reader")
        default:
            return DocumentError(
                .syntax, in: name, line: Int(clamping: mark.line) + 1,
                column: Int(clamping: mark.column) + 1, reason: problem)
        }
    }
}
