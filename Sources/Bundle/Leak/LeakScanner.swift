internal import Archive

/// Looks for secrets in what is about to leave the machine: a second opinion that shares no code with the redactor.
///
/// Known secrets are searched as they are and in every encoding a file may hold them in; unknown ones by shape and by
/// name. Archives and compressed files are looked into. It streams: memory is one window for each layer, plus a zip.
public final class LeakScanner {
    /// How deep and how far containers are looked into.
    public struct Limits: Sendable, Equatable {
        /// A zip inside an item may be this large, packed; a larger one is reported as not scanned.
        public var nestedBytes = 128 << 20
        /// Zip in tar in gzip …
        public var depth = 12
        /// Bytes that come out of the containers of one file, for each byte of it, beyond the first 256 MiB.
        public var ratio = 1_000
        /// Findings of each kind kept; the others are counted.
        public var findings = 1000
        public init() {}
    }

    /// A file with more known secrets is better left out.
    private static let spanLimit = 100_000

    /// Stands for a file in a file that could not be looked into.
    public static let notScanned = "not-scanned"

    /// Places of known secrets: certain leaks.
    public private(set) var knownSecrets: [LeakSuspicion] = []
    /// Places that look like secrets.
    public private(set) var suspicions: [LeakSuspicion] = []
    /// Findings beyond ``Limits/findings``.
    public private(set) var omitted = 0
    /// Where in a file the known secrets are, by its path, in order; they may overlap. Only of files in which each can be
    /// replaced by itself: not what is inside of containers, in wide text or in a name.
    public private(set) var knownSpans: [String: [Range<Int>]] = [:]
    private var spans: [Range<Int>] = []
    private var isReplaceable = true

    private let literals: LiteralIndex
    private let limits: Limits
    private let depth: Int
    private let cost: LeakCost
    private var seen: Set<LeakSuspicion> = []
    /// The file that is scanned.
    private(set) var path = ""
    private var window: LeakWindow
    /// The file without zero bytes, where it looks like text of 16-bit or 32-bit units.
    private var narrow: LeakWindow?
    /// First bytes, until there are enough to tell what it is.
    private var head: [UInt8]? = []
    private var container: (any LeakContainer)?

    /// - Parameter literals: secrets known for certain; they stay in memory. Shorter than 5 bytes they are ignored.
    public convenience init(literals: [[UInt8]] = [], limits: Limits = Limits()) {
        self.init(
            index: LiteralIndex(secrets: literals.filter { $0.count >= LiteralPieces.minBytes }), limits: limits,
            depth: 0, cost: LeakCost(ratio: limits.ratio))
    }

    private init(index: LiteralIndex, limits: Limits, depth: Int, cost: LeakCost) {
        literals = index
        self.limits = limits
        self.depth = depth
        self.cost = cost
        window = LeakWindow(literals: index)
    }

    /// A scanner for known secrets alone and one for unknown ones, so that two threads can share the work; none where it
    /// is too little. What they find is to be brought back by ``join(_:)``.
    func split() -> [LeakScanner] {
        guard literals.isLarge else { return [] }
        return [literals.withoutDetectors, LiteralIndex.none].map { index in
            LeakScanner(index: index, limits: limits, depth: depth, cost: LeakCost(ratio: limits.ratio))
        }
    }

    /// Takes in what another scanner found in the same files.
    func join(_ other: LeakScanner) {
        take(other)
        knownSpans.merge(other.knownSpans) { $1 }
    }

    /// Starts a file. Its name is looked at, too.
    public func begin(_ path: String) {
        self.path = path
        window = LeakWindow(literals: literals)
        narrow = nil
        head = []
        container = nil
        spans = []
        isReplaceable = true
        if depth == 0 { cost.reset() }
        if literals.contains(Array(path.utf8)) { note(0, "known-secret", isKnown: true) }
    }

    /// The next bytes of the file, of any number.
    public func feed(_ bytes: [UInt8]) {
        if depth == 0 { cost.input += bytes.count }
        guard var start = head else { return look(bytes) }
        start += bytes
        head = start
        if start.count >= LeakContainers.reach { openHead() }
    }

    /// Ends the file.
    public func end() {
        openHead()
        window.finish { note($0) }
        narrow?.finish { note($0, isNarrow: true) }
        if let container, !container.finish() { note(0, LeakScanner.notScanned, isKnown: false) }
        if depth == 0, container == nil, isReplaceable, !spans.isEmpty { knownSpans[path] = spans }
        spans = []
        container = nil
        narrow = nil
    }

    /// A whole file at once.
    public func scan(_ path: String, _ bytes: [UInt8]) {
        begin(path)
        feed(bytes)
        end()
    }

    private func openHead() {
        guard let start = head else { return }
        head = nil
        if let kind = LeakContainers.kind(start) {
            if depth < limits.depth {
                container = kind.open(self, limits)
            } else {
                note(0, LeakScanner.notScanned, isKnown: false)
            }
        } else if start.prefix(LeakContainers.reach).count(where: { $0 == 0 }) * 4
            >= min(start.count, LeakContainers.reach)
        {
            narrow = LeakWindow(literals: literals)
        }
        look(start)
    }

    private func look(_ bytes: [UInt8]) {
        window.feed(bytes) { note($0) }
        narrow?.feed(bytes.filter { $0 != 0 }) { note($0, isNarrow: true) }
        container?.feed(bytes)
    }

    /// A scanner for what is inside of this file.
    func makeInner() -> LeakScanner {
        LeakScanner(index: literals, limits: limits, depth: depth + 1, cost: cost)
    }

    /// The name of a file inside of this one.
    func name(_ entry: String) -> String {
        path + "!" + (entry.count <= 300 ? entry : String(entry.prefix(300)) + "…")
    }

    /// False once the containers of the outermost file cost too much.
    func pay(_ bytes: Int) -> Bool { cost.pay(bytes) }

    func take(_ inner: LeakScanner) {
        for finding in inner.knownSecrets { keep(finding, isKnown: true) }
        for finding in inner.suspicions { keep(finding, isKnown: false) }
        omitted += inner.omitted
    }

    private func note(_ found: LeakWindow.Found, isNarrow: Bool = false) {
        if let span = found.known {
            if isNarrow || spans.count == LeakScanner.spanLimit { isReplaceable = false } else { spans.append(span) }
        }
        note(found.line, found.rule, isKnown: found.known != nil)
    }

    private func note(_ line: Int, _ rule: String, isKnown: Bool) {
        if isKnown, line == 0 { isReplaceable = false }
        keep(LeakSuspicion(path: path, line: line, rule: rule), isKnown: isKnown)
    }

    private func keep(_ finding: LeakSuspicion, isKnown: Bool) {
        guard (isKnown ? knownSecrets.count : suspicions.count) < limits.findings else {
            omitted += 1
            return
        }
        guard seen.insert(finding).inserted else { return }
        if isKnown { knownSecrets.append(finding) } else { suspicions.append(finding) }
    }
}

/// How much the containers of one file may expand to.
final class LeakCost {
    private static let floor = 256 << 20
    private let ratio: Int
    private var spent = 0
    var input = 0

    init(ratio: Int) { self.ratio = ratio }

    func reset() { (spent, input) = (0, 0) }

    func pay(_ bytes: Int) -> Bool {
        spent += bytes
        return spent <= Self.floor || spent / ratio <= input
    }
}
