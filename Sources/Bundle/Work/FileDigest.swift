/// Size and digest of a whole file.
public struct FileDigest: Sendable, Equatable, Hashable, Codable {
    /// Size in bytes.
    public var bytes: Int
    /// Lower-case hex.
    public var sha256: String
    public init(bytes: Int, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}
