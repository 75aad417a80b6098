import Collect
import Documents
import Platform
import Report
import SupportBundle
import Synchronization

/// One line for each item as it is done, and on a terminal a bar below them, on standard error.
///
/// Every change is one write that paints over what is there and then clears the rest of the line, so that nothing
/// flickers; nothing is written where nothing changed.
final class Progress: Sendable {
    private struct State {
        var lines: ProgressLines
        var counts: String?
        /// The bar as it stands on the terminal.
        var shown = ""
        var hasEnded = false
        var lastCounts: CaptureCounts?
    }

    private let quiet: Bool
    private let verbose: Bool
    private let isTerminal: Bool
    private let state: Mutex<State>
    private let clock = ContinuousClock()
    private let begun: ContinuousClock.Instant

    init(quiet: Bool, verbose: Bool, color: Bool) {
        self.quiet = quiet
        self.verbose = verbose
        isTerminal = Terminal.isTerminal(2)
        state = Mutex(State(lines: ProgressLines(color: color)))
        begun = clock.now
        guard isTerminal, !quiet else { return }
        // The seconds go on while nothing else happens.
        Task.detached { [weak self] in
            while let self, !self.state.withLock({ $0.hasEnded }) {
                self.redraw()
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    func show(_ event: RunEvent) {
        guard !quiet else { return }
        switch event {
        case .planned(let count):
            state.withLock { $0.lines.plan(count) }
            if verbose { print("collecting from \(count) sources") }
        case .started(let name):
            state.withLock { $0.lines.start(name) }
            redraw()
        case .finished(let name, let outcome, let bytes, let milliseconds, let reason):
            let width = isTerminal ? Terminal.columns(2) ?? 80 : nil
            let line = state.withLock {
                $0.lines.finish(
                    name, outcome, bytes: bytes, milliseconds: milliseconds, reason: reason, width: width)
            }
            print(line)
        case .phase(let text):
            print(TerminalText.harmless(text, maxColumns: 2_000))
        case .stage(let stage):
            if verbose { print("stage: \(stage.rawValue)") }
        case .capturing(let counts):
            count(counts)
        }
    }

    /// Removes the bar.
    func end() {
        guard !quiet, isTerminal else { return }
        state.withLock { state in
            state.hasEnded = true
            if !state.shown.isEmpty { Terminal.writeError("\r\u{1B}[K") }
            state.shown = ""
        }
    }

    /// A counter that stands still on a terminal; elsewhere a line when something was counted, and every half minute.
    private func count(_ counts: CaptureCounts) {
        let text =
            "\(counts.seconds) s: \(counts.packets) packets, \(counts.handshakes) handshakes, "
            + "\(counts.failures) failed, \(counts.alerts) alerts"
        if isTerminal {
            state.withLock { $0.counts = text }
            redraw()
            return
        }
        let isNews = state.withLock { state in
            var next = counts
            next.seconds = counts.seconds / 30
            next.packets = 0
            defer { state.lastCounts = next }
            return next != state.lastCounts
        }
        if isNews { print("  " + text) }
    }

    /// A line that stays, above the bar.
    private func print(_ line: String) {
        guard isTerminal else { return Terminal.writeError(line + "\n") }
        state.withLock { state in
            let bar = self.bar(state)
            Terminal.writeError("\r" + line + "\u{1B}[K\n" + bar + (bar.isEmpty ? "" : "\u{1B}[K"))
            state.shown = bar
        }
    }

    private func redraw() {
        guard isTerminal else { return }
        state.withLock { state in
            let bar = self.bar(state)
            guard bar != state.shown, !state.hasEnded else { return }
            Terminal.writeError("\r" + bar + "\u{1B}[K")
            state.shown = bar
        }
    }

    private func bar(_ state: State) -> String {
        let width = Terminal.columns(2) ?? 80
        let seconds = Int((clock.now - begun).components.seconds)
        let bar = state.lines.bar(seconds: seconds, counts: state.counts, width: width)
        // A capture alone has no items to count.
        return bar.isEmpty && state.counts != nil
            ? "  … " + TerminalText.harmless(state.counts ?? "", maxColumns: max(10, width - 6)) : bar
    }
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
