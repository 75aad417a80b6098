/// How much of a foreign document is taken before it is refused.
public struct DocumentLimits: Equatable, Sendable {
    /// Size of the document in bytes.
    public var maxBytes: Int
    /// Levels of nesting; the root is level 1.
    public var maxDepth: Int
    /// Values, nodes or elements in the whole document.
    public var maxNodes: Int

    public init(maxBytes: Int, maxDepth: Int, maxNodes: Int) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxNodes = maxNodes
    }

    /// For answers of a management server and our own manifests.
    public static let json = DocumentLimits(maxBytes: 64 << 20, maxDepth: 128, maxNodes: 2_000_000)
    /// For files that a person wrote: playbooks, rules, configuration.
    public static let yaml = DocumentLimits(maxBytes: 4 << 20, maxDepth: 64, maxNodes: 200_000)
    /// For traces and proxy files that are read into a tree.
    public static let xml = DocumentLimits(maxBytes: 64 << 20, maxDepth: 256, maxNodes: 1_000_000)
}
