internal import Platform
internal import Redact
internal import SupportBundle

/// Programs that only read: one after the other, niced, as user `apigee`, each under its own deadline and with a cap on
/// what it prints.
struct CommandWay {
    let source: ItemSource
    let context: RunContext

    /// For each.
    private var seconds: Double { context.patience(30) }
    private static let outputLimit = 4 << 20

    func collect(_ commands: [ItemSource.Command]) async {
        let facts = context.caseFile.current
        for (index, command) in commands.enumerated() where !context.isStopping {
            let unknown = ItemSource.unknown(command.line, facts)
            guard unknown.isEmpty else {
                context.recordAbsent(
                    source, .partial, reason: "not known: \(unknown.joined(separator: ", "))",
                    hint: "run it again with " + unknown.map { "--\($0) \($0.uppercased())" }.joined(separator: " "))
                continue
            }
            let ended = await collect(command, number: index + 1, of: commands.count)
            // What hangs once hangs again.
            if !ended { break }
        }
    }

    /// - Returns: false when it had to be ended.
    private func collect(_ command: ItemSource.Command, number: Int, of count: Int) async -> Bool {
        var absence: (reason: String, hint: String?) = ("", nil)
        for line in [command.line, command.instead].compactMap(\.self) {
            guard let words = filled(line), let program = words.first else {
                context.recordAbsent(source, .partial, reason: "a name of the case can't stand in a command")
                return true
            }
            switch NodeTool.find(program, tools: context.tools, files: context.files) {
            case .found(let path, let identity):
                return await run(
                    path, words, as: identity, file: fileName(words, number: number, of: count),
                    isOptional: command.isOptional)
            case .absent(let reason, let hint):
                if absence.reason.isEmpty { absence = (reason, hint) }
            }
        }
        if command.isOptional {
            context.log.write(.info, "\(source.id): \(absence.reason)")
        } else {
            context.recordAbsent(source, reason: absence.reason, hint: absence.hint)
        }
        return true
    }

    /// The words of a line with the case's names, which must be plain ones: they end up in SQL and options.
    private func filled(_ line: String) -> [String]? {
        let names = ItemSource.names(context.caseFile.current)
        let root = context.files.root == "/" ? "" : context.files.root
        var words: [String] = []
        for word in ItemSource.Command.words(line) {
            var text = word
            for (name, value) in names where text.contains("{\(name)}") {
                guard HostName.isPlain(value) else { return nil }
                text = text.replacing("{\(name)}", with: value)
            }
            // The program itself is looked for below the root anyway.
            if !words.isEmpty, text.hasPrefix("/opt/apigee/") { text = root + text }
            words.append(text)
        }
        return words
    }

    /// - Returns: false when it had to be ended.
    private func run(
        _ path: String, _ words: [String], as identity: ReaderIdentity?, file: String, isOptional: Bool
    ) async -> Bool {
        let shown = words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
        do {
            let ended = await context.heavy.pass {
                () -> Result<(bytes: [UInt8], outcome: ToolRunner.Outcome), CollectError> in
                // It may have waited for long.
                guard !context.isStopping else {
                    return .failure(CollectError(.interrupted, shown, "the run was ended before it could be run"))
                }
                do throws(CollectError) {
                    return .success(
                        try await context.runner.output(
                            path, Array(words.dropFirst()), as: identity, seconds: seconds, limit: Self.outputLimit))
                } catch {
                    return .failure(error)
                }
            }
            let (bytes, outcome) = try ended.get()
            let failed = outcome.exitCode != 0
            let isEmpty = bytes.isEmpty && outcome.errorText.isEmpty
            var text = Array("$ \(shown)\n".utf8) + bytes
            if text.last != 0x0A { text.append(0x0A) }
            if !outcome.errorText.isEmpty { text += Array("\n[standard error]\n".utf8) + outcome.errorText }
            var notes: [String] = []
            if failed { notes.append("it ended with \(ending(outcome))") }
            let isCut = bytes.count >= Self.outputLimit
            let reason: String? =
                if outcome.timedOut {
                    "it did not end within \(Int(seconds)) s and was ended"
                } else if isCut {
                    "it printed more than \(Self.outputLimit >> 20) MiB"
                } else if failed, bytes.isEmpty {
                    "it ended with \(ending(outcome)): \(Self.firstLine(outcome.errorText))"
                } else {
                    nil
                }
            if isOptional, reason != nil {
                context.log.write(.info, "\(source.id): \(shown): \(reason ?? "")")
            } else {
                let state: Manifest.State = reason == nil && !isEmpty ? .collected : .partial
                context.addItem(
                    source.item, file: file, title: shown, source: .init(type: .command, location: shown),
                    mediaType: "text/plain", format: .text, bytes: text, state: state,
                    reason: reason ?? (isEmpty ? "it printed nothing" : nil), notes: notes, on: source.role)
                if let reason { context.recordAbsent(source, .partial, reason: "\(shown): \(reason)") }
            }
            return !outcome.timedOut
        } catch {
            context.recordAbsent(source, reason: error.description, hint: error.hint)
            return true
        }
    }

    private func ending(_ outcome: ToolRunner.Outcome) -> String {
        outcome.exitCode.map { "exit code \($0)" } ?? "signal \(outcome.signal ?? 0)"
    }

    private static func firstLine(_ text: [UInt8]) -> String {
        let line = text.split(separator: 0x0A).first ?? []
        return line.isEmpty ? "it printed nothing" : String(decoding: line.prefix(200), as: UTF8.self)
    }

    /// `cassandra-nodetool-status.txt`, `qpid-queues.txt`; long ones by their number: `postgres-figures-2.txt`.
    private func fileName(_ words: [String], number: Int, of count: Int) -> String {
        guard count > 1 else { return source.id + ".txt" }
        let program = words[0].split(separator: "/").last.map(String.init) ?? ""
        let told = (source.id.contains(program) ? [] : [program]) + words.dropFirst()
        let slug = told.joined(separator: "-").map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let parts = String(slug).split(separator: "-")
        guard slug.count <= 40 else { return "\(source.id)-\(number).txt" }
        return ([source.id] + parts.map(String.init)).joined(separator: "-") + ".txt"
    }
}
