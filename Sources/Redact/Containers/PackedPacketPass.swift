internal import Archive

/// A pass over a capture that is packed with gzip: unpacked, scrubbed and packed again as it streams by, so that its size
/// does not matter.
final class PackedPacketPass {
    private let pass: PacketPass
    private let input: GzipInput
    private let output: GzipOutput
    private var problem: String?

    /// Whether gzip data, of which this is the start, holds a capture.
    static func recognizes(_ head: [UInt8]) -> Bool {
        guard GzipStream.recognizes(head), let input = try? GzipInput() else { return false }
        var start: [UInt8] = []
        try? input.append(head[...]) { start += $0.prefix(4 - min(4, start.count)) }
        return FormatSniffer.isCapture(start)
    }

    init(_ pass: PacketPass) throws(ArchiveError) {
        self.pass = pass
        input = try GzipInput()
        // Zeros are most of it: the fast level packs them well.
        output = try GzipOutput(level: 1)
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard problem == nil else { return }
        do throws(ArchiveError) {
            var failure: ArchiveError?
            var scrubbed: [UInt8] = []
            try input.append(bytes) { piece in
                pass.append(piece, to: &scrubbed)
                do throws(ArchiveError) {
                    try output.append(scrubbed[...], isLast: false, to: &out)
                } catch {
                    failure = error
                }
                scrubbed.removeAll(keepingCapacity: true)
            }
            if let failure { throw failure }
        } catch {
            problem = error.reason
        }
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        var rest: [UInt8] = []
        pass.finish(to: &rest, summary: &summary)
        if problem == nil, !input.isComplete { problem = "the gzip data end in the middle" }
        do throws(ArchiveError) {
            try output.append(rest[...], isLast: true, to: &out)
        } catch {
            problem = error.reason
        }
        if let problem { summary.notes.append("the rest was dropped: \(problem)") }
    }
}
