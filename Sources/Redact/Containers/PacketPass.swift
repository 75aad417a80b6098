/// One pass over a packet capture: the first scrubs, the second makes zero what is left of learned secrets.
final class PacketPass {
    private let scrubber: PacketScrubber?
    /// Of the second pass.
    private var blank: LiteralBlank?

    /// - Parameter pseudonyms: what gives other addresses and names, at level `strict`.
    init(mode: TextEngine.Mode, vault: SecretVault, pseudonyms: Pseudonymizer?) {
        scrubber = mode != .literals ? pseudonyms.map { PacketScrubber(pseudonyms: $0) } ?? PacketScrubber() : nil
        if mode == .literals, vault.count > 0 { blank = LiteralBlank(vault: vault, filler: 0) }
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        if let scrubber {
            scrubber.append(bytes, to: &out)
        } else if blank == nil {
            out += bytes
        } else {
            blank?.append(bytes, to: &out)
        }
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        if let scrubber {
            let scrubbed = scrubber.finish(to: &out)
            summary.findings = scrubbed.findings
            summary.notes += scrubbed.notes
        } else {
            blank?.finish(to: &out)
            summary.findings = blank?.findings ?? [:]
            if !summary.findings.isEmpty {
                summary.notes.append("bytes of learned secrets were made zero; checksums there no longer fit")
            }
        }
    }
}

extension Redactor {
    /// Whether an input that begins so need not be read before others for the secrets that it teaches: of a capture
    /// everything becomes zero that could be one. Names, which level `strict` learns, it may teach.
    public func learnsNothing(fromHead head: [UInt8]) -> Bool { pseudonyms == nil && FormatSniffer.isCapture(head) }
}
