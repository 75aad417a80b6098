internal import Glibc
public import Platform

/// What this machine is: for the manifest, and to name where an item was collected.
public struct NodeFacts: Sendable {
    public let hostname: String
    public let os: String
    public let kernel: String

    /// The host name comes from uname(2): asking the resolver could block.
    public init(files: NodeFiles) {
        var names = utsname()
        _ = unsafe uname(&names)
        hostname = Self.text(names.nodename)
        kernel = Self.text(names.sysname) + " " + Self.text(names.release)
        os = Self.prettyName(files.text("/etc/os-release", limit: 65_536) ?? "") ?? "Linux"
    }

    static func prettyName(_ text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
            return String(line.dropFirst(12).filter { $0 != "\"" }.prefix(200))
        }
        return nil
    }

    private static func text<T>(_ field: T) -> String {
        unsafe withUnsafeBytes(of: field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
