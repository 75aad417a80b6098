internal import Archive

/// Redacts a text that is encoded as a whole, as base64 for example: decoded, redacted by what it then is, encoded
/// again in the same form. What follows the encoded part is redacted as text.
final class EncodedPass: ContainerPass {
    private let inner: RedactionStream
    private let tail: RedactionStream
    private let nest: Nest
    private var decoder: TextDecoder
    private var encoder: TextEncoder
    private var summary = RedactionSummary(format: .auto)
    private var failure: String?
    private var isInside = true
    private var hasOutput = false

    init(_ coding: TextCoding, redactor: Redactor, mode: TextEngine.Mode, nest: Nest, name: String?) {
        self.nest = nest
        decoder = TextDecoder(coding)
        encoder = TextEncoder(coding)
        inner = RedactionStream(
            redactor, format: .auto, name: name, mode: mode, nest: nest.inside(archive: false))
        tail = RedactionStream(redactor, format: .text, name: nil, mode: mode, nest: nest.inside(archive: false))
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard failure == nil else { return }
        do throws(RedactionError) {
            guard isInside else { return try tail.append(bytes, to: &out) }
            let (decoded, rest) = decoder.append(bytes)
            var ready: [UInt8] = []
            try inner.append(decoded[...], to: &ready)
            encode(ready, to: &out)
            if let rest { try leave(rest, to: &out) }
        } catch {
            failure = error.reason
        }
    }

    func finish(to out: inout [UInt8], summary: inout RedactionSummary) {
        do throws(RedactionError) {
            if isInside, failure == nil { try leave(decoder.finish(), to: &out) }
            summary.take(self.summary)
            if failure == nil { summary.take(try tail.finish(to: &out)) }
        } catch {
            failure = error.reason
        }
        guard let failure else { return }
        if hasOutput {
            summary.notes.append("the rest is withheld: \(failure)")
            summary.isPartial = true
        } else {
            summary.withheld = failure
        }
    }

    private func leave(_ rest: [UInt8], to out: inout [UInt8]) throws(RedactionError) {
        isInside = false
        var ready: [UInt8] = []
        let part = try inner.finish(to: &ready)
        summary.take(part)
        if let reason = part.withheld {
            failure = reason
            return
        }
        encode(ready, to: &out)
        encoder.finish(as: decoder, to: &out)
        try tail.append(rest[...], to: &out)
    }

    private func encode(_ ready: [UInt8], to out: inout [UInt8]) {
        guard !ready.isEmpty else { return }
        hasOutput = true
        encoder.append(ready, as: decoder, to: &out)
    }
}
