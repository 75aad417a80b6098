internal import Redact
internal import SupportBundle

/// Puts markers in place of known secrets that the leak scan found in a finished item.
///
/// The redactor did not see them there, so nothing of it has a say in where they are: the scan's own places are taken.
struct LeakMask {
    static let rule = "known-secret"

    let context: RunContext

    /// - Parameter spans: in order; they may overlap.
    /// - Returns: the item's new row.
    func apply(_ spans: [Range<Int>], to item: Manifest.Item) throws(BundleError) -> Manifest.Item {
        let merged = Self.merged(spans)
        let reader = try context.work.openFinished(item.path)
        let beside = item.path + ".masked"
        let writer = try context.work.makeFinished(beside)
        var position = 0
        for span in merged {
            try copy(span.lowerBound - position, from: reader, to: writer)
            try writer.write(replacement(of: try read(span.count, from: reader)))
            position = span.upperBound
        }
        try copy(.max, from: reader, to: writer)
        var row = FinishingPass.completed(item, try writer.close(), raw: item.rawBytes)
        try context.work.replaceFinished(item.path, by: beside)
        row.redactions[Self.rule, default: 0] += merged.count
        row.notes.append("the leak scan found a known secret in it in \(merged.count) places; markers stand there now")
        row.state = .partial
        row.reason = row.reason ?? "a known secret was found in it late, and masked"
        return row
    }

    static func merged(_ spans: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, span.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                result.append(span)
            }
        }
        return result
    }

    /// A marker, and the line breaks of what it stands for: line numbers don't change.
    private func replacement(of secret: [UInt8]) -> [UInt8] {
        Array(context.redactor.marker(rule: Self.rule, value: secret).utf8) + secret.filter { $0 == 0x0A }
    }

    private func copy(_ count: Int, from reader: FinishedReader, to writer: FinishedWriter) throws(BundleError) {
        var left = count
        while left > 0 {
            let piece = try reader.read(upTo: min(left, 256 << 10))
            if piece.isEmpty { return }
            try writer.write(piece)
            left -= piece.count
        }
    }

    private func read(_ count: Int, from reader: FinishedReader) throws(BundleError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try reader.read(upTo: min(count - bytes.count, 256 << 10))
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }
}
