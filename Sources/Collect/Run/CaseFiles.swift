internal import SupportBundle

/// What a case bundle of several nodes has besides items, so that `add` keeps it.
enum CaseFiles {
    /// What the diagnosis over all nodes adds to the causes.
    static let causes: Set<String> = [
        "request-path", "request-not-seen", "some-message-processors-fail", "all-message-processors-fail",
        "nodes-differ",
    ]

    private static let names: Set<String> = ["NODES.txt", "timeline.jsonl", "log/merge.jsonl"]

    /// Puts a file into the new bundle as it is, if it is one of these; it was redacted on its node.
    static func keep(_ path: String, _ content: BundleContent, in work: WorkFolder) throws(BundleError) {
        guard path.hasPrefix("nodes/") || names.contains(path) else { return }
        let writer = try work.makeFinished(path)
        while let bytes = try content.next() { try writer.write(bytes) }
        _ = try writer.close()
    }
}
