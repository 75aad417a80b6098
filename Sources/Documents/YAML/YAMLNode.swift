/// A node of a YAML 1.2 document with its place in the file, so that messages can name the line.
public struct YAMLNode: Sendable {
    public enum Kind: String, Sendable { case scalar, sequence, mapping }

    /// How a scalar was written: only a plain one can be a number, a truth value or null.
    public enum Style: Sendable { case plain, quoted, block }

    indirect enum Content: Sendable {
        case scalar(String, Style)
        case sequence([YAMLNode])
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    let content: Content
    /// 1-based.
    public let line: Int
    /// 1-based, in characters.
    public let column: Int

    public var kind: Kind {
        switch content {
        case .scalar: .scalar
        case .sequence: .sequence
        case .mapping: .mapping
        }
    }

    /// The text of a scalar as written, quotes and escapes undone; nil for other kinds.
    public var scalar: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    /// How the scalar was written; nil for other kinds.
    public var style: Style? {
        guard case .scalar(_, let style) = content else { return nil }
        return style
    }

    public var sequence: [YAMLNode]? {
        guard case .sequence(let nodes) = content else { return nil }
        return nodes
    }

    /// The pairs in order; keys are scalars, each key once.
    public var mapping: [(key: YAMLNode, value: YAMLNode)]? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs
    }

    /// The value of a key; nil for other kinds of node, so that look-ups chain.
    public subscript(_ key: String) -> YAMLNode? {
        mapping?.first { $0.key.scalar == key }?.value
    }

    public subscript(_ index: Int) -> YAMLNode? {
        guard let nodes = sequence, nodes.indices.contains(index) else { return nil }
        return nodes[index]
    }

    /// The node at a JSON pointer (RFC 6901), or the nearest one above it that exists.
    public func nearest(pointer: String) -> YAMLNode {
        var node = self
        for token in JSONPointer.tokens(of: pointer) {
            guard let next = node[token] ?? Int(token).flatMap({ node[$0] }) else { break }
            node = next
        }
        return node
    }
}
