internal import Platform
internal import SupportBundle

/// Makes the items fit into `--max-size`: what the playbook asks for first is kept first; logs that are too large are
/// cut around the failing record; the rest is left out. The manifest says what was done.
struct SizeBudget: Sendable {
    let context: RunContext

    /// - Parameters:
    ///   - items: finished ones.
    ///   - allowance: bytes that all of them together may take, packed.
    /// - Returns: the rows of those that stay.
    func fit(_ items: [Manifest.Item], into allowance: Int) -> [Manifest.Item] {
        let order = context.playbook.mustCollect(context.mode).map(\.item)
        func rank(_ item: Manifest.Item) -> Int {
            item.kind == .tried ? -1 : order.firstIndex(of: item.kind) ?? order.count
        }
        var left = allowance
        var kept: [Manifest.Item] = []
        for item in items.sorted(by: { (rank($0), $0.path) < (rank($1), $1.path) }) {
            var row = item
            if size(row) > left, let cut = cut(row, to: left - Self.overhead) { row = cut }
            guard size(row) <= left else {
                leaveOut(row)
                continue
            }
            left -= size(row)
            kept.append(row)
        }
        return kept
    }

    /// Of an entry besides its content: its header, its rows in manifest, report and index.
    private static let overhead = 1024

    private func size(_ item: Manifest.Item) -> Int {
        (context.work.packedBytes(ofFinished: item.path) ?? item.bytes) + Self.overhead
    }

    private func leaveOut(_ item: Manifest.Item) {
        try? context.work.removeFinished(item.path)
        context.record(
            item.kind, .missing, reason: "'\(item.title)' is left out: it does not fit into --max-size",
            hint: "run it again with a larger --max-size, or with --split")
    }

    /// The log without what is farthest from the failing record; nil for what is no log, or can't be made to fit.
    private func cut(_ item: Manifest.Item, to packed: Int) -> Manifest.Item? {
        guard item.mediaType == "text/plain", let whole = context.work.packedBytes(ofFinished: item.path), whole > 0,
            packed > 0
        else { return nil }
        // Text shrinks much the same everywhere; a little less, so that one try does.
        var keep = Int(Double(item.bytes) * Double(packed) / Double(whole) * 0.9)
        do {
            for _ in 0..<4 where keep > 0 {
                guard let (digest, packedBytes) = try replace(item, keeping: keep) else { return nil }
                if packedBytes <= packed {
                    var row = FinishingPass.completed(item, digest, raw: item.rawBytes)
                    let gone = item.bytes - digest.bytes
                    row.state = .partial
                    row.reason = "cut around the failing record to fit into --max-size"
                    row.truncated = Manifest.Truncation(
                        how: "kept what is nearest to the failing record, whole records, to fit into --max-size",
                        bytes: (item.truncated?.bytes ?? 0) + gone)
                    return row
                }
                keep = keep * 3 / 4
            }
        } catch {
            context.log.write(.warning, "\(item.path) can't be cut: \(error)")
        }
        return nil
    }

    /// Puts the part that is kept in the place of a finished log; nil if not one record fits, and then it stays.
    private func replace(_ item: Manifest.Item, keeping: Int) throws -> (FileDigest, packed: Int)? {
        let work = context.work
        let cut = LogCut(
            open: {
                let reader = try work.openFinished(item.path)
                return { try reader.read() }
            }, size: item.bytes)
        let temporary = item.path + ".cut"
        let writer = try work.makeFinished(temporary)
        let kept = try cut.cut(around: context.caseFile.current.messageID, keeping: keeping) { try writer.write($0) }
        let digest = try writer.close()
        guard kept > 0 else {
            try work.removeFinished(temporary)
            return nil
        }
        let packed = work.packedBytes(ofFinished: temporary) ?? kept
        try work.replaceFinished(item.path, by: temporary)
        return (digest, packed)
    }
}
