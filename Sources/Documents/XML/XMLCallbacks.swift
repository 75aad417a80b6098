internal import CExpat

/// What expat's callbacks work on. Lives as long as its reader, which owns both it and the parser.
@safe
final class XMLReaderState {
    let name: String
    private let maxDepth: Int
    private let handler: any XMLHandler
    private let parser: XML_Parser
    private var depth = 0
    /// The first failure; after it nothing more is handed on.
    var failure: DocumentError?

    init(name: String, maxDepth: Int, handler: any XMLHandler, parser: XML_Parser) {
        self.name = name
        self.maxDepth = maxDepth
        self.handler = handler
        unsafe self.parser = unsafe parser
    }

    var line: Int { unsafe Int(clamping: XML_GetCurrentLineNumber(parser)) }

    func start(_ element: String, _ attributes: [XMLAttribute]) {
        depth += 1
        guard depth <= maxDepth else {
            return stop(DocumentError(.limit, in: name, line: line, reason: "nested deeper than \(maxDepth) levels"))
        }
        attempt { handler throws(DocumentError) in
            try handler.start(element, attributes: attributes, line: line)
        }
    }

    func end(_ element: String) {
        depth -= 1
        attempt { handler throws(DocumentError) in try handler.end(element, line: line) }
    }

    func text(_ text: String) {
        attempt { handler throws(DocumentError) in try handler.text(text, line: line) }
    }

    func refuse(_ reason: String) {
        stop(DocumentError(.refused, in: name, line: line, reason: reason))
    }

    private func attempt(_ body: (any XMLHandler) throws(DocumentError) -> Void) {
        guard failure == nil else { return }
        do { try body(handler) } catch { stop(error) }
    }

    private func stop(_ error: DocumentError) {
        guard failure == nil else { return }
        failure = error
        _ = unsafe XML_StopParser(parser, 0)
    }
}

/// The C functions that expat calls.
enum XMLCallbacks {
    static func install(on parser: XML_Parser) {
        unsafe XML_SetElementHandler(
            parser,
            { context, name, attributes in
                guard let state = unsafe XMLCallbacks.state(context), let name = unsafe name else { return }
                unsafe state.start(String(cString: name), XMLCallbacks.attributes(attributes))
            },
            { context, name in
                guard let state = unsafe XMLCallbacks.state(context), let name = unsafe name else { return }
                unsafe state.end(String(cString: name))
            })
        unsafe XML_SetCharacterDataHandler(parser) { context, text, length in
            guard let state = unsafe XMLCallbacks.state(context), let text = unsafe text, length > 0 else { return }
            let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(length))
            unsafe state.text(String(decoding: bytes, as: UTF8.self))
        }
        unsafe XML_SetEntityDeclHandler(parser) { context, _, _, _, _, _, _, _, _ in
            unsafe XMLCallbacks.state(context)?.refuse("entity declarations are refused")
        }
        unsafe XML_SetSkippedEntityHandler(parser) { context, _, _ in
            unsafe XMLCallbacks.state(context)?.refuse("an entity that is not declared here is used")
        }
    }

    private static func state(_ context: UnsafeMutableRawPointer?) -> XMLReaderState? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<XMLReaderState>.fromOpaque(context).takeUnretainedValue()
    }

    /// Names and values in turn, up to a null pointer.
    private static func attributes(
        _ list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) -> [XMLAttribute] {
        guard var list = unsafe list else { return [] }
        var attributes: [XMLAttribute] = []
        while let name = unsafe list[0], let value = unsafe list[1] {
            unsafe attributes.append(XMLAttribute(name: String(cString: name), value: String(cString: value)))
            unsafe list += 2
        }
        return attributes
    }
}
