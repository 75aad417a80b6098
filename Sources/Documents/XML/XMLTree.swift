extension XMLElement {
    /// Reads a whole document into a tree and returns its root element.
    ///
    /// Entity declarations are refused, and so are references to entities other than XML's own five.
    /// - Throws: `DocumentError` with the line.
    public static func parse(
        _ bytes: [UInt8], name: String = "XML", limits: DocumentLimits = .xml
    ) throws(DocumentError) -> XMLElement {
        let builder = XMLTreeBuilder(name: name, limits: limits)
        let reader = try XMLReader(name: name, limits: limits, handler: builder)
        try reader.feed(bytes)
        try reader.finish()
        guard let root = builder.root else {
            throw DocumentError(.syntax, in: name, line: 1, reason: "no element")
        }
        return root
    }
}

private final class XMLTreeBuilder: XMLHandler {
    private let name: String
    private let limits: DocumentLimits
    private var open: [XMLElement] = []
    private var nodes = 0
    private(set) var root: XMLElement?

    init(name: String, limits: DocumentLimits) {
        self.name = name
        self.limits = limits
    }

    func start(_ name: String, attributes: [XMLAttribute], line: Int) throws(DocumentError) {
        nodes += 1 + attributes.count
        guard nodes <= limits.maxNodes else {
            throw DocumentError(.limit, in: self.name, line: line, reason: "more than \(limits.maxNodes) nodes")
        }
        open.append(XMLElement(name: name, attributes: attributes, line: line))
    }

    func text(_ text: String, line: Int) throws(DocumentError) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += text
    }

    func end(_ name: String, line: Int) throws(DocumentError) {
        guard let element = open.popLast() else { return }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }
}
