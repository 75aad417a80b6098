/// An attribute, its value with entities and character references undone.
public struct XMLAttribute: Equatable, Sendable {
    public let name: String
    public let value: String
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// An element with all that is in it. Names are as written, with their prefix.
public struct XMLElement: Equatable, Sendable {
    public internal(set) var name: String
    /// In the order in which they were written.
    public internal(set) var attributes: [XMLAttribute]
    /// The element's own character data, joined; that of its children is not in it.
    public internal(set) var text: String = ""
    public internal(set) var children: [XMLElement] = []
    /// Of the start tag, 1-based.
    public let line: Int

    /// The value of an attribute.
    public subscript(_ attribute: String) -> String? {
        attributes.first { $0.name == attribute }?.value
    }

    /// The first child of that name.
    public func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of that name.
    public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// Follows first children: `at("HTTPTargetConnection", "SSLInfo", "KeyStore")`.
    public func at(_ names: String...) -> XMLElement? {
        var element = self
        for name in names {
            guard let next = element.first(name) else { return nil }
            element = next
        }
        return element
    }

    /// Every element below this one, in document order.
    public var descendants: [XMLElement] {
        var found: [XMLElement] = []
        collect(into: &found)
        return found
    }

    /// Every element of that name below this one, in document order.
    public func descendants(_ name: String) -> [XMLElement] { descendants.filter { $0.name == name } }

    /// The text without white space at both ends.
    public var trimmedText: String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    private func collect(into found: inout [XMLElement]) {
        for child in children {
            found.append(child)
            child.collect(into: &found)
        }
    }
}
