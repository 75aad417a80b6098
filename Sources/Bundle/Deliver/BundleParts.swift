internal import Crypto
internal import SystemPackage

/// What a name tells.
public enum BundlePart {
    /// Whether it is one of a part of a split bundle, or of the list of the parts' check sums.
    public static func isPart(_ path: String) -> Bool { BundleParts.whole(of: FilePath(path)) != nil }
}

/// A bundle in numbered parts `NAME.001`, `NAME.002` …, which joined are the bundle, and the list `NAME.sha256` of the
/// check sums of the parts and of the whole.
enum BundleParts {
    static let listSuffix = ".sha256"
    static let maxParts = 999
    private static let maxListBytes = 1 << 20

    static func suffix(_ number: Int) -> String {
        let digits = String(number)
        return "." + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    /// All names that parts of a bundle, and their list, can have.
    static func names(_ whole: FilePath) -> [FilePath] {
        (1...maxParts).map { suffixed(whole, suffix($0)) } + [suffixed(whole, listSuffix)]
    }

    /// Writes the parts and the list, in the order in which they are published.
    static func split(
        _ whole: OutputFile, size: Int, make: (FilePath) throws(BundleError) -> OutputFile
    ) throws(BundleError) -> (files: [OutputFile], join: String) {
        let bytes = try whole.bytes()
        let count = max(1, (bytes.count + size - 1) / max(1, size))
        guard size > 0, count <= maxParts else {
            throw BundleError(
                .tooLarge, whole.path.string, "it would be \(count) parts, and \(maxParts) is the most",
                hint: "give a larger --split, at least \(bytes.count / maxParts + 1) bytes")
        }
        var files: [OutputFile] = []
        var lines = ""
        var all = SHA256()
        for number in 1...count {
            let part = try make(suffixed(whole.path, suffix(number)))
            var hash = SHA256()
            let end = min(bytes.count, number * size)
            var position = (number - 1) * size
            while position < end {
                let block = try bytes.read(at: position, upTo: min(1 << 20, end - position))
                guard !block.isEmpty else { throw BundleError(.inputOutput, whole.path.string, "it became shorter") }
                position += block.count
                hash.update(data: block)
                all.update(data: block)
                try part.write(block)
            }
            lines += "\(hex(hash.finalize()))  \(name(part))\n"
            files.append(part)
        }
        let join = "cat \(shellQuoted(name(whole))).[0-9][0-9][0-9] > \(shellQuoted(name(whole)))"
        lines += "\(hex(all.finalize()))  \(name(whole))\n# \(join)\n"
        let list = try make(suffixed(whole.path, listSuffix))
        try list.write(Array(lines.utf8))
        return (files + [list], join)
    }

    private static func name(_ file: OutputFile) -> String { file.path.lastComponent?.string ?? file.path.string }

    static func shellQuoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || [0x2d, 0x2e, 0x5f].contains($0)
        }
        if isPlain { return name }
        return "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The name of the whole, if the path is one of a part or of the list.
    static func whole(of path: FilePath) -> FilePath? {
        let text = path.string
        if text.hasSuffix(listSuffix) { return FilePath(String(text.dropLast(listSuffix.count))) }
        let tail = text.utf8.suffix(4)
        guard tail.first == UInt8(ascii: "."), tail.count == 4,
            tail.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return FilePath(String(text.dropLast(4)))
    }

    /// The parts that lie there, from the first to the last without a gap.
    static func open(_ whole: FilePath) throws(BundleError) -> [FileBytes] {
        var files: [FileBytes] = []
        for number in 1...maxParts {
            do throws(BundleError) {
                files.append(try FileBytes(path: suffixed(whole, suffix(number))))
            } catch {
                guard error.code == .notFound, number > 1 else { throw error }
                break
            }
        }
        return files
    }

    /// Where the parts are not those of the list; nothing where there is no list, since the bundle's own end tells
    /// whether it is whole.
    static func problems(_ whole: FilePath, _ parts: [FileBytes]) throws(BundleError) -> [String] {
        let file: FileBytes
        do throws(BundleError) {
            file = try FileBytes(path: suffixed(whole, listSuffix))
        } catch {
            if error.code == .notFound { return [] }
            throw error
        }
        guard file.count <= maxListBytes else { return ["the list of check sums is far too large"] }
        let lines = try file.read(at: 0, upTo: file.count).split(separator: 0x0a).filter { $0.first != 0x23 }
        guard let sums = BundleSums.parse(lines.flatMap { $0 + [0x0a] }) else {
            return ["the list of check sums is damaged"]
        }
        let name = whole.lastComponent?.string ?? ""
        var result: [String] = []
        var all = SHA256()
        for (index, part) in parts.enumerated() {
            var hash = SHA256()
            try BundleDelivery.forEachBlock(of: part) {
                hash.update(data: $0)
                all.update(data: $0)
            }
            if sums[name + suffix(index + 1)] != hex(hash.finalize()) {
                result.append("part \(index + 1) is not the one of the list of check sums")
            }
        }
        if sums.count > parts.count + 1 { result.append("parts are missing from number \(parts.count + 1) on") }
        if result.isEmpty, sums[name] != hex(all.finalize()) {
            result.append("the parts joined are not the bundle of the list of check sums")
        }
        return result
    }
}
