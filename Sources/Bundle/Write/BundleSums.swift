/// The lines of SHA256SUMS.
enum BundleSums {
    /// One line per file, sorted by path: digest, two spaces, path (binary and text mode don't differ here).
    static func text(of digests: [String: FileDigest]) -> [UInt8] {
        digests.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .flatMap { Array("\($0.value.sha256)  \($0.key)\n".utf8) }
    }

    /// Path to digest; nil if a line is in another form or a path comes twice.
    static func parse(_ bytes: [UInt8]) -> [String: String]? {
        var result: [String: String] = [:]
        guard bytes.isEmpty || bytes.last == 0x0a else { return nil }
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
            guard line.count > 66, line.dropFirst(64).prefix(2).elementsEqual([0x20, 0x20]),
                line.prefix(64).allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
                let path = String(validating: line.dropFirst(66), as: UTF8.self),
                result.updateValue(String(decoding: line.prefix(64), as: UTF8.self), forKey: path) == nil
            else { return nil }
        }
        return result
    }
}
