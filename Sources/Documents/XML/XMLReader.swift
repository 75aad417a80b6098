internal import CExpat

/// Takes what a reader finds, in document order. What it throws ends the reading.
public protocol XMLHandler: AnyObject {
    func start(_ name: String, attributes: [XMLAttribute], line: Int) throws(DocumentError)
    /// Character data; one run of text may come in several calls.
    func text(_ text: String, line: Int) throws(DocumentError)
    func end(_ name: String, line: Int) throws(DocumentError)
}

/// A streaming reader over libexpat for documents of any size: `feed` blocks as they come, then `finish`.
///
/// The depth is bounded, entity declarations and unknown entities are refused, external entities are never read.
/// Encodings: UTF-8, UTF-16, ISO-8859-1 and US-ASCII, as the document declares.
@safe
public final class XMLReader {
    private let parser: XML_Parser
    private let state: XMLReaderState
    private let limits: DocumentLimits
    private var bytes = 0

    /// `limits.maxBytes` bounds the whole document, `limits.maxDepth` its nesting; `limits.maxNodes` is the handler's.
    public init(name: String, limits: DocumentLimits = .xml, handler: any XMLHandler) throws(DocumentError) {
        guard let parser = unsafe XML_ParserCreate(nil) else {
            throw DocumentError(.limit, in: name, reason: "no memory for an XML reader")
        }
        unsafe self.parser = unsafe parser
        self.limits = limits
        state = unsafe XMLReaderState(name: name, maxDepth: limits.maxDepth, handler: handler, parser: parser)
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        unsafe XMLCallbacks.install(on: parser)
    }

    deinit { unsafe XML_ParserFree(parser) }

    public func feed(_ block: [UInt8]) throws(DocumentError) { try parse(block, last: false) }

    /// Ends the document; what is still open is an error.
    public func finish() throws(DocumentError) { try parse([], last: true) }

    private func parse(_ block: [UInt8], last: Bool) throws(DocumentError) {
        if let failure = state.failure { throw failure }
        let (total, overflow) = bytes.addingReportingOverflow(block.count)
        guard !overflow, total <= limits.maxBytes, let length = Int32(exactly: block.count) else {
            throw DocumentError(
                .limit, in: state.name, line: state.line, reason: "bigger than \(limits.maxBytes) bytes")
        }
        bytes = total
        // A handler may drop the last reference to this reader while expat is still in it.
        defer { withExtendedLifetime(self) {} }
        let status = unsafe block.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe XML_Parse(parser, text.baseAddress, length, last ? 1 : 0)
            }
        }
        if let failure = state.failure { throw failure }
        guard status != XML_STATUS_ERROR else {
            let failure = expatFailure()
            state.failure = failure
            throw failure
        }
    }

    private func expatFailure() -> DocumentError {
        let code = unsafe XML_GetErrorCode(parser)
        let reason = unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "not valid XML"
        let column = unsafe Int(clamping: XML_GetCurrentColumnNumber(parser))
        let kind: DocumentError.Code =
            switch code {
            case XML_ERROR_NO_MEMORY, XML_ERROR_AMPLIFICATION_LIMIT_BREACH: .limit
            case XML_ERROR_UNKNOWN_ENCODING, XML_ERROR_INCORRECT_ENCODING: .encoding
            case XML_ERROR_UNDEFINED_ENTITY: .refused
            default: .syntax
            }
        return DocumentError(kind, in: state.name, line: state.line, column: column + 1, reason: reason)
    }
}
