internal import Archive

/// Redacts one input as it streams by.
///
/// Text is passed on as it comes, some forty kilobytes behind; tar archives entry by entry, zip files when they are
/// complete. Not for use by several
/// tasks at once.
public final class RedactionStream {
    private enum Stage {
        case sniffing
        case text(TextEngine)
        /// Wide text: redacted as bytes first, should it only look like such text, then as what it says.
        case wide(TextEngine, WidePass)
        case container(any ContainerPass)
        case packets(PacketPass)
        case withheld
        case finished
    }

    private let redactor: Redactor
    private let declared: ContentFormat
    private let name: String?
    private let mode: TextEngine.Mode
    private let nest: Nest
    private let keepsPlaces: Bool
    private var stage = Stage.sniffing
    private var held: [UInt8] = []
    /// What comes after the rules for secrets at level `strict`.
    private var strict: StrictPass?
    private var summary: RedactionSummary
    /// Output that is about to be handed on.
    private var ready: [UInt8] = []

    /// Byte offsets of what was removed, if wanted.
    private(set) var places: [(position: Int, rule: String)] = []
    /// Places of what the strict pass replaced, if wanted.
    var strictPlaces: [Finding] { strict?.places ?? [] }

    init(
        _ redactor: Redactor, format: ContentFormat, name: String?, mode: TextEngine.Mode, nest: Nest? = nil,
        keepsPlaces: Bool = false
    ) {
        self.redactor = redactor
        self.declared = format
        self.name = name
        self.mode = mode
        self.nest = nest ?? Nest(folders: redactor.spillFolders)
        self.keepsPlaces = keepsPlaces
        summary = RedactionSummary(format: format)
    }

    /// Takes the next bytes of the input and appends what is ready to `out`. Chunks may be of any size.
    ///
    /// That may be much for few bytes, at the end of an archive's entry for example: ``append(_:into:)`` needs less
    /// memory.
    /// - Throws: ``RedactionError`` `.streamFinished` after ``finish(to:)``.
    public func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) throws(RedactionError) {
        try take(bytes) { out += $0 }
    }

    /// Takes the next bytes of the input and hands what is ready to `sink`, in pieces of bounded size.
    /// - Throws: ``RedactionError`` `.streamFinished` after ``finish(to:)``, or what `sink` throws.
    public func append(_ bytes: ArraySlice<UInt8>, into sink: (ArraySlice<UInt8>) throws -> Void) throws {
        var failure: (any Error)?
        try take(bytes) { piece in failure = failure ?? Self.error(of: { try sink(piece) }) }
        if let failure { throw failure }
    }

    /// Ends the input, appends the rest to `out`, and tells what was done.
    ///
    /// Where ``RedactionSummary/withheld`` is set, nothing of the whole output may be kept.
    /// - Throws: ``RedactionError`` `.streamFinished` when called twice.
    public func finish(to out: inout [UInt8]) throws(RedactionError) -> RedactionSummary {
        try end { out += $0 }
    }

    /// Ends the input, hands the rest to `sink` in pieces of bounded size, and tells what was done, as
    /// ``finish(to:)-swift.method`` does.
    public func finish(into sink: (ArraySlice<UInt8>) throws -> Void) throws -> RedactionSummary {
        var failure: (any Error)?
        let summary = try end { piece in failure = failure ?? Self.error(of: { try sink(piece) }) }
        if let failure { throw failure }
        return summary
    }

    private static func error(of body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    func take(_ bytes: ArraySlice<UInt8>, _ sink: PieceSink) throws(RedactionError) {
        summary.bytesIn += bytes.count
        if nest.depth == 0 { nest.budget.input += bytes.count }
        var count = 0
        defer { summary.bytesOut += count }
        func handOut(_ piece: ArraySlice<UInt8>) {
            count += piece.count
            sink(piece)
        }
        if case .sniffing = stage {
            held += bytes
            guard held.count >= FormatSniffer.reach else { return }
            begin()
            let head = held
            held = []
            try feed(head[...], handOut)
        } else {
            try feed(bytes, handOut)
        }
    }

    func end(_ sink: PieceSink) throws(RedactionError) -> RedactionSummary {
        var count = 0
        func handOut(_ piece: ArraySlice<UInt8>) {
            count += piece.count
            sink(piece)
        }
        if case .sniffing = stage {
            begin()
            let head = held
            held = []
            try feed(head[...], handOut)
        }
        switch stage {
        case .sniffing, .withheld: break
        case .finished: throw finished
        case .text(let engine):
            engine.finish(to: &ready, through: strict)
            settle(engine)
        case .wide(let engine, let pass):
            var bytes: [UInt8] = []
            engine.finish(to: &bytes)
            pass.append(bytes[...], to: &ready)
            pass.finish(to: &ready)
            settle(engine)
            settle(pass.engine)
        case .container(let pass): pass.finish(to: handOut, summary: &summary)
        case .packets(let pass):
            pass.finish(to: &ready, summary: &summary)
        }
        handOn(handOut)
        stage = .finished
        if let strict { summary.findings.merge(strict.findings, uniquingKeysWith: +) }
        summary.bytesOut += count
        if summary.withheld != nil { summary.bytesOut = 0 }
        return summary
    }

    private var finished: RedactionError {
        RedactionError(.streamFinished, subject: name ?? "stream", reason: "nothing may follow the end")
    }

    private func settle(_ engine: TextEngine) {
        summary.findings.merge(engine.findings, uniquingKeysWith: +)
        places += engine.places.filter { $0.code != nil }.map { ($0.start, $0.rule) }
    }

    private func begin() {
        switch FormatSniffer.sniff(Array(held.prefix(FormatSniffer.reach)), declared: declared, name: name) {
        case .withheld(let reason): withhold(reason)
        case .wide(let format, let encoding):
            summary.format = format
            summary.notes.append("text of \(8 * encoding.unitBytes)-bit units")
            strict = redactor.strictPass(format, keepsPlaces: keepsPlaces)
            stage = .wide(engine(.text), WidePass(engine: engine(format), strict: strict, encoding: encoding))
        case .encoded(let coding):
            summary.format = .text
            if isToken() {
                begin(.text)
            } else if nest.isTooDeep {
                withhold("text encoded more than \(2 * Nest.deepest) times")
            } else {
                stage = .container(
                    EncodedPass(coding, redactor: redactor, mode: mode, nest: nest, name: name))
            }
        case .format(let format):
            summary.format = format
            if declared != .auto, format != declared {
                summary.notes.append("declared as \(declared.rawValue), but is \(format.rawValue)")
            }
            begin(format)
        }
    }

    /// A short input that begins with a token as it stands, whatever that may say decoded.
    private func isToken() -> Bool {
        guard held.count < FormatSniffer.reach, mode != .literals else { return false }
        let rules = redactor.rules
        var hits: [AnchorAutomaton.Hit] = []
        unsafe held.withUnsafeBufferPointer { unsafe rules.automaton.scan($0, from: 0, hits: &hits) }
        return Window.over(held) { window in
            let inspector = Inspector(rules: rules, window: window, format: .text, depth: 0, names: NameCache())
            return hits.contains { hit in
                rules.automaton.outputs(of: hit).contains { target in
                    guard case .token = rules.rules[rules.targets[Int(target)].rule].kind else { return false }
                    return inspector.inspect(target: Int(target), end: hit.end).contains { $0.start == 0 }
                }
            }
        }
    }

    private func begin(_ format: ContentFormat) {
        do throws(ArchiveError) {
            if let pass = try container(format) {
                if nest.isTooDeep {
                    withhold("archives in archives more than \(Nest.deepest) deep")
                } else {
                    stage = .container(pass)
                }
            } else if format == .pcap {
                stage = .packets(PacketPass(mode: mode, vault: redactor.vault, pseudonyms: redactor.pseudonyms))
            } else {
                strict = redactor.strictPass(format, keepsPlaces: keepsPlaces)
                stage = .text(engine(format))
            }
        } catch {
            withhold(error.reason)
        }
    }

    private func container(_ format: ContentFormat) throws(ArchiveError) -> (any ContainerPass)? {
        let compression: Compression
        switch format {
        case .zip: return ZipPass(redactor: redactor, mode: mode, nest: nest)
        case .tar: return try TarPass(redactor: redactor, mode: mode, nest: nest)
        case .gzip: compression = .gzip
        case .zstd: compression = .zstd
        case .bzip2: compression = .bzip2
        case .xz: compression = .xz
        default: return nil
        }
        return try CompressedPass(compression, redactor: redactor, mode: mode, nest: nest, name: name)
    }

    private func engine(_ format: ContentFormat) -> TextEngine {
        redactor.engine(format, mode: mode, keepsPlaces: keepsPlaces, nest: nest)
    }

    private func withhold(_ reason: String) {
        stage = .withheld
        held = []
        summary.withheld = reason
    }

    private func feed(_ bytes: ArraySlice<UInt8>, _ sink: PieceSink) throws(RedactionError) {
        switch stage {
        case .sniffing, .withheld: break
        case .finished: throw finished
        case .text(let engine): engine.append(bytes, to: &ready, through: strict)
        case .wide(let engine, let pass):
            var text: [UInt8] = []
            engine.append(bytes, to: &text)
            pass.append(text[...], to: &ready)
        case .container(let pass): pass.append(bytes, to: sink)
        case .packets(let pass): pass.append(bytes, to: &ready)
        }
        handOn(sink)
    }

    private func handOn(_ sink: PieceSink) {
        guard !ready.isEmpty else { return }
        sink(ready[...])
        ready.removeAll(keepingCapacity: true)
    }
}
