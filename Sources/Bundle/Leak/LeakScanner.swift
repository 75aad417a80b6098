internal import Archive

/// Looks for secrets in what is about to leave the machine: a second opinion that shares no code with the redactor.
///
/// Known secrets are searched as they are and in every encoding a file may hold them in; unknown ones by shape and by
/// name. Files in zip and gzip files are looked into. It streams: memory is one window, plus one nested archive.
public final class LeakScanner {
    public struct Limits: Sendable, Equatable {
        /// A zip or gzip inside an item may be this large, packed; a larger one is reported as not scanned.
        public var nestedBytes = 64 << 20
        /// Zip in zip in gzip …
        public var depth = 4
        /// Findings of each kind kept; the others are counted.
        public var findings = 1000
        public init() {}
    }

    /// Stands for an archive in an archive that could not be looked into.
    public static let notScanned = "not-scanned"

    /// Places of known secrets: certain leaks.
    public private(set) var knownSecrets: [LeakSuspicion] = []
    /// Places that look like secrets.
    public private(set) var suspicions: [LeakSuspicion] = []
    /// Findings beyond ``Limits/findings``.
    public private(set) var omitted = 0

    private let literals: LiteralIndex
    private let limits: Limits
    private var seen: Set<LeakSuspicion> = []
    private var path = ""
    private var window: LeakWindow
    private var nested: [UInt8] = []
    private var isNested: Bool?
    private let depth: Int

    /// - Parameter literals: secrets known for certain; they stay in memory. Shorter than 5 bytes they are ignored.
    public convenience init(literals: [[UInt8]] = [], limits: Limits = Limits()) {
        self.init(
            index: LiteralIndex(secrets: literals.filter { $0.count >= LiteralForms.minBytes }), limits: limits,
            depth: 0)
    }

    private init(index: LiteralIndex, limits: Limits, depth: Int) {
        literals = index
        self.limits = limits
        self.depth = depth
        window = LeakWindow(literals: index)
    }

    /// Starts a file. Its name is looked at, too.
    public func begin(_ path: String) {
        self.path = path
        window = LeakWindow(literals: literals)
        nested = []
        isNested = nil
        if literals.contains(Array(path.utf8)) { note(0, "known-secret", isKnown: true) }
    }

    /// The next bytes of the file, of any number.
    public func feed(_ bytes: [UInt8]) {
        window.feed(bytes) { note($0, $1, isKnown: $2) }
        if isNested != false {
            nested += bytes
            if isNested == nil, nested.count >= 4 { isNested = LeakScanner.isArchive(nested) }
            if isNested == false { nested = [] }
            if nested.count > limits.nestedBytes {
                isNested = false
                nested = []
                note(0, LeakScanner.notScanned, isKnown: false)
            }
        }
    }

    /// Ends the file.
    public func end() {
        window.finish { note($0, $1, isKnown: $2) }
        if isNested == true { lookInside(nested) }
        nested = []
    }

    /// A whole file at once.
    public func scan(_ path: String, _ bytes: [UInt8]) {
        begin(path)
        feed(bytes)
        end()
    }

    private func lookInside(_ bytes: [UInt8]) {
        guard depth < limits.depth else { return note(0, LeakScanner.notScanned, isKnown: false) }
        let inner = LeakScanner(index: literals, limits: limits, depth: depth + 1)
        do throws(ArchiveError) {
            let archive = try ArchiveReader(bytes: bytes, limits: ArchiveLimits(ratio: 1100))
            while let entry = try archive.next() {
                inner.begin(path + "!" + printable(entry.path))
                while true {
                    let piece = try archive.read()
                    if piece.isEmpty { break }
                    inner.feed(piece)
                }
                inner.end()
            }
        } catch {
            note(0, LeakScanner.notScanned, isKnown: false)
        }
        for finding in inner.knownSecrets { keep(finding, isKnown: true) }
        for finding in inner.suspicions { keep(finding, isKnown: false) }
        omitted += inner.omitted
    }

    private func note(_ line: Int, _ rule: String, isKnown: Bool) {
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

    private static func isArchive(_ head: [UInt8]) -> Bool {
        GzipStream.recognizes(head) || [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6]].contains(Array(head.prefix(4)))
    }

    private func printable(_ name: String) -> String { name.count <= 300 ? name : String(name.prefix(300)) + "…" }
}
