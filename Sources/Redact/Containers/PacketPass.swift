/// One pass over a packet capture: the first scrubs, the second makes zero what is left of learned secrets.
final class PacketPass {
    private let scrubber: PacketScrubber?
    private let vault: SecretVault
    private let isSearch: Bool
    /// Bytes that a literal may still go on into.
    private var held: [UInt8] = []
    private var findings: [String: Int] = [:]

    /// - Parameter pseudonyms: what gives other addresses and names, at level `strict`.
    init(mode: TextEngine.Mode, vault: SecretVault, pseudonyms: Pseudonymizer?) {
        scrubber = mode != .literals ? pseudonyms.map { PacketScrubber(pseudonyms: $0) } ?? PacketScrubber() : nil
        self.vault = vault
        isSearch = mode == .literals && vault.count > 0
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        if let scrubber {
            scrubber.append(bytes, to: &out)
        } else if !isSearch {
            out += bytes
        } else {
            held += bytes
            blank(upTo: held.count - vault.longestForm, to: &out)
        }
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        if let scrubber {
            let scrubbed = scrubber.finish(to: &out)
            summary.findings = scrubbed.findings
            summary.notes += scrubbed.notes
        } else {
            blank(upTo: held.count, to: &out)
            summary.findings = findings
            if !findings.isEmpty {
                summary.notes.append("bytes of learned secrets were made zero; checksums there no longer fit")
            }
        }
    }

    /// Passes on the bytes before `end`, with literals made zero: lengths must not change.
    private func blank(upTo end: Int, to out: inout [UInt8]) {
        guard end > 0 else { return }
        var from = 0
        while from < held.count,
            let hit = unsafe held.withUnsafeBufferPointer({ unsafe vault.find(in: $0, from: from, to: held.count) })
        {
            for index in hit.start..<hit.end { held[index] = 0 }
            findings[hit.rule, default: 0] += 1
            from = hit.end
        }
        out += held[..<end]
        held.removeFirst(end)
    }
}

extension Redactor {
    /// Whether an input that begins so need not be read before others for the secrets that it teaches: of a capture
    /// everything becomes zero that could be one. Names, which level `strict` learns, it may teach.
    public func learnsNothing(fromHead head: [UInt8]) -> Bool { pseudonyms == nil && FormatSniffer.isCapture(head) }
}
