internal import Logs
internal import Platform

/// Finds a component's log files on a node. Both spellings of the path are official (the playbook's text names
/// the folder without `logs/`, its list with it), and a site may have moved the folder.
struct LogSources: Sendable {
    let files: NodeFiles

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
