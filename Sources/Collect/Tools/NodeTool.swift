internal import Glibc
internal import Platform

/// A program that a collector may run: one of the system on PATH, or one of Edge below the root.
enum NodeTool: Sendable {
    case found(path: String, identity: ReaderIdentity?)
    /// Why it is not run, and what to do.
    case absent(reason: String, hint: String?)

    /// - Parameter name: a bare name is looked for on PATH; an absolute path below the root.
    static func find(_ name: String, tools: ToolPath, files: NodeFiles) -> NodeTool {
        guard name.hasPrefix("/") else {
            switch tools.find(name) {
            case .found(let path): return .found(path: path, identity: files.reader)
            case .missing:
                return .absent(reason: "there is no \(name) on PATH", hint: "install \(name) and run it again")
            case .unsafe(let path):
                return .absent(
                    reason: "\(path) is not run as root: others than root may write it",
                    hint: "install \(name) from your system's packages")
            }
        }
        return below(files, name, tools)
    }

    /// Edge's tools belong to user `apigee`: as root they run as that user; other users run only what they, or root,
    /// own, since its owner could make it do anything.
    private static func below(_ files: NodeFiles, _ name: String, _ tools: ToolPath) -> NodeTool {
        let root = files.root == "/" ? "" : files.root
        guard let path = resolved(root + name), root.isEmpty || path.hasPrefix((resolved(root) ?? root) + "/") else {
            return .absent(reason: "there is no \(name) on this node", hint: nil)
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .absent(reason: "\(name) is no program", hint: nil)
        }
        if geteuid() == 0 {
            if files.reader == nil, !tools.isSafe(path) {
                return .absent(
                    reason: "\(name) is not run as root: others than root may write it",
                    hint: "run it by hand as its owner")
            }
            return .found(path: path, identity: files.reader)
        }
        guard tools.isSafe(path, orOwnedBy: geteuid()) else {
            let owner = ReaderIdentity.lookUp(user: status.st_uid).name
            return .absent(
                reason: "\(name) belongs to user \(owner), or others may replace it, and is not run by another one",
                hint: "run it with sudo, or as the user whom it belongs to")
        }
        guard unsafe access(path, X_OK) == 0 else {
            return .absent(reason: "\(name) may not be run by this user", hint: "run it with sudo, or as user apigee")
        }
        return .found(path: path, identity: nil)
    }

    private static func resolved(_ path: String) -> String? {
        guard let found = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}

extension ItemSource.Command {
    /// The words of a line: blanks part them, single and double quotes hold them together; nothing else has a meaning.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}
