internal import Archive

/// Redacts a text that is encoded as a whole, as base64 for example: decoded, redacted by what it then is, encoded
/// again in the same form. What follows the encoded part is redacted as text.
final class EncodedPass: ContainerPass {
    private let inner: RedactionStream
    private let tail: RedactionStream
    private let nest: Nest
    private var decoder: TextDecoder
    private var encoder: TextEncoder
    /// For literals that stand in the encoded text as they are: what hides in it is found inside.
    private var blank: LiteralBlank?
    private var summary = RedactionSummary(format: .auto)
    private var failure: String?
    private var isInside = true

    init(_ coding: TextCoding, redactor: Redactor, mode: TextEngine.Mode, nest: Nest, name: String?) {
        self.nest = nest
        decoder = TextDecoder(coding)
        encoder = TextEncoder(coding)
        inner = RedactionStream(
            redactor, format: .auto, name: name, mode: mode, nest: nest.inside(archive: false))
        if mode != .rulesAlone { blank = LiteralBlank(vault: redactor.vault, filler: UInt8(ascii: "0")) }
        tail = RedactionStream(redactor, format: .text, name: nil, mode: mode, nest: nest.inside(archive: false))
    }

    func append(_ bytes: ArraySlice<UInt8>, to sink: PieceSink) {
        guard failure == nil else { return }
        do throws(RedactionError) {
            guard isInside else { return try tail.take(bytes, sink) }
            let (decoded, rest) = decoder.append(bytes)
            try inner.take(decoded[...]) { encode($0, to: sink) }
            if let rest { try leave(rest, to: sink) }
        } catch {
            failure = error.reason
        }
    }

    func finish(to sink: PieceSink, summary: inout RedactionSummary) {
        do throws(RedactionError) {
            if isInside, failure == nil { try leave(decoder.finish(), to: sink) }
            summary.take(self.summary)
            if failure == nil { summary.take(try tail.end(sink)) }
        } catch {
            failure = error.reason
        }
        if let failure { summary.withheld = failure }
    }

    private func leave(_ rest: [UInt8], to sink: PieceSink) throws(RedactionError) {
        isInside = false
        let part = try inner.end { encode($0, to: sink) }
        summary.take(part)
        if let reason = part.withheld {
            failure = reason
            return
        }
        var ready: [UInt8] = []
        encoder.finish(as: decoder, to: &ready)
        handOn(ready, isEnd: true, to: sink)
        try tail.take(rest[...], sink)
    }

    private func encode(_ ready: ArraySlice<UInt8>, to sink: PieceSink) {
        var encoded: [UInt8] = []
        encoder.append(Array(ready), as: decoder, to: &encoded)
        handOn(encoded, to: sink)
    }

    private func handOn(_ encoded: [UInt8], isEnd: Bool = false, to sink: PieceSink) {
        guard blank != nil else { return sink(encoded[...]) }
        var ready: [UInt8] = []
        blank?.append(encoded[...], to: &ready)
        if isEnd {
            blank?.finish(to: &ready)
            summary.findings.merge(blank?.findings ?? [:], uniquingKeysWith: +)
        }
        sink(ready[...])
    }
}
