internal import Archive
internal import Crypto
internal import Documents
internal import FoundationEssentials
internal import Glibc
public import SystemPackage
internal import Templates

/// Checks a bundle as somebody who trusts nothing in it: every byte of the stream, every entry, every check sum, the
/// manifest against its schema and against the files, and a leak scan. One pass, bounded memory.
public struct BundleVerifier: Sendable {
    private static let maxDocumentBytes = 64 << 20
    /// More problems than a person reads are not kept.
    private static let maxProblems = 1000

    private let literals: [[UInt8]]
    private let schema: [UInt8]
    private let threads: Int

    /// - Parameters:
    ///   - literals: secrets known for certain, in memory; each hit is a problem.
    ///   - schema: JSON Schema of the manifest; nil takes the one that comes with the program.
    ///   - threads: with more than one, the leak scan has a thread of its own.
    public init(literals: [[UInt8]] = [], schema: [UInt8]? = nil, threads: Int = 2) {
        self.literals = literals
        self.threads = threads
        self.schema = schema ?? Template.manifestSchema.bytes
    }

    /// - Throws: ``BundleError`` when it can't be read as a bundle at all (exit code 1): no such file, no archive.
    ///   Everything else is in the report.
    public static func verify(path: FilePath) throws(BundleError) -> VerifyReport {
        try BundleVerifier().verify(path: path)
    }

    /// The bundle with what belongs to it: the other parts of a split one, and a signature.
    ///
    /// - Parameters:
    ///   - identities: that may open it if it is encrypted.
    ///   - allowedSigners: who may sign; then a bundle without a signature by one of them is not right.
    public func verify(
        path: FilePath, identities: [AgeIdentity] = [], allowedSigners: AllowedSigners? = nil
    ) throws(BundleError) -> VerifyReport {
        let place = try BundlePlace(path)
        let reader = try BundleReader(path: path, identities: identities)
        var report = try verify(reader)
        if place.isEncrypted { report.encrypted = true }
        for problem in try place.partProblems() { note(&report, .archive, "", problem) }
        do throws(BundleError) {
            report.signature = try place.signature(allowedSigners)
            if report.signature == nil, allowedSigners != nil {
                note(&report, .signature, "", "it is not signed, or its .sig file is not beside it")
            }
        } catch {
            guard error.code == .badSignature else { throw error }
            note(&report, .signature, "", "the signature \(error.reason)")
        }
        return report
    }

    /// - Throws: ``BundleError`` when it can't be read as a bundle at all.
    public func verify(_ reader: BundleReader) throws(BundleError) -> VerifyReport {
        let (whole, isClosed) = try reader.digestAndClosing()
        var report = VerifyReport(
            bundle: reader.name, name: nil, bytes: whole.bytes, sha256: whole.sha256, files: 0, problems: [],
            suspicions: [], omitted: 0)
        var contents = Contents()
        let scan = LeakScanThread(LeakScanner(literals: literals), isThreaded: threads > 1)
        let archive = try reader.openArchive()
        let closing = try reader.closingAndIndex()
        contents.index = closing?.1?.rows ?? []
        archive.watch(contents.index.map(\.offset))
        do throws(ArchiveError) {
            try read(archive, into: &contents, scan: scan, report: &report)
        } catch {
            // Not one entry: that is another kind of file, not a broken bundle.
            if contents.top == nil, report.problems.isEmpty {
                if error.code == .unrecognized || archive.format != .tarGzip { throw BundleError(error, reader.name) }
            }
            note(&report, .archive, "", error.reason)
        }
        if archive.format != .tarGzip { note(&report, .archive, "", "it is no gzip-ed tar archive") }
        if !isClosed {
            note(&report, .archive, "", "it is not byte for byte as it was written: changed, cut, or packed again")
        }
        if let closing, closing.0.indexOffset != nil {
            let members = archive.watchedMembers
            let positions = closing.1?.rows.map { members[$0.offset] }
            if !contents.fitsIndex || positions != contents.positions {
                note(&report, .archive, "", "its index does not fit what is in it")
            }
        }
        for warning in archive.warnings { note(&report, .archive, "", warning) }
        report.name = contents.top
        report.files = contents.digests.count
        checkSums(contents, &report)
        checkManifest(contents, &report)
        let scanner = scan.finish()
        for hit in scanner.knownSecrets { note(&report, .secret, hit.path, "line \(hit.line) holds a known secret") }
        report.suspicions = scanner.suspicions
        report.omitted += scanner.omitted
        return report
    }

    /// What one pass gathers.
    private struct Contents {
        var top: String?
        var digests: [String: FileDigest] = [:]
        var manifest: [UInt8]?
        var sums: [UInt8]?
        /// What the index says, where each header really is, and whether the entries are those of the index.
        var index: [BundleIndex.Row] = []
        var positions: [Int] = []
        var fitsIndex = true
    }

    private func read(
        _ archive: ArchiveReader, into contents: inout Contents, scan: LeakScanThread, report: inout VerifyReport
    ) throws(ArchiveError) {
        var rules = EntryRules()
        while let entry = try archive.next() {
            let place = contents.positions.count
            contents.fitsIndex =
                contents.fitsIndex && place < contents.index.count
                && contents.index[place].entry == entry
            contents.positions.append(archive.headerPosition)
            let good: BundleEntry?
            switch rules.judge(entry) {
            case .good(let entry): good = entry
            case .bad(let path, let problem):
                note(&report, .entry, path, problem)
                good = nil
            }
            contents.top = rules.top
            // What may not be there is looked into all the same: it is on its way out of the house.
            let path = good?.path ?? String(decoding: entry.pathBytes.prefix(BundlePath.maxBytes), as: UTF8.self)
            if good?.isFolder == true || entry.isSparse {
                scan.begin(path)
                scan.end()
                continue
            }
            var keep: [UInt8]? = [Manifest.path, BundleWriter.sumsPath].contains(path) ? [] : nil
            var hash = SHA256()
            var count = 0
            scan.begin(path)
            while true {
                let piece = try archive.read()
                if piece.isEmpty { break }
                hash.update(data: piece)
                count += piece.count
                scan.feed(piece)
                if keep != nil, count <= BundleVerifier.maxDocumentBytes { keep? += piece } else { keep = nil }
            }
            scan.end()
            guard good != nil else { continue }
            contents.digests[path] = FileDigest(bytes: count, sha256: hex(hash.finalize()))
            if path == Manifest.path { contents.manifest = keep }
            if path == BundleWriter.sumsPath { contents.sums = keep }
        }
    }

    private func checkSums(_ contents: Contents, _ report: inout VerifyReport) {
        let path = BundleWriter.sumsPath
        guard let bytes = contents.sums else {
            return note(&report, .checksum, path, "it is missing or far too large")
        }
        guard let sums = BundleSums.parse(bytes) else {
            return note(&report, .checksum, path, "a line is not in the form of sha256sum, or a path comes twice")
        }
        for (file, digest) in contents.digests.sorted(by: { $0.key < $1.key }) where file != path {
            switch sums[file] {
            case nil: note(&report, .checksum, file, "it has no line in \(path)")
            case digest.sha256: break
            default: note(&report, .checksum, file, "its check sum is wrong")
            }
        }
        for file in sums.keys.sorted() where contents.digests[file] == nil {
            note(&report, .checksum, file, "\(path) names it, but it is not there")
        }
    }

    private func checkManifest(_ contents: Contents, _ report: inout VerifyReport) {
        guard let bytes = contents.manifest else {
            return note(&report, .schema, Manifest.path, "it is missing or far too large")
        }
        do throws(DocumentError) {
            let document = try JSONValue(parsing: bytes, name: Manifest.path)
            let validator = try SchemaValidator(schema: schema, name: "the schema of the manifest")
            for violation in validator.violations(of: document) {
                note(&report, .schema, Manifest.path, violation.description)
            }
        } catch {
            note(&report, .schema, Manifest.path, "\(error)")
        }
        do throws(BundleError) {
            let manifest = try Manifest(decoding: bytes)
            for problem in manifest.disagreements(top: contents.top ?? "", files: contents.digests) {
                note(&report, .manifest, problem.path, problem.text)
            }
        } catch {
            note(&report, .schema, Manifest.path, error.reason)
        }
    }

    private func note(_ report: inout VerifyReport, _ kind: VerifyReport.Problem.Kind, _ path: String, _ text: String) {
        guard report.problems.count < BundleVerifier.maxProblems else {
            report.omitted += 1
            return
        }
        report.problems.append(
            VerifyReport.Problem(
                kind: kind, path: TerminalText.harmless(path), text: TerminalText.harmless(text, maxColumns: 400)))
    }
}

extension BundleReader {
    /// Of the archive as it lies there.
    public func digest() throws(BundleError) -> FileDigest { try digestAndClosing().digest }

    /// Of the archive as it lies there; nil unless it is byte for byte as it was written, by its closing member.
    public func closedDigest() throws(BundleError) -> FileDigest? {
        let (digest, isClosed) = try digestAndClosing()
        return isClosed ? digest : nil
    }

    /// The digest, and whether the archive ends with the member that closes it (``ClosingMember``).
    func digestAndClosing() throws(BundleError) -> (digest: FileDigest, isClosed: Bool) {
        var hash = SHA256()
        var count = 0
        // The last bytes wait: they may be the closing member, which doesn't count itself.
        var tail: [UInt8] = []
        try forEachBlock { block in
            count += block.count
            tail += block
            let ready = tail.count - ClosingMember.maxCount
            if ready > 0 {
                hash.update(data: tail[..<ready])
                tail.removeFirst(ready)
            }
        }
        var isClosed = false
        if let closing = ClosingMember(endOf: tail) {
            let front = tail.dropLast(closing.count)
            hash.update(data: front)
            tail.removeFirst(front.count)
            isClosed = tail == closing.bytes(for: hash)
        }
        hash.update(data: tail)
        return (FileDigest(bytes: count, sha256: hex(hash.finalize())), isClosed)
    }
}
