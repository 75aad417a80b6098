internal import Glibc

/// Decode and look again: text that is written in another way, in as many layers as there are.
///
/// Escapes keep the place of each byte, so what is found in them is removed there and nothing else. In base64 and
/// hexadecimal text a marker would be no such text any more, and compressed data can't be changed in part: a run with a
/// secret in it is removed whole.
extension TextEngine {
    /// Where each block is read that a run of ``CodedRun`` can't miss.
    private static let blockStride = 8
    private static let block = 16
    /// Blocks that are looked at in one go.
    private static let batch = 256
    /// The shortest run in which more than a user and a password is looked for.
    private static let longRun = 40
    /// The shortest run that may hold a name and its value.
    private static let shortestRun = 16
    /// What lies on the seam of two pieces of a line that is longer than a window is looked at twice.
    private static let seam = 8 << 10

    /// Blocks up to `stop` that consist of characters of coded text, and others that most texts lack.
    func runs(upTo stop: Int) -> [Int] {
        let stride = Self.blockStride
        var place = (max(position, buffer.base) + stride - 1) / stride * stride
        let base = buffer.base
        let bytes = unsafe buffer.bytes(base..<buffer.end)
        let last = min(stop, buffer.end - Self.block + 1)
        var places: [Int] = []
        guard let start = bytes.baseAddress, place < last else { return [] }
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.batch) { coded in
            while place < last {
                // Nothing is decided here: one in ten is such a block, and which can't be guessed.
                var count = 0
                let end = min(last, place &+ stride &* Self.batch)
                while place < end {
                    unsafe coded[count] = place
                    unsafe count &+= Self.mayBeCoded(start + (place &- base)) ? 1 : 0
                    place &+= stride
                }
                for index in 0..<count {
                    // Names and numbers are shorter; in decoded text nothing is too short.
                    let found = unsafe coded[index]
                    if unsafe budget != nil || Self.isLong(bytes, found &- base) { places.append(found) }
                }
            }
        }
        return places
    }

    /// The compiler makes vector instructions of this.
    @inline(__always)
    private static func mayBeCoded(_ bytes: UnsafePointer<UInt8>) -> Bool {
        var others: UInt8 = 0
        for offset in 0..<block {
            let byte = unsafe bytes[offset]
            others |= (byte < 0x2B ? 1 : 0) | (byte == 0x2E ? 1 : 0) | (byte == 0x3A ? 1 : 0)
        }
        return others == 0
    }

    /// In the second pass no anchors tell where escapes are.
    func findCoded(upTo stop: Int, isEnd: Bool) {
        guard vault.count > 0 else { return }
        for run in runs(upTo: stop) where swallow == nil { inspectRun(at: run, isEnd: isEnd) }
        var place = position
        while swallow == nil, place < stop, let next = firstEscape(from: max(place, escapedUntil), to: stop) {
            inspectEscapes(at: next, in: window(at: next, isEnd: isEnd))
            place = next + 1
        }
    }

    private func firstEscape(from start: Int, to stop: Int) -> Int? {
        guard start < stop else { return nil }
        let bytes = unsafe buffer.bytes(start..<stop)
        guard let base = bytes.baseAddress else { return nil }
        var count = bytes.count
        for mark in [UInt8.percent, .backslash, .ampersand] {
            if let found = unsafe memchr(base, Int32(mark), count) {
                unsafe count = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            }
        }
        return count < bytes.count ? start + count : nil
    }

    func inspectRun(at place: Int, isEnd: Bool) {
        guard place >= codedUntil else { return }
        let window = window(at: place, isEnd: isEnd)
        guard window[place].isBase64 else { return }
        inspectRun(around: place, in: window)
    }

    private static func isLong(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        let low = max(0, start - longRun + block)
        let high = min(bytes.count, start + longRun)
        var (first, last) = (start, start + block)
        // One of both sides has half of what is missing.
        let half = (longRun - block) / 2
        let isBefore = unsafe start >= half && bytes[start - half].isBase64
        guard unsafe isBefore || (last + half <= bytes.count && bytes[last + half - 1].isBase64) else {
            return unsafe mayBeShort(bytes, start)
        }
        while first > low, unsafe bytes[first - 1].isBase64 { first -= 1 }
        while last < high, unsafe bytes[last].isBase64 { last += 1 }
        // The marks of the block may separate two runs.
        let isLong = unsafe last - first >= longRun && bytes[start..<start + block].allSatisfy(\.isBase64)
        return unsafe isLong || mayBeShort(bytes, start)
    }

    /// A login or a bot's token, which are shorter than what else is looked into.
    private static func mayBeShort(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        // Capitals, small letters and digits, as hardly a name has them; in base64 of digits alone small ones are rare.
        let lower = unsafe lowerOfMixed(bytes, start)
        return unsafe (lower >= 3 && mayBePair(bytes, start)) || (lower > 0 && botToken(bytes, start) != nil)
    }

    /// How many small letters a block has that has three capitals and a digit, too, and no dash; else 0.
    private static func lowerOfMixed(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt8 {
        guard let base = bytes.baseAddress else { return 0 }
        var (upper, lower, digit, others): (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
        // The compiler makes vector instructions of this.
        for offset in 0..<block {
            let byte = unsafe base[start &+ offset]
            upper &+= byte &- 0x41 < 26 ? 1 : 0
            lower &+= byte &- 0x61 < 26 ? 1 : 0
            digit &+= byte &- 0x30 < 10 ? 1 : 0
            others |= (byte == 0x2D ? 1 : 0) | (byte == 0x5F ? 1 : 0)
        }
        return others == 0 && upper >= 3 && digit >= 1 ? lower : 0
    }

    /// True if the run around `start` is base64 of printable text that parts a user, or a name, from a value. Most runs fail
    /// in the first bytes.
    private static func mayBePair(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var first = start
        while first > 0, start - first < longRun, unsafe bytes[first - 1].isBase64 { first -= 1 }
        var (bits, count): (UInt32, UInt32) = (0, 0)
        var (place, text, hasMark) = (first, 0, false)
        while place < bytes.count, let digit = unsafe Base64.value(of: bytes[place]) {
            (bits, count) = (bits << 6 | UInt32(digit), count + 6)
            place += 1
            guard count >= 8 else { continue }
            count -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> count)
            guard byte > 0x20, byte < 0x7F else { return false }
            if byte == .colon || byte == .equals, text >= 2 { hasMark = true }
            text += 1
        }
        return hasMark
    }

    /// A bot's token of Discord: its id in base64, six digits of a time, and a signature, with dots between them.
    static func botToken(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Range<Int>? {
        func runEnd(_ from: Int) -> Int {
            var end = from
            while end < bytes.count, end - from < 64, unsafe bytes[end].isBase64URL { end += 1 }
            return end
        }
        func runStart(_ to: Int) -> Int {
            var first = to
            while first > 0, to - first < 64, unsafe bytes[first - 1].isBase64URL { first -= 1 }
            return first
        }
        // What is seen may be the id or the signature.
        var first = runStart(start)
        if first > 0, unsafe bytes[first - 1] == .dot {
            let time = runStart(first - 1)
            guard (6...7).contains(first - 1 - time), time > 0, unsafe bytes[time - 1] == .dot else { return nil }
            first = runStart(time - 1)
        }
        let id = runEnd(first)
        guard (23...28).contains(id - first), unsafe bytes[first].isOne(of: "MNO"), id < bytes.count,
            unsafe bytes[id] == .dot
        else { return nil }
        let time = runEnd(id + 1)
        guard (6...7).contains(time - id - 1), time < bytes.count, unsafe bytes[time] == .dot else { return nil }
        let end = runEnd(time + 1)
        return (27...48).contains(end - time - 1) ? first..<end : nil
    }

    /// Removes the run around a place if what it says holds a secret.
    func inspectRun(around place: Int, in window: Window) {
        guard place >= codedUntil, !shield.contains(place),
            let run = CodedRun(in: window, around: place, notBefore: codedUntil),
            run.end - run.start >= Self.shortestRun
        else { return }
        codedUntil = max(codedUntil, run.end)
        if let token = unsafe Self.botToken(window.bytes(window.lower, window.upper), place - window.lower) {
            let (first, end) = (token.lowerBound + window.lower, token.upperBound + window.lower)
            let rule = rules.ids.firstIndex(of: "discord-token") ?? rules.encodedRule ?? 0
            return accept(
                Discovery(start: first, end: end, rule: rule, value: window.slice(first, end), isCertain: true))
        }
        guard run.isWorthDecoding(in: window) else { return }
        let digits = run.digits(in: window)
        var decodings = CodedText.decodings(of: digits)
        if let bare = run.digitsWithoutIndent(in: window) { decodings += CodedText.decodings(of: bare) }
        // A file that goes on behind an escape is whole only without its escapes.
        if let next = EscapedText.escape(in: window, at: run.end)?.decoded.first, next.isBase64 || next.isLineBreak {
            decodings.removeAll(where: CodedText.isFile)
        }
        guard !decodings.isEmpty else { return }
        let budget = budget ?? LookBudget(for: digits.count)
        guard decodings.contains(where: { holdsSecret($0, isCut: run.isOpen, budget) }), let first = run.parts.first
        else { return }
        let rule = rules.encodedRule ?? 0
        accept(Discovery(start: first.lowerBound, end: first.upperBound, rule: rule, value: digits))
        for part in run.parts.dropFirst() {
            queue.add(SpanQueue.Span(start: part.lowerBound, end: part.upperBound, rule: rule, priority: 0, code: nil))
        }
        if run.isOpen { startSwallowing(.pem, from: run.end) }
    }

    /// Whether there is a secret in what was decoded, or a file that is not looked into.
    /// - Parameter isCut: more of it follows.
    private func holdsSecret(_ bytes: [UInt8], isCut: Bool, _ budget: LookBudget) -> Bool {
        let inside = nest.inside(archive: false)
        guard budget.take(bytes.count), !inside.isTooDeep else { return true }
        if CodedText.isLogin(bytes) { return true }
        guard CodedText.isFile(bytes) else {
            return !look(into: bytes, depth: depth + 1, nest: inside, budget, keepsPlaces: false).findings.isEmpty
        }
        // Of a file that goes on behind the window nobody knows what follows.
        guard !isCut else { return true }
        var out: [UInt8] = []
        let stream = RedactionStream(redactor, format: .auto, name: nil, mode: mode, nest: inside)
        guard (try? stream.append(bytes[...], to: &out)) != nil, let summary = try? stream.finish(to: &out) else {
            return true
        }
        return !summary.findings.isEmpty || summary.withheld != nil || summary.isPartial || summary.format == .pcap
    }

    /// Reads a text that was decoded, and what it says in turn; returns the engine that did.
    func look(into bytes: [UInt8], depth: Int, nest: Nest, _ budget: LookBudget, keepsPlaces: Bool) -> TextEngine {
        let engine = TextEngine(
            redactor: redactor, format: .text, mode: mode, depth: depth, nest: nest, budget: budget, names: names,
            keepsPlaces: keepsPlaces)
        var out: [UInt8] = []
        engine.append(bytes[...], to: &out)
        engine.finish(to: &out)
        return engine
    }

    /// Looks at the line around an escape without its outermost layer of escapes.
    func inspectEscapes(at place: Int, in window: Window) {
        guard place >= escapedUntil, !shield.contains(place), EscapedText.escape(in: window, at: place) != nil else {
            return
        }
        let inside = nest.inside(archive: false)
        guard !inside.isTooDeep else { return }
        let start = max(window.lineStart(place), escapedUntil - Self.seam)
        let end = window.lineEnd(place)
        let isOpen = end >= window.upper && !window.isEnd
        escapedUntil = isOpen ? max(place + 1, end - Self.seam) : end
        let text = EscapedText(in: window, from: start, to: end)
        let budget = budget ?? LookBudget(for: end - start)
        guard text.isWorthALook, budget.take(text.bytes.count) else { return }
        for found in look(into: text.bytes, depth: depth, nest: inside, budget, keepsPlaces: true).places {
            take(found, in: text, window, goesOn: isOpen && found.end == text.bytes.count)
        }
    }

    /// Removes at its place what was found in a text without its escapes.
    private func take(_ found: SpanQueue.Place, in text: EscapedText, _ window: Window, goesOn: Bool) {
        let number = queue.number(of: found.rule)
        let rule = number < rules.rules.count ? rules.rules[number] : nil
        var quote: [UInt8] = []
        if let mark = found.quote.first, let last = text.bytes[..<found.start].lastIndex(of: mark) {
            // As the quotation mark of the name is written.
            quote = window.slice(text.starts[last], text.starts[last + 1])
        }
        var end = text.starts[found.end]
        // Of two marks in a row at its end, one may be the secret's and the other the one that closes it.
        let last = text.starts[found.end - 1]
        if end - last == 2, window[last].isQuote, window[last] == window[last + 1] { end = last + 1 }
        queue.add(
            SpanQueue.Span(
                start: text.starts[found.start], end: end, rule: number,
                priority: rule?.priority ?? 1, code: found.code, quote: quote, isSoft: rule?.isSoft ?? false))
        guard goesOn, let rule, rule.isBody else { return }
        startSwallowing(.pem, from: text.starts[found.end])
    }
}

/// How much may be decoded for one run, in all layers together: nobody can make a short text cost much.
final class LookBudget {
    private var left: Int

    init(for count: Int) {
        left = 64 << 10 + 32 * count
    }

    /// False if it is used up.
    func take(_ count: Int) -> Bool {
        left -= count
        return left >= 0
    }
}

extension Rule {
    /// Given up where another secret covers its start.
    var isSoft: Bool {
        switch kind {
        case .email, .card: true
        default: false
        }
    }

    /// What it finds is the body of a block of base64.
    var isBody: Bool {
        switch kind {
        case .encoded, .pem, .der: true
        default: false
        }
    }
}
