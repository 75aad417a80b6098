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

    private let name: String
    private let modified: Int64
    private let level: Int

    /// - Parameters:
    ///   - name: of the top folder.
    ///   - modified: time of every entry, seconds since 1970.
    ///   - level: of gzip, 1 (fast) to 9 (small).
    /// - Throws: ``BundleError`` `.invalidPath` for a name that is no single path component.
    public init(name: String, modified: Int64, level: Int = 6) throws(BundleError) {
        try BundlePath.check(name)
        guard !name.contains("/") else { throw BundleError(.invalidPath, name, "is no single name") }
        self.name = name
        self.modified = modified
        self.level = level
    }

    /// Packs the finished files of `folder` and the files in memory, by their path below the top folder.
    /// - Throws: ``BundleError`` `.invalidPath` for a path that two sources want or that may not be, `.misuse` when a
    ///   finished file changed on disk, and what the sink throws.
    @discardableResult
    public func write(
        _ folder: WorkFolder?, memory: [String: [UInt8]] = [:],
        to sink: @escaping ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) -> Outcome {
        var memory = memory
        var digests = memory.mapValues { FileDigest(bytes: $0.count, sha256: hex(SHA256.hash(data: $0))) }
        for (path, digest) in folder?.finishedFiles() ?? [] {
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

        let tap = Tap(sink)
        do throws(ArchiveError) {
            let archive = try ArchiveWriter(.tarGzip(level: level), name: name) { bytes throws(ArchiveError) in
                try tap.take(bytes)
            }
            for path in try BundleWriter.order(Array(digests.keys), tap: tap) {
                try tap.mapping { () throws(BundleError) in
                    try add(path, bytes: memory[path], digest: digests[path], folder: folder, to: archive)
                }
            }
            try archive.finish()
            try tap.take(ClosingMember.bytes(for: tap.hash))
        } catch {
            throw tap.failure ?? BundleError(error, name)
        }
        return Outcome(digest: FileDigest(bytes: tap.count, sha256: hex(tap.hash.finalize())), files: digests)
    }

    /// Writes the bundle into an output file, which the caller publishes.
    @discardableResult
    public func write(
        _ folder: WorkFolder?, memory: [String: [UInt8]] = [:], to output: OutputFile
    ) throws(BundleError) -> Outcome {
        try write(folder, memory: memory) { bytes throws(BundleError) in try output.write(bytes) }
    }

    /// Files and the folders above them; folders end in `/`, so that they come right before what they hold.
    private static func order(_ files: [String], tap: Tap) throws(ArchiveError) -> [String] {
        var all: Set<String> = [""]
        for file in files {
            try tap.mapping { () throws(BundleError) in try BundlePath.check(file) }
            var end = file.startIndex
            while let slash = file[end...].firstIndex(of: "/") {
                end = file.index(after: slash)
                all.insert(String(file[..<end]))
            }
        }
        for file in files where !all.insert(file).inserted || all.contains(file + "/") {
            try tap.mapping { () throws(BundleError) in
                throw BundleError(.invalidPath, file, "is a file and a folder at once")
            }
        }
        return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func add(
        _ path: String, bytes: [UInt8]?, digest: FileDigest?, folder: WorkFolder?, to archive: ArchiveWriter
    ) throws(BundleError) {
        let full = name + "/" + path
        do throws(ArchiveError) {
            guard let digest else {
                try archive.add(ArchiveEntry(path: full, kind: .directory, mode: 0o755, modified: modified))
                return
            }
            let entry = ArchiveEntry(path: full, size: digest.bytes, mode: 0o644, modified: modified)
            if let bytes {
                try archive.add(entry, bytes: bytes)
                return
            }
            try archive.begin(entry)
        } catch {
            throw BundleError(error, path)
        }
        guard let reader = try folder?.openFinished(path) else {
            throw BundleError(.notFound, path, "is not among the finished files")
        }
        var hash = SHA256()
        while true {
            let block = try reader.read()
            if block.isEmpty { break }
            hash.update(data: block)
            do throws(ArchiveError) { try archive.write(block[...]) } catch { throw BundleError(error, path) }
        }
        do throws(ArchiveError) { try archive.end() } catch { throw BundleError(error, path) }
        guard hex(hash.finalize()) == digest?.sha256 else {
            throw BundleError(.misuse, path, "changed on disk after it was written", hint: "choose another --work-dir")
        }
    }

    /// Counts and hashes what goes out, and carries a bundle's error through the archive's typed throws.
    private final class Tap {
        private let sink: ([UInt8]) throws(BundleError) -> Void
        var hash = SHA256()
        var count = 0
        var failure: BundleError?

        init(_ sink: @escaping ([UInt8]) throws(BundleError) -> Void) { self.sink = sink }

        func take(_ bytes: [UInt8]) throws(ArchiveError) {
            try mapping { () throws(BundleError) in try sink(bytes) }
            hash.update(data: bytes)
            count += bytes.count
        }

        func mapping(_ body: () throws(BundleError) -> Void) throws(ArchiveError) {
            do throws(BundleError) {
                try body()
            } catch {
                failure = failure ?? error
                throw ArchiveError(.io, subject: error.subject, reason: error.reason)
            }
        }
    }
}
