/// A place that looks like a secret, never the text itself.
public struct LeakSuspicion: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Below the top folder; `outer.zip!inner.txt` for a file in a file.
    public var path: String
    /// 1-based; 0 where it concerns the whole file or its name.
    public var line: Int
    /// Which detector fired.
    public var rule: String

    public init(path: String, line: Int, rule: String) {
        self.path = path
        self.line = line
        self.rule = rule
    }

    public var description: String { "\(path):\(line): \(rule)" }
}
