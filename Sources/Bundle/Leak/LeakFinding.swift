internal import Crypto

/// A place that looks like a secret, never the text itself.
public struct LeakSuspicion: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Names this finding to commands that accept it: the same in every scan of the same file.
    public let id: String
    /// Below the top folder; `outer.zip!inner.txt` for a file in a file.
    public let path: String
    /// 1-based; 0 where it concerns the whole file or its name.
    public let line: Int
    /// Which detector fired.
    public let rule: String

    public init(path: String, line: Int, rule: String) {
        self.path = path
        self.line = line
        self.rule = rule
        id = "f-" + hex(SHA256.hash(data: Array("\(path)\0\(line)\0\(rule)".utf8)).prefix(6))
    }

    public var description: String { "\(path):\(line): \(rule)" }
    /// The same with its id, for who has to accept it.
    public var named: String { "\(description) [\(id)]" }
}
