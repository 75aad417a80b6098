internal import Archive
internal import Crypto
internal import FoundationEssentials

/// Writes a bundle: one top folder, entries in the order of their bytes, owner 0, modes 0644 and 0755, one time for
/// all, and SHA256SUMS of every other file. The same content gives the same bytes.
public struct BundleWriter: Sendable {
    /// What was written.
    public struct Outcome: Sendable, Equatable {
        /// Of the archive itself.
        public var digest: FileDigest
        /// Of the files inside, SHA256SUMS too, by their path below the top folder.
        public var files: [String: FileDigest]
    }

    /// The file of check sums, in the form that `sha256sum -c` reads.
    public static let sumsPath = "SHA256SUMS"

    /// As small as `tar czf` makes it, several times faster.
    public static let defaultLevel = 6

    private let name: String
    private let modified: Int64
    private let level: Int
    private let threads: Int

    /// - Parameters:
    ///   - name: of the top folder.
    ///   - modified: time of every entry, seconds since 1970.
    ///   - level: of gzip, 1 (fast) to 12 (small).
    ///   - threads: that pack; the bytes don't depend on them.
    /// - Throws: ``BundleError`` `.invalidPath` for a name that is no single path component.
    public init(
        name: String, modified: Int64, level: Int = BundleWriter.defaultLevel, threads: Int = 1
    ) throws(BundleError) {
        try BundlePath.check(name)
        guard !name.contains("/") else { throw BundleError(.invalidPath, name, "is no single name") }
        self.name = name
        self.modified = modified
        self.level = level
        self.threads = threads
    }

    /// Packs the finished files of `folder`, those of `packed`, and the files in memory, by their path below the top
    /// folder.
    /// - Throws: ``BundleError`` `.invalidPath` for a path that two sources want or that may not be, `.misuse` when a
    ///   finished file changed on disk, and what the sink throws.
    @discardableResult
    public func write(
        _ folder: WorkFolder?, memory: [String: [UInt8]] = [:], packed: (any PackedSource)? = nil,
        to sink: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) -> Outcome {
        var memory = memory
        var digests = memory.mapValues { FileDigest(bytes: $0.count, sha256: hex(SHA256.hash(data: $0))) }
        let elsewhere = packed?.packedFiles ?? [:]
        for (path, digest) in (folder?.finishedFiles() ?? []) + elsewhere.map({ ($0.key, $0.value) }) {
            guard digests.updateValue(digest, forKey: path) == nil else {
                throw BundleError(.invalidPath, path, "is written twice")
            }
        }
        guard digests[BundleWriter.sumsPath] == nil else {
            throw BundleError(.invalidPath, BundleWriter.sumsPath, "is written by the bundle itself")
        }
        let sums = BundleSums.text(of: digests)
        memory[BundleWriter.sumsPath] = sums
        digests[BundleWriter.sumsPath] = FileDigest(bytes: sums.count, sha256: hex(SHA256.hash(data: sums)))

        var hash = SHA256()
        var count = 0
        try withoutActuallyEscaping(sink) { sink throws(BundleError) in
            let tap: MemberStream.Sink = { bytes throws(BundleError) in
                try sink(bytes)
                hash.update(data: bytes)
                count += bytes.count
            }
            let pool = try GzipPool(level: level, threads: threads)
            let archive = BundleArchive(members: MemberStream(pool: pool))
            for path in try BundleWriter.order(Array(digests.keys)) {
                try archive.begin(entry(path, digests[path]), to: tap)
                guard let digest = digests[path] else { continue }
                if let bytes = memory[path] {
                    try archive.add(bytes, to: tap)
                } else if elsewhere[path] != nil, let packed {
                    try archive.add(.elsewhere(packed), path, bytes: digest.bytes, to: tap)
                } else if let folder {
                    try archive.add(.folder(folder), path, bytes: digest.bytes, to: tap)
                }
            }
            let index = try archive.finish(to: tap)
            let offset = count
            if !index.isEmpty { try tap(index) }
            try tap(ClosingMember(indexOffset: offset).bytes(for: hash))
        }
        return Outcome(digest: FileDigest(bytes: count, sha256: hex(hash.finalize())), files: digests)
    }

    /// Writes the bundle into an output file, which the caller publishes.
    @discardableResult
    public func write(
        _ folder: WorkFolder?, memory: [String: [UInt8]] = [:], packed: (any PackedSource)? = nil,
        to output: OutputFile
    ) throws(BundleError) -> Outcome {
        try write(folder, memory: memory, packed: packed) { bytes throws(BundleError) in try output.write(bytes) }
    }

    /// - Parameter digest: nil for a folder.
    private func entry(_ path: String, _ digest: FileDigest?) -> ArchiveEntry {
        let full = name + "/" + path
        guard let digest else { return ArchiveEntry(path: full, kind: .directory, mode: 0o755, modified: modified) }
        return ArchiveEntry(path: full, size: digest.bytes, mode: 0o644, modified: modified)
    }

    /// Files and the folders above them; folders end in `/`, so that they come right before what they hold.
    private static func order(_ files: [String]) throws(BundleError) -> [String] {
        var all: Set<String> = [""]
        for file in files {
            try BundlePath.check(file)
            var end = file.startIndex
            while let slash = file[end...].firstIndex(of: "/") {
                end = file.index(after: slash)
                all.insert(String(file[..<end]))
            }
        }
        for file in files where !all.insert(file).inserted || all.contains(file + "/") {
            throw BundleError(.invalidPath, file, "is a file and a folder at once")
        }
        return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
