internal import Archive

/// One pass over a packet capture: the first scrubs, the second makes zero what is left of learned secrets.
final class PacketPass {
    private let scrubber: PacketScrubber?
    private let vault: SecretVault
    private var table = LiteralTable()
    /// Bytes that a literal may still go on into.
    private var held: [UInt8] = []
    private var findings: [String: Int] = [:]

    init(mode: TextEngine.Mode, vault: SecretVault) {
        scrubber = mode == .rules ? PacketScrubber() : nil
        self.vault = vault
        if mode == .literals, let known = vault.table(since: 0) { table = known.table }
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        if let scrubber {
            scrubber.append(bytes, to: &out)
        } else if table.isEmpty {
            out += bytes
        } else {
            held += bytes
            blank(upTo: held.count - table.longest, to: &out)
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

    /// Passes on the bytes before `end`, with the literals that start there made zero: lengths must not change.
    private func blank(upTo end: Int, to out: inout [UInt8]) {
        guard end > 0 else { return }
        var from = 0
        while from < end, let hit = table.find(in: held, from: from, to: end) {
            let stop = hit.start + hit.form.bytes.count
            for index in hit.start..<stop { held[index] = 0 }
            findings[table.literals[hit.form.literal].rule, default: 0] += 1
            from = stop
        }
        out += held[..<end]
        held.removeFirst(end)
    }
}
