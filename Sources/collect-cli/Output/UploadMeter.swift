import Platform
import Synchronization

/// How far an upload is: a line that stands still on a terminal, with rate and time left; elsewhere one every ten percent.
final class UploadMeter: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var base: (time: ContinuousClock.Instant, bytes: Int)?
        var percent = -1
    }

    private let total: Int
    private let quiet: Bool
    private let isTerminal = Terminal.isTerminal(2)
    private let state = Mutex(State())

    init(total: Int, quiet: Bool) {
        self.total = total
        self.quiet = quiet
    }

    func show(_ bytes: Int) {
        guard !quiet else { return }
        let now = ContinuousClock.now
        let text = state.withLock { state -> String? in
            let base = state.base ?? (now, bytes)
            state.base = base
            let percent = total > 0 ? min(100, bytes * 100 / total) : 100
            if isTerminal {
                if let last = state.shownAt, now - last < .milliseconds(200), bytes < total { return nil }
            } else if percent / 10 == state.percent / 10, state.percent >= 0 {
                return nil
            }
            (state.shownAt, state.percent) = (now, percent)
            let elapsed = (now - base.time).components
            let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
            var text = "\(percent) % of \(ByteText.short(total))"
            if seconds > 0.5, bytes > base.bytes {
                let rate = Double(bytes - base.bytes) / seconds
                text += ", \(ByteText.short(Int(rate)))/s"
                if bytes < total { text += ", \(Self.time(Int(Double(total - bytes) / rate))) left" }
            }
            return text
        }
        if let text { Terminal.writeError(isTerminal ? "\r\u{1B}[K" + text : text + "\n") }
    }

    func end() { if isTerminal, !quiet { Terminal.writeError("\r\u{1B}[K") } }

    private static func time(_ seconds: Int) -> String {
        seconds < 60
            ? "\(seconds) s" : seconds < 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
