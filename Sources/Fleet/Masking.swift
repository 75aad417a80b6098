internal import Redact
internal import SupportBundle
internal import SystemPackage

/// A file in which words of a node were found to be what another node knows for a secret.
struct MaskedFile: Sendable {
    var digest: FileDigest
    var findings: [String: Int]

    func apply(to item: inout Manifest.Item) {
        (item.bytes, item.sha256) = (digest.bytes, digest.sha256)
        guard !findings.isEmpty else { return }
        item.redactions.merge(findings) { $0 + $1 }
        let count = findings.values.reduce(0, +)
        item.notes.append("\(count) words are secrets by the markers of other nodes, and masked since the merge")
    }
}

/// The second reading of a node: puts into the work folder what can't be copied as it is, since words in it are masked
/// or since its members hold other things too.
struct NodeMasking {
    let node: NodeView
    let mask: CandidateMask?
    let work: WorkFolder
    let identities: [AgeIdentity]

    /// - Returns: what was written, by path in the case bundle.
    func run() throws(BundleError) -> [String: MaskedFile] {
        let files = node.findings.files
        let isNeeded = mask.map { !$0.isEmpty } ?? false
        guard isNeeded || files.values.contains(where: { $0.span == nil }) else { return [:] }
        var result: [String: MaskedFile] = [:]
        let reader = try BundleReader(path: FilePath(node.head.file), identities: identities)
        try NodeFiles.visit(reader) { path, copy throws(BundleError) in
            guard let file = files[path] else { return }
            var findings: [String: Int] = [:]
            if file.span != nil {
                guard let mask, isNeeded, file.isText else { return }
                // Looked at first: most need not be packed again.
                let search = CandidateStream(mask)
                var out: [UInt8] = []
                _ = try copy { piece throws(BundleError) in
                    out.removeAll(keepingCapacity: true)
                    search.append(piece, to: &out)
                }
                search.finish(to: &out)
                guard !search.findings.isEmpty else { return }
            }
            let stream = file.isText && isNeeded ? mask.map { CandidateStream($0) } : nil
            let writer = try work.makeFinished(node.path(path))
            var out: [UInt8] = []
            let (digest, _) = try copy { piece throws(BundleError) in
                guard let stream else { return try writer.write(piece) }
                stream.append(piece, to: &out)
                try writer.write(out)
                out.removeAll(keepingCapacity: true)
            }
            if let stream {
                stream.finish(to: &out)
                try writer.write(out)
                findings = stream.findings
            }
            guard digest == file.digest else {
                throw BundleError(.misuse, node.head.file, "changed on disk while it was read", hint: "try again")
            }
            result[node.path(path)] = MaskedFile(digest: try writer.close(), findings: findings)
        }
        return result
    }
}

/// The members of the nodes' bundles that are copied as they are.
final class NodeMembers: PackedSource {
    let packedFiles: [String: FileDigest]
    private let spans: [String: (node: Int, span: PackedSpan)]
    private let files: [String]
    private let identities: [AgeIdentity]
    /// Entries come node by node: one bundle is open at a time.
    private var open: (node: Int, reader: BundleReader)?

    init(_ nodes: [NodeView], except masked: [String: MaskedFile], identities: [AgeIdentity]) {
        var digests: [String: FileDigest] = [:]
        var spans: [String: (node: Int, span: PackedSpan)] = [:]
        for (number, node) in nodes.enumerated() {
            for (path, file) in node.findings.files {
                guard let span = file.span, masked[node.path(path)] == nil else { continue }
                digests[node.path(path)] = file.digest
                spans[node.path(path)] = (number, span)
            }
        }
        packedFiles = digests
        self.spans = spans
        files = nodes.map(\.head.file)
        self.identities = identities
    }

    func copyPacked(_ path: String, to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        guard let (node, span) = spans[path] else { throw BundleError(.notFound, path, "is in no node's bundle") }
        if open?.node != node {
            open = (node, try BundleReader(path: FilePath(files[node]), identities: identities))
        }
        try open?.reader.copyPacked(span, to: sink)
    }
}
