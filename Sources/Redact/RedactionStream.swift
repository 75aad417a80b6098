/// Redacts one input as it streams by.
///
/// Text is passed on as it comes, some forty kilobytes behind; archives when they are complete. Not for use by several
/// tasks at once.
public final class RedactionStream {
    private enum Stage {
        case sniffing
        case text(TextEngine)
        /// 16-bit text: redacted as bytes first, should it only look like such text, then as what it says.
        case wide(TextEngine, WidePass)
        case container(ContentFormat)
        case packets(PacketPass)
        case packedPackets(PackedPacketPass)
        case withheld
        case finished
    }

    private let redactor: Redactor
    private let declared: ContentFormat
    private let name: String?
    private let mode: TextEngine.Mode
    private let depth: Int
    private let keepsPlaces: Bool
    private var stage = Stage.sniffing
    private var held: [UInt8] = []
    /// What comes after the rules for secrets at level `strict`.
    private var strict: StrictPass?
    private var summary: RedactionSummary

    /// Byte offsets of what was removed, if wanted.
    private(set) var places: [(position: Int, rule: String)] = []
    /// Places of what the strict pass replaced, if wanted.
    var strictPlaces: [Finding] { strict?.places ?? [] }

    init(
        _ redactor: Redactor, format: ContentFormat, name: String?, mode: TextEngine.Mode, depth: Int = 0,
        keepsPlaces: Bool = false
    ) {
        self.redactor = redactor
        self.declared = format
        self.name = name
        self.mode = mode
        self.depth = depth
        self.keepsPlaces = keepsPlaces
        summary = RedactionSummary(format: format)
    }

    /// Takes the next bytes of the input and appends what is ready to `out`. Chunks may be of any size.
    /// - Throws: ``RedactionError`` `.streamFinished` after ``finish(to:)``.
    public func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) throws(RedactionError) {
        summary.bytesIn += bytes.count
        let before = out.count
        defer { summary.bytesOut += out.count - before }
        if case .sniffing = stage {
            held += bytes
            guard held.count >= FormatSniffer.reach else { return }
            begin()
            let head = held
            held = []
            try feed(head[...], to: &out)
        } else {
            try feed(bytes, to: &out)
        }
    }

    /// Ends the input, appends the rest to `out`, and tells what was done.
    /// - Throws: ``RedactionError`` `.streamFinished` when called twice.
    public func finish(to out: inout [UInt8]) throws(RedactionError) -> RedactionSummary {
        let before = out.count
        if case .sniffing = stage {
            begin()
            let head = held
            held = []
            try feed(head[...], to: &out)
        }
        switch stage {
        case .sniffing, .withheld: break
        case .finished: throw finished
        case .text(let engine):
            engine.finish(to: &out, through: strict)
            settle(engine)
        case .wide(let engine, let pass):
            var bytes: [UInt8] = []
            engine.finish(to: &bytes)
            pass.append(bytes[...], to: &out)
            pass.finish(to: &out)
            settle(engine)
            settle(pass.engine)
        case .container(let format):
            let result = ContainerRedaction(redactor: redactor, mode: mode, depth: depth).redact(
                held, format: format, name: name)
            held = []
            out += result.bytes
            summary.findings = result.summary.findings
            summary.notes += result.summary.notes
            summary.withheld = result.summary.withheld
        case .packets(let pass): pass.finish(to: &out, summary: &summary)
        case .packedPackets(let pass): pass.finish(to: &out, summary: &summary)
        }
        stage = .finished
        if let strict { summary.findings.merge(strict.findings, uniquingKeysWith: +) }
        summary.bytesOut += out.count - before
        return summary
    }

    private var finished: RedactionError {
        RedactionError(.streamFinished, subject: name ?? "stream", reason: "nothing may follow the end")
    }

    private func settle(_ engine: TextEngine) {
        summary.findings.merge(engine.findings, uniquingKeysWith: +)
        places += engine.places
    }

    private func begin() {
        switch FormatSniffer.sniff(held, declared: declared, name: name) {
        case .withheld(let reason): withhold(reason)
        case .utf16(let format, let bigEndian):
            summary.format = format
            summary.notes.append("text of 16-bit units")
            strict = redactor.strictPass(format, keepsPlaces: keepsPlaces)
            stage = .wide(engine(.text), WidePass(engine: engine(format), strict: strict, bigEndian: bigEndian))
        case .format(let format):
            summary.format = format
            if declared != .auto, format != declared {
                summary.notes.append("declared as \(declared.rawValue), but is \(format.rawValue)")
            }
            if format == .gzip, PackedPacketPass.recognizes(held),
                let pass = try? PackedPacketPass(PacketPass(mode: mode, vault: redactor.vault))
            {
                stage = .packedPackets(pass)
            } else if format.isContainer {
                stage = .container(format)
            } else if format == .pcap {
                stage = .packets(PacketPass(mode: mode, vault: redactor.vault))
            } else {
                strict = redactor.strictPass(format, keepsPlaces: keepsPlaces)
                stage = .text(engine(format))
            }
        }
    }

    private func engine(_ format: ContentFormat) -> TextEngine {
        redactor.engine(format, mode: mode, keepsPlaces: keepsPlaces)
    }

    private func withhold(_ reason: String) {
        stage = .withheld
        held = []
        summary.withheld = reason
    }

    private func feed(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) throws(RedactionError) {
        switch stage {
        case .sniffing, .withheld: break
        case .finished: throw finished
        case .text(let engine): engine.append(bytes, to: &out, through: strict)
        case .wide(let engine, let pass):
            var text: [UInt8] = []
            engine.append(bytes, to: &text)
            pass.append(text[...], to: &out)
        case .container:
            if held.count + bytes.count > ContainerRedaction.packedLimit {
                withhold("an archive of more than \(ContainerRedaction.packedLimit >> 20) MiB")
            } else {
                held += bytes
            }
        case .packets(let pass): pass.append(bytes, to: &out)
        case .packedPackets(let pass): pass.append(bytes, to: &out)
        }
    }
}
