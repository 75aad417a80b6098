internal import Documents

/// Where a bundle is sent.
public enum AttachTarget: Sendable, Equatable {
    /// A case of Google Cloud Support: `projects/P/cases/N` or `organizations/O/cases/N`.
    case supportCase(String)
    /// One URL that takes the file by PUT, such as a signed one.
    case put(String)
    /// A resumable session of Cloud Storage that was started already.
    case session(String)
    /// A URL that starts a resumable session of Cloud Storage by POST.
    case startSession(String)

    /// - Throws: ``AttachError`` `.usage` for a name in another form.
    public init(supportCase name: String) throws(AttachError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "projects" || parts[0] == "organizations", parts[2] == "cases",
            [parts[1], parts[3]].allSatisfy({ part in
                !part.isEmpty && part.utf8.count <= 100
                    && part.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
                    } && part != "." && part != ".."
            })
        else {
            throw AttachError(
                .usage, "--case '\(name)'", "is no name of a case",
                hint: "write projects/PROJECT/cases/NUMBER or organizations/NUMBER/cases/NUMBER")
        }
        self = .supportCase(name)
    }

    /// - Throws: ``AttachError`` `.usage` for what is no https URL.
    public init(url: String, allowHTTP: Bool = false) throws(AttachError) {
        let lower = url.lowercased()
        guard lower.hasPrefix("https://") || (allowHTTP && lower.hasPrefix("http://")), url.utf8.count <= 16_384,
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw AttachError(.usage, "--to", "needs an https URL", hint: "quote it: signed URLs hold '&'")
        }
        let query = lower.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        if query.contains("upload_id=") {
            self = .session(url)
        } else if query.contains("uploadtype=resumable") || query.contains("x-goog-resumable") {
            // A signed URL for this names the header among those that are signed.
            self = .startSession(url)
        } else {
            self = .put(url)
        }
    }

    /// Without values: a signed URL lets in whoever has it.
    public var shown: String {
        switch self {
        case .supportCase(let name): name
        case .put(let url), .session(let url), .startSession(let url):
            TerminalText.harmless(String(url.prefix { $0 != "?" }), maxColumns: 300)
        }
    }

    /// What tells one target from another, where two URLs for one object differ in their signatures alone.
    var identity: String {
        switch self {
        case .supportCase(let name): "case \(name)"
        case .put(let url), .startSession(let url):
            // A query may name the object (uploadType=resumable&name=…), and a signature differs each time.
            "to " + AttachTarget.unsigned(url)
        case .session(let url): "session " + url
        }
    }

    private static func unsigned(_ url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1)
        let query = (parts.dropFirst().first ?? "").split(separator: "&").filter { pair in
            let name = pair.prefix { $0 != "=" }.lowercased()
            return name == "name" || name == "uploadtype"
        }
        return String(parts[0]) + "?" + query.joined(separator: "&")
    }

    public var isCase: Bool { if case .supportCase = self { true } else { false } }

    /// Whether it takes more than one file.
    var takesParts: Bool { isCase }
}
