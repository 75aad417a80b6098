internal import Collect
internal import Documents
internal import Platform
internal import SupportBundle
internal import SystemPackage

/// A node's bundle, as far as its manifest tells.
struct NodeHead: Sendable {
    /// Of the file.
    let file: String
    /// Of the folder below `nodes/`, and what the node is called in the case bundle.
    var name: String
    /// As its bundle has it.
    let manifest: Manifest
    /// SHA-256 of the bundle as it lies there.
    let digest: FileDigest
    /// From the list of nodes.
    var entry: NodeList.Entry?

    /// How far its clock is ahead, where that was measured.
    var clockOffset: Int? { entry?.clockOffset ?? manifest.node?.clockOffsetMs }

    /// Manifests of which more is not read.
    private static let limit = 8 << 20

    /// Opens a bundle and reads its manifest; the rest is looked at later.
    /// - Throws: ``BundleError`` with what is wrong with it.
    init(file: String, entry: NodeList.Entry?, identities: [AgeIdentity]) throws(BundleError) {
        let reader = try BundleReader(path: FilePath(file), identities: identities)
        guard let closed = try reader.closedDigest() else {
            throw BundleError(
                .archive, file, "it is not byte for byte as it was written: changed, cut, or packed again",
                hint: "copy it again from the node")
        }
        digest = closed
        manifest = try Manifest(decoding: reader.read(Manifest.path, limit: Self.limit))
        guard manifest.schema == Manifest.currentSchema else {
            throw BundleError(
                .notABundle, file, "its manifest is of schema \(manifest.schema), this version knows 1",
                hint: "merge it with the version that wrote it")
        }
        guard manifest.nodes == nil else {
            throw BundleError(.notABundle, file, "it is a case bundle of several nodes already")
        }
        guard try reader.topFolder() == manifest.bundle.name else {
            throw BundleError(.notABundle, file, "its manifest belongs to a bundle of another name")
        }
        self.file = file
        self.entry = entry
        name = entry?.name ?? manifest.node?.hostname ?? manifest.bundle.name
    }
}

/// A node of which nothing is in the case bundle, and why.
struct AbsentNode: Sendable {
    var name: String
    /// Of its bundle, if there is one.
    var file: String?
    /// `unreachable`, `refused`, `timed-out`, `damaged`, `duplicate`, …
    var state: String
    var reason: String?
    var entry: NodeList.Entry?
}

/// All nodes: those whose bundles can be read, and the others.
struct NodeRoll: Sendable {
    var heads: [NodeHead] = []
    var absent: [AbsentNode] = []

    /// Opens every bundle. Damage is noted and never fatal.
    init(options: MergeOptions) {
        var files = options.bundles.map { (file: $0, entry: NodeList.Entry?.none) }
        for entry in options.nodes.entries {
            if let bundle = entry.bundle {
                // The list tells more of a bundle than the command line.
                files.removeAll { PathText.absolute($0.file) == PathText.absolute(bundle) }
                files.append((bundle, entry))
            } else {
                absent.append(
                    AbsentNode(
                        name: entry.name, state: entry.state == "collected" ? "missing" : entry.state,
                        reason: entry.reason ?? "it gave no bundle", entry: entry))
            }
        }
        var ids: [String: Int] = [:]
        var digests: [String: String] = [:]
        for (file, entry) in files {
            do throws(BundleError) {
                let head = try NodeHead(file: file, entry: entry, identities: options.identities)
                if let first = digests[head.digest.sha256] {
                    note(head, "duplicate", "the same file as \(PathText.lastName(first))")
                } else if let place = ids[head.manifest.bundle.id] {
                    // `add` keeps the id: the one that was written last has more in it.
                    let other = heads[place]
                    if head.manifest.items.count > other.manifest.items.count {
                        heads[place] = head
                        note(other, "duplicate", "an older copy of \(PathText.lastName(file))")
                    } else {
                        note(head, "duplicate", "a copy of \(PathText.lastName(other.file))")
                    }
                } else {
                    ids[head.manifest.bundle.id] = heads.count
                    heads.append(head)
                }
                digests[head.digest.sha256] = file
            } catch {
                let name = entry?.name ?? PathText.lastName(file)
                let state = error.code == .notFound ? "missing" : "damaged"
                absent.append(AbsentNode(name: name, file: file, state: state, reason: error.reason, entry: entry))
            }
        }
        heads.sort { ($0.name, $0.manifest.bundle.name) < ($1.name, $1.manifest.bundle.name) }
        var names = PortableName()
        for index in heads.indices { heads[index].name = names.unique(heads[index].name) }
    }

    private mutating func note(_ head: NodeHead, _ state: String, _ reason: String) {
        absent.append(AbsentNode(name: head.name, file: head.file, state: state, reason: reason, entry: head.entry))
    }
}
