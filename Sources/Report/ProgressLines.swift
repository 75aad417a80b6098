public import SupportBundle

/// The words of a run's progress: a line for each item as it is done, and a bar for all of them.
public struct ProgressLines: Sendable {
    private let paint: Paint
    /// What runs now, in the order in which it began.
    private var running: [String] = []
    private var total = 0
    private var done = 0
    private var bytes = 0

    public init(color: Bool) { paint = Paint(on: color) }

    /// How many items there will be.
    public mutating func plan(_ count: Int) { total = count }

    public mutating func start(_ name: String) { running.append(name) }

    /// One item is done.
    /// - Parameter width: of the terminal, to which the line is cut; nil: as long as it is.
    /// - Returns: its line: name, state, size, time, and why it is not all there.
    public mutating func finish(
        _ name: String, _ state: Manifest.State, bytes size: Int, milliseconds: Int, reason: String?, width: Int?
    ) -> String {
        running.removeAll { $0 == name }
        done += 1
        total = max(total, done)
        bytes = Shown.sum([bytes, size])
        let padded = Shown.text(name, width == nil ? 60 : 40)
        let gap = String(repeating: " ", count: max(2, 28 - Paint.columns(padded)))
        let word = state.rawValue + String(repeating: " ", count: max(0, 9 - state.rawValue.utf8.count))
        let shown =
            switch state {
            case .collected: paint.green(word)
            case .missing: paint.red(word)
            case .partial: paint.yellow(word)
            case .skipped: word
            }
        let why = reason.map { "  " + Shown.text($0, 400) } ?? ""
        let numbers =
            Self.right(size > 0 ? Shown.size(size) : "", 10)
            + Self.right(Shown.duration(milliseconds: milliseconds), 11)
        let rest = numbers + why
        guard let width else { return "  \(padded)\(gap)\(shown)\(rest)" }
        // Name and state are short; only the reason can be too long for the terminal.
        let room = max(0, width - 1 - 2 - Paint.columns(padded) - gap.utf8.count - word.utf8.count)
        return "  \(padded)\(gap)\(shown)\(Shown.text(rest, room))"
    }

    /// The bar: how many items are done, for how long the run has gone on, and what runs now; never as wide as the
    /// terminal, so that it does not wrap. Empty before anything is planned.
    public func bar(seconds: Int, counts: String? = nil, width: Int) -> String {
        guard total > 0 else { return "" }
        let cells = width >= 60 ? 20 : 10
        let filled = min(cells, done * cells / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        var text = " \(bar) \(done)/\(total)"
        if bytes > 0 { text += " · \(Shown.size(bytes))" }
        text += " · " + (seconds < 120 ? "\(seconds) s" : Shown.duration(milliseconds: seconds * 1_000))
        let now = counts ?? running.joined(separator: ", ")
        if !now.isEmpty { text += " · \(now)" }
        return Shown.text(text, max(10, width - 1))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.utf8.count)) + text
    }
}
