import Collect
import Documents
import Platform
import SupportBundle
import Synchronization

/// One line for each source as it is done, on standard error.
final class Progress: Sendable {
    private let quiet: Bool
    private let verbose: Bool
    private let color: Bool
    private let isTerminal = Terminal.isTerminal(2)
    private let running = Mutex<[String]>([])
    private let counted = Mutex<CaptureCounts?>(nil)

    init(quiet: Bool, verbose: Bool, color: Bool) {
        self.quiet = quiet
        self.verbose = verbose
        self.color = color
    }

    func show(_ event: RunEvent) {
        guard !quiet else { return }
        switch event {
        case .planned(let count):
            if verbose { line("collecting from \(count) sources") }
        case .started(let name):
            running.withLock { $0.append(name) }
            status()
        case .finished(let name, let state, let bytes, let milliseconds, let reason):
            running.withLock { $0.removeAll { $0 == name } }
            let word = painted(state.rawValue, state == .collected ? 32 : state == .skipped ? 2 : 33)
            let size = bytes > 0 ? ", \(ByteText.short(bytes))" : ""
            let time = milliseconds >= 100 ? ", \(milliseconds / 1000).\(milliseconds % 1000 / 100) s" : ""
            let why = reason.map { ": \(TerminalText.harmless($0))" } ?? ""
            line("  \(name): \(word)\(size)\(time)\(why)")
            status()
        case .phase(let text):
            line(text)
        case .capturing(let counts):
            count(counts)
        }
    }

    /// A counter that stands still on a terminal; elsewhere a line when something was counted, and every half minute.
    private func count(_ counts: CaptureCounts) {
        let text =
            "\(counts.seconds) s: \(counts.packets) packets, \(counts.handshakes) handshakes, "
            + "\(counts.failures) failed, \(counts.alerts) alerts"
        if isTerminal {
            Terminal.writeError("\r\u{1B}[K  … " + String(text.prefix(max(10, (Terminal.columns(2) ?? 80) - 5))))
            return
        }
        let isNews = counted.withLock { last in
            var next = counts
            next.seconds = counts.seconds / 30
            next.packets = 0
            defer { last = next }
            return next != last
        }
        if isNews { line("  " + text) }
    }

    /// Removes the line of what is running.
    func end() { if isTerminal, !quiet { Terminal.writeError("\r\u{1B}[K") } }

    private func line(_ text: String) { Terminal.writeError((isTerminal ? "\r\u{1B}[K" : "") + text + "\n") }

    private func status() {
        guard isTerminal else { return }
        let names = running.withLock { $0 }
        let width = Terminal.columns(2) ?? 80
        let text = names.isEmpty ? "" : "  … " + names.joined(separator: ", ")
        Terminal.writeError("\r\u{1B}[K" + String(text.prefix(max(10, width - 1))))
    }

    private func painted(_ text: String, _ code: Int) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

/// Sizes for people.
enum ByteText {
    static func short(_ bytes: Int) -> String {
        switch bytes {
        case ..<1024: "\(bytes) B"
        case ..<(1 << 20): "\((bytes + 512) >> 10) KiB"
        case ..<(1 << 30): "\((bytes + 524_288) >> 20) MiB"
        default: "\(bytes >> 30).\((bytes >> 20) % 1024 * 10 / 1024) GiB"
        }
    }
}
