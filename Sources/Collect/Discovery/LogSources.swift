internal import Glibc
internal import Logs
internal import Platform

/// Finds a component's log files on a node. Both spellings of the path are official (the playbook's text names
/// the folder without `logs/`, its list with it), and a site may have moved the folder.
struct LogSources: Sendable {
    let files: NodeFiles

    /// What helps where rights are missing.
    static var rightsHint: String {
        geteuid() == 0
            ? "files are read with the rights of the owner of /opt/apigee: let that user read them"
            : "run it with sudo, or as user apigee"
    }

    /// Whether a note says that rights are missing.
    static func tellsDenial(_ note: String) -> Bool { note.contains("denied") || note.contains("not permitted") }

    /// The log files `system.log` and its rotated ones of a component, newest first; with a note on what was left out.
    func systemLogs(component: String) -> (logs: [LogFile], notes: [String]) {
        var notes: [String] = []
        for folder in folders(component: component) {
            let entries = (try? files.list(folder)) ?? []
            let named = entries.filter { Self.isSystemLog($0.name) }
            var logs: [LogFile] = []
            for entry in named.sorted(by: { $0.modified > $1.modified }) {
                let path = folder + "/" + entry.name
                guard entry.isRegular else {
                    notes.append("'\(path)' was left out: it is not a regular file")
                    continue
                }
                do {
                    logs.append(try Self.logFile(files, path))
                } catch {
                    notes.append("\(error) and was left out")
                }
            }
            if !logs.isEmpty { return (logs, notes) }
        }
        return ([], notes)
    }

    /// The `system.log` files of the other components of this node, which tell of deployments, trace sessions and data
    /// stores.
    func otherSystemLogs() -> [LogFile] {
        ["edge-management-server", "edge-router", "edge-qpid-server", "edge-postgres-server"].flatMap {
            systemLogs(component: $0).logs
        }
    }

    /// A log file that a glob of the table of collectors stands for.
    struct Match: Sendable {
        /// The component whose log it is; empty for a log that lies elsewhere.
        let component: String
        let path: String
        let modified: Int
    }

    /// The files behind a glob. One below `/opt/apigee/var/log/COMPONENT` is looked for in every place where that
    /// component may log, one after the other; elsewhere it is taken as written.
    ///
    /// - Parameter problems: what is there and can't be taken.
    func matches(_ glob: String, fill: [(name: String, value: String)], problems: inout [String]) -> [Match] {
        let prefix = "/opt/apigee/var/log/"
        var denied: [PlatformError] = []
        defer { problems += denied.map { "\($0)" } }
        guard glob.hasPrefix(prefix), let slash = glob.dropFirst(prefix.count).firstIndex(of: "/") else {
            return regular(PathPattern(glob, fill: fill).matches(in: files, problems: &denied), "", &problems)
        }
        let name = String(glob[glob.index(glob.startIndex, offsetBy: prefix.count)..<slash])
        let rest = String(glob[glob.index(after: slash)...])
        return components(name).flatMap { component -> [Match] in
            for folder in folders(component: component, for: rest) {
                let below = rest.hasPrefix("logs/") ? String(rest.dropFirst(5)) : rest
                let pattern = PathPattern(folder + "/" + below, fill: fill)
                let found = regular(pattern.matches(in: files, problems: &denied), component, &problems)
                if !found.isEmpty { return found }
            }
            return []
        }
    }

    /// The folders, most likely first: whether a file lies in `logs/` or above it is told by its glob, and not reliable.
    private func folders(component: String, for rest: String) -> [String] {
        let all = folders(component: component)
        if rest.hasPrefix("logs/") { return all }
        return all.filter { !$0.hasSuffix("/logs") } + all.filter { $0.hasSuffix("/logs") }
    }

    /// The components of this node that a name with `*` stands for: by their log folders, or by the file that moves them.
    private func components(_ name: String) -> [String] {
        guard name.contains("*") else { return [name] }
        let pattern = PathPattern("/" + name)
        let logging = ((try? files.list("/opt/apigee/var/log")) ?? []).map(\.name)
        let moved = ((try? files.list("/opt/apigee/etc")) ?? []).map(\.name).filter { $0.hasSuffix(".d") }.map {
            String($0.dropLast(2))
        }
        return Set(logging + moved).filter { pattern.matchesName($0) }.sorted()
    }

    private func regular(
        _ found: [PathPattern.Match], _ component: String, _ problems: inout [String]
    ) -> [Match] {
        var taken: [Match] = []
        for match in found {
            if match.entry.isRegular {
                taken.append(Match(component: component, path: match.path, modified: match.entry.modified))
            } else if !match.entry.isDirectory {
                problems.append("'\(match.path)' was left out: it is not a regular file")
            }
        }
        return taken
    }

    /// The folders in which a component may log, most likely first.
    func folders(component: String) -> [String] {
        let standard = "/opt/apigee/var/log/\(component)"
        var folders = [standard + "/logs", standard, "/opt/apigee/var/log/apigee/\(component)/logs"]
        if let moved = movedFolder(component) { folders.insert(contentsOf: [moved + "/logs", moved], at: 0) }
        return folders
    }

    /// A log folder that the site moved: one assignment of a shell file, which is parsed and never run.
    private func movedFolder(_ component: String) -> String? {
        guard let text = files.text("/opt/apigee/etc/\(component).d/APIGEE_APP_LOGDIR.sh", limit: 65_536) else {
            return nil
        }
        for line in text.split(separator: "\n") {
            var words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("export ") { words = words.dropFirst(7) }
            guard words.hasPrefix("APIGEE_APP_LOGDIR=") else { continue }
            let value = words.dropFirst(18).filter { $0 != "\"" && $0 != "'" && $0 != "\r" }
            if value.hasPrefix("/"), !value.contains("$"), !value.contains("`") { return String(value) }
        }
        return nil
    }

    /// `system.log` and what rotation makes of it; the names of rotated files are not documented.
    static func isSystemLog(_ name: String) -> Bool {
        name.hasPrefix("system") && name.contains(".log") || name.hasPrefix("system") && name.hasSuffix(".gz")
    }

    /// A log file that is opened anew, with the reader's rights, each time it is read.
    static func logFile(_ files: NodeFiles, _ path: String) throws(LogError) -> LogFile {
        try LogFile.probe(path: path) { try files.open(path).take() }
    }

    /// A log file that the operator named.
    static func logFile(userFile path: String) throws(LogError) -> LogFile {
        try LogFile.probe(path: path) { try NodeFiles.open(userFile: path).take() }
    }
}
