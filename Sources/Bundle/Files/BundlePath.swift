/// The rules for a path inside a bundle or a work folder: relative, plain names, nothing that leads elsewhere.
public enum BundlePath {
    /// Bytes of a whole path; more is nobody's evidence.
    public static let maxBytes = 1024

    /// What is wrong with the path; nil when nothing is.
    public static func problem(_ path: some Collection<UInt8>) -> String? {
        if path.isEmpty { return "the path is empty" }
        if path.count > maxBytes { return "the path is longer than \(maxBytes) bytes" }
        if path.first == UInt8(ascii: "/") { return "the path is absolute" }
        if path.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\\") }) {
            return "the path holds control characters or a backslash"
        }
        if String(validating: path, as: UTF8.self) == nil { return "the path is no valid UTF-8" }
        for component in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if component.isEmpty { return "the path has an empty part" }
            if component.elementsEqual([0x2e]) || component.elementsEqual([0x2e, 0x2e]) {
                return "the path has the part '\(String(decoding: component, as: UTF8.self))'"
            }
            if component.count > 255 { return "a part of the path is longer than 255 bytes" }
        }
        return nil
    }

    static func check(_ path: String) throws(BundleError) {
        if let problem = problem(path.utf8) { throw BundleError(.invalidPath, path, problem) }
    }
}
