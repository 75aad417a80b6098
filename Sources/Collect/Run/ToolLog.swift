internal import Documents
internal import Platform
internal import Redact
internal import Synchronization

/// What the tool did, redacted: `log/collect.jsonl`, one JSON object a line {time, level, text}.
final class ToolLog: Sendable {
    enum Level: String, Sendable { case info, warning, error }

    private struct State {
        var lines: [UInt8] = []
        var left = 0
    }

    private static let limit = 4 << 20
    private let state = Mutex(State())
    private let redactor: Redactor
    private let clock: RunClock

    init(redactor: Redactor, clock: RunClock) {
        self.redactor = redactor
        self.clock = clock
    }

    func write(_ level: Level, _ text: String) {
        let row = JSONValue.object([
            "time": .string(TimeText.iso8601(clock.milliseconds)), "level": .string(level.rawValue),
            "text": .string(TerminalText.harmless(redactor.redact(text), maxColumns: 4000)),
        ])
        let line = row.encoded() + [0x0A]
        state.withLock { state in
            if state.lines.count + line.count <= Self.limit { state.lines += line } else { state.left += 1 }
        }
    }

    /// All lines so far. Where time stands still they are sorted: collectors run side by side and end in any order.
    var bytes: [UInt8] {
        let lines = state.withLock { $0.lines }
        guard clock.fixed != nil else { return lines }
        return lines.split(separator: 0x0A).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 + [0x0A] }
    }
}
