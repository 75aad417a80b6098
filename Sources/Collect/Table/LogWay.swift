internal import Logs
internal import Platform
internal import Redact
internal import SupportBundle

/// Log files of a component: their records around the failure, or the newest part of each.
struct LogWay {
    let source: ItemSource
    let context: RunContext

    /// Of each file, where its newest part is wanted.
    static let tail = 32 << 20
    private static let undatedTail = 1 << 20
    /// Files at most, the newest of them.
    private static let fileLimit = 60

    func collect(_ globs: [String], newest: Bool) async {
        await Blocking.run { [self] in read(globs, newest: newest) }
    }

    private func read(_ globs: [String], newest: Bool) {
        let sources = LogSources(files: context.files)
        let facts = context.caseFile.current
        var problems: [String] = []
        var found: [LogSources.Match] = []
        for glob in globs {
            // Where the organization is not known, logs of all of them.
            let glob = ItemSource.unknown(glob, facts).reduce(glob) { $0.replacing("{\($1)}", with: "*") }
            found += sources.matches(glob, fill: ItemSource.names(facts), problems: &problems)
        }
        var seen: Set<String> = []
        found = found.filter { seen.insert($0.path).inserted }
        guard !found.isEmpty else {
            let reason = problems.isEmpty ? "no such log on this node" : problems.joined(separator: "; ")
            context.recordAbsent(
                source, reason: reason,
                hint: problems.isEmpty
                    ? "run apigee-collect on \(source.place) as well, then: apigee-collect merge BUNDLE ... -o FILE"
                    : context.mending(problems, source))
            return
        }
        if found.count > Self.fileLimit {
            let left = found.count - Self.fileLimit
            found = Array(found.sorted { $0.modified > $1.modified }.prefix(Self.fileLimit))
            problems.append("the \(left) oldest files were left out")
        }
        if newest { readNewest(found, &problems) } else { readWindow(found, &problems) }
        if !problems.isEmpty {
            context.recordAbsent(
                source, .partial, reason: problems.joined(separator: "; "), hint: context.mending(problems, source))
        }
    }

    private func readNewest(_ found: [LogSources.Match], _ problems: inout [String]) {
        for match in found where !context.isStopping {
            do {
                try copy(match, tail: Self.tail, notes: [])
            } catch {
                problems.append("\(error)")
            }
        }
    }

    /// The records of the window, component by component; of a log without any, its newest records, which tell that.
    private func readWindow(_ found: [LogSources.Match], _ problems: inout [String]) {
        for component in Set(found.map(\.component)).sorted() where !context.isStopping {
            let own = found.filter { $0.component == component }
            var logs: [LogFile] = []
            for match in own {
                do throws(LogError) {
                    logs.append(try LogSources.logFile(context.files, match.path))
                } catch {
                    problems.append("\(error) and was left out")
                }
            }
            guard !logs.isEmpty else { continue }
            let slice = LogSlice(
                kind: source.item, role: source.role, files: logs, context: context,
                tellsUndated: false, name: { own.fileName($0, in: component) })
            switch slice.write() {
            case .written(let undated):
                // Those of other makers than Edge tell their time in other ways.
                for match in own where undated.contains(match.path) {
                    do {
                        try copy(match, tail: Self.undatedTail, notes: [Self.undatedNote(match, context)])
                    } catch {
                        problems.append("\(error)")
                    }
                }
            case .empty(let why):
                guard let newest = own.max(by: { $0.modified < $1.modified }) else { continue }
                do {
                    try copy(newest, tail: Self.undatedTail, notes: ["\(why): these are its newest records"])
                } catch {
                    problems.append("\(error)")
                }
            case .failed(let error):
                problems.append(error.description)
            }
        }
    }

    private static func undatedNote(_ match: LogSources.Match, _ context: RunContext) -> String {
        (try? context.files.open(match.path).size) == 0 ? "it is empty" : "its records tell no time: this is its end"
    }

    /// The newest part of a file; a packed one whole, or not at all.
    private func copy(_ match: LogSources.Match, tail: Int, notes: [String]) throws {
        let file = try context.files.open(match.path)
        let isPacked = match.path.hasSuffix(".gz")
        if isPacked, file.size > tail {
            throw CollectError(.limit, match.path, "is packed and larger than \(tail >> 20) MiB: it was left out")
        }
        let skipped = isPacked ? 0 : try file.skipToTail(bytes: tail)
        let name = match.fileName
        let writer = try context.beginItem(
            source.item, file: name, title: "\(PathText.lastName(match.path)) of \(match.component)",
            source: .init(type: .file, location: match.path), mediaType: isPacked ? "application/gzip" : "text/plain",
            format: isPacked ? .gzip : .log, on: source.role)
        do {
            // A live file grows while it is read.
            try file.forEachBlock(limit: tail + (1 << 20)) { block throws(CollectError) in try writer.append(block) }
        } catch {
            writer.discard()
            throw error
        }
        let isCut = skipped > 0 && notes.isEmpty
        let how = "the newest \(tail >> 20) MiB"
        try writer.finish(
            state: isCut ? .partial : .collected, reason: isCut ? how + " only" : nil, notes: notes,
            truncated: isCut ? .init(how: how, bytes: skipped) : nil)
    }
}

extension LogSources.Match {
    /// Files of several components have the same name.
    var fileName: String {
        let name = PathText.lastName(path)
        return name.hasPrefix(component) || component.isEmpty ? name : "\(component)-\(name)"
    }
}

extension [LogSources.Match] {
    fileprivate func fileName(_ path: String, in component: String) -> String {
        let name = first { $0.path == path }?.fileName ?? PathText.lastName(path)
        return MessageProcessorLogCollector.sliceName(name)
    }
}
