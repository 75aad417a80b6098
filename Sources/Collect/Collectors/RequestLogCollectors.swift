internal import Logs
internal import Platform
internal import Redact
internal import SupportBundle

/// The complete error: all log records of the failing message id with their stack traces, and what the operator saw.
struct ErrorMessageCollector: Collector {
    let logs: [LogFile]
    /// Log files that are there and can't be read.
    let leftOut: [String]

    let name = "error message"
    let items: [ItemKind] = [.errorMessage]
    /// What an upgrade prints is handed over as an error text.
    let sources: Set<String> = ["error-message", "postgres-upgrade-output"]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        var actions = context.options.errorFiles.map { PlannedAction(.errorMessage, .user, $0.path) }
        if !context.facts.messageID.isEmpty {
            actions.append(
                PlannedAction(.errorMessage, .file, "records of \(context.facts.messageID) in \(logs.count) log files"))
        }
        return actions.isEmpty
            ? [PlannedAction(.errorMessage, .file, "", obstacle: "no failing request is known; give --error FILE")]
            : actions
    }

    func collect(_ context: RunContext) async {
        for (index, file) in context.options.errorFiles.enumerated() {
            context.addItem(
                .errorMessage, file: PathText.lastName(file.path), title: "Error message given by the operator",
                source: .init(type: .user, location: file.path), mediaType: "text/plain", format: .auto,
                bytes: file.bytes, notes: index == 0 ? [] : ["file \(index + 1)"])
        }
        let messageID = context.caseFile.current.messageID
        guard !messageID.isEmpty, !logs.isEmpty else {
            // The answer to a reproduced request is the error message as well, and comes later.
            if context.options.reproduce || context.book.items.contains(where: { $0.kind == .errorMessage }) { return }
            context.record(
                .errorMessage, .missing, reason: "no failing request was found in a log and no error text was given",
                hint: "apigee-collect add %BUNDLE% --error FILE")
            return
        }
        let logs = logs
        await Blocking.run { write(messageID, logs, context) }
    }

    private func write(_ messageID: String, _ logs: [LogFile], _ context: RunContext) {
        let report = LogSearch(files: logs, isCancelled: { context.isStopping }).records(
            messageId: messageID, threads: context.options.threads)
        let problems = report.problems.map { "'\($0.path)': \($0.reason)" }
        guard !report.records.isEmpty else {
            // Many failures leave no word in the log: then the client's answer is the whole error message.
            let isAnswered = context.options.reproduce || context.book.items.contains { $0.kind == .errorMessage }
            if isAnswered, problems.isEmpty, !report.wasInterrupted { return }
            let why =
                report.wasInterrupted
                ? "the run was ended while the logs were searched" : "no log record carries the message id \(messageID)"
            context.record(
                .errorMessage, .missing, reason: ([why] + problems).joined(separator: "; "),
                hint: leftOut.contains(where: LogSources.tellsDenial)
                    ? LogSources.rightsHint : "the record may have been rotated away; give the log with --log FILE")
            return
        }
        do {
            let writer = try context.beginItem(
                .errorMessage, file: "records.log", title: "Log records of message id \(messageID)",
                source: .init(type: .file, location: Set(report.records.map(\.file)).sorted().joined(separator: ", ")),
                mediaType: "text/plain", format: .log, on: .messageProcessor)
            for record in report.records {
                try writer.append(record.text[...])
                if record.text.last != 0x0A { try writer.append([0x0A]) }
            }
            let cut = report.isCut || report.records.contains { $0.omittedBytes > 0 }
            try writer.finish(
                state: cut ? .partial : .collected, reason: cut ? "very long records were cut" : nil, notes: problems)
        } catch {
            context.record(.errorMessage, .missing, reason: error.description, hint: error.hint)
        }
    }
}

/// The slice of `system.log` around the failure, over rotated and compressed files.
struct MessageProcessorLogCollector: Collector {
    let logs: [LogFile]
    let leftOut: [String]

    let name = "Message Processor log"
    let items: [ItemKind] = [.messageProcessorLog]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        guard !logs.isEmpty else {
            return [PlannedAction(.messageProcessorLog, .file, "", obstacle: Self.missing(context.mode).reason)]
        }
        let window = context.facts.window
        // At most: how much of the files lies in the window shows when they are read. Packed text grows tenfold.
        let size = logs.reduce(0) { $0 + $1.size * ($1.isCompressed ? 10 : 1) }
        let most = min(size, context.options.maxItemSizeBytes ?? LogSlice.defaultLimit)
        return [
            PlannedAction(
                .messageProcessorLog, .file,
                "\(TimeText.iso8601(window.lowerBound)) to \(TimeText.iso8601(window.upperBound)) of "
                    + logs.map(\.path).joined(separator: ", "), expectedBytes: most)
        ]
    }

    func collect(_ context: RunContext) async {
        guard !logs.isEmpty else {
            let (reason, hint) = Self.missing(context.mode)
            context.record(
                .messageProcessorLog, .missing, reason: ([reason] + leftOut).joined(separator: "; "), hint: hint)
            return
        }
        let logs = logs
        await Blocking.run { slice(logs, context) }
    }

    private static func missing(_ mode: Manifest.Mode) -> (reason: String, hint: String) {
        switch mode {
        case .private:
            (
                "no system.log of a Message Processor can be read here",
                "run it on a Message Processor with sudo or as user apigee, or: apigee-collect add %BUNDLE% --log FILE"
            )
        case .public:
            ("the log of a public cloud is with Apigee", "nothing to do; support reads it by the message id")
        }
    }

    private func slice(_ logs: [LogFile], _ context: RunContext) {
        let slice = LogSlice(
            kind: .messageProcessorLog, role: .messageProcessor, files: logs, context: context, notes: leftOut,
            name: { Self.sliceName($0) })
        switch slice.write() {
        case .written:
            // Of rotated files the window needs none as a rule; the live log it does.
            let denied = leftOut.filter { LogSources.tellsDenial($0) && $0.contains("/system.log'") }
            guard !denied.isEmpty else { break }
            context.record(
                .messageProcessorLog, .partial, reason: denied.joined(separator: "; "), hint: LogSources.rightsHint)
        case .empty(let reason):
            let isDenied = leftOut.contains(where: LogSources.tellsDenial)
            context.record(
                .messageProcessorLog, .missing, reason: reason,
                hint: isDenied ? LogSources.rightsHint : "widen it with --since and --until")
        case .failed(let error):
            context.record(.messageProcessorLog, .missing, reason: error.description, hint: error.hint)
        }
    }

    /// A slice is plain text also where the file was compressed.
    static func sliceName(_ path: String) -> String {
        let name = PathText.lastName(path)
        return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    }
}
