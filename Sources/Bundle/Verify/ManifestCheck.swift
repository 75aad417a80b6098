extension Manifest {
    /// Where the manifest says other things than the bundle's files, or than itself.
    /// - Parameters:
    ///   - top: the top folder.
    ///   - files: every file below it.
    public func disagreements(top: String, files: [String: FileDigest]) -> [(path: String, text: String)] {
        var result: [(path: String, text: String)] = []
        func note(_ path: String, _ text: String) { result.append((path, text)) }

        if bundle.name != top { note(Manifest.path, "it belongs to a bundle of another name") }
        let isComplete = mustCollect.filter(\.required).allSatisfy { $0.state == .collected }
        if complete != isComplete {
            note(Manifest.path, "'complete' is \(complete), but the required items say \(isComplete)")
        }
        if redaction.unredacted { note(Manifest.path, "it says that the bundle is not redacted") }

        var named: Set<String> = []
        for item in items {
            let isThere = item.state == .collected || item.state == .partial
            if !isThere, item.path.isEmpty { continue }
            guard named.insert(item.path).inserted else {
                note(item.path, "the manifest lists it twice")
                continue
            }
            guard Manifest.isItemPath(item.path) else {
                note(item.path, "the manifest lists it, but it is not below items/")
                continue
            }
            switch (files[item.path], isThere) {
            case (nil, true): note(item.path, "the manifest lists it, but it is not there")
            case (nil, false): break
            case (.some, false): note(item.path, "the manifest says it is \(item.state.rawValue), but it is there")
            case (let digest?, true):
                if digest.bytes != item.bytes { note(item.path, "its size is not the one in the manifest") }
                if digest.sha256 != item.sha256 { note(item.path, "its check sum is not the one in the manifest") }
            }
        }
        for path in files.keys.sorted() where Manifest.isItemPath(path) && !named.contains(path) {
            note(path, "it is not in the manifest")
        }
        return result
    }

    /// `items/…`, or `nodes/<name>/items/…` in a merged bundle.
    private static func isItemPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 1 && (parts[0] == "items" || parts[0] == "nodes" && parts.count > 3 && parts[2] == "items")
    }
}
