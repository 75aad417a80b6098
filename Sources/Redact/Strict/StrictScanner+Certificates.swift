/// Certificates and requests in PEM, on many lines or one, and in bare base64.
extension StrictScanner {
    private static let labels: [StaticString] = [
        " CERTIFICATE-----", " CERTIFICATE REQUEST-----", " NEW CERTIFICATE REQUEST-----", " TRUSTED CERTIFICATE-----",
        " X509 CERTIFICATE-----",
    ]

    private var rewriter: CertificateRewriter { CertificateRewriter(pseudonyms: pseudonyms, text: inner) }

    /// A block of PEM whose names must go; its lines stay as many.
    mutating func certificate(_ start: Int, _ end: Int) -> Int? {
        guard end - start >= 10, window.has("-----BEGIN", at: end - 10) else { return nil }
        guard let label = Self.labels.first(where: { window.has($0, at: end) }) else { return nil }
        let first = end + label.utf8CodeUnitCount
        guard let last = window.findFolded("-----end", from: first, to: window.upper) else {
            // Longer than the window, or cut: nothing of it can be read here.
            body = StrictBody(end: .block, at: first)
            return first
        }
        guard depth < 2, let lines = Self.lines(window.slice(first, last)),
            let der = Base64.decode(lines.joined()), CertificateRewriter.isCertificate(der)
        else { return last }
        guard let new = rewriter.rewrite(der) else { return last }
        var text = Base64.encode(new)
        while text.count % 4 != 0 { text.append(.equals) }
        replace(lines, at: first, with: text)
        return last
    }

    /// A certificate in base64 without a frame, as in SAML documents and key sets.
    func bareCertificate(_ der: [UInt8]) -> [UInt8]? {
        depth < 2 && CertificateRewriter.isCertificate(der) ? rewriter.rewrite(der) : nil
    }

    /// The base64 of each line, whatever the notation of the line breaks.
    private static func lines(_ block: [UInt8]) -> [ArraySlice<UInt8>]? {
        var lines: [ArraySlice<UInt8>] = []
        var start: Int?
        var position = 0
        func isData(_ byte: UInt8) -> Bool {
            byte.isAlphanumeric || byte == UInt8(ascii: "+") || byte == .slash || byte == .equals
        }
        while position < block.count {
            let byte = block[position]
            if isData(byte) {
                if start == nil { start = position }
                position += 1
                continue
            }
            if let first = start { lines.append(block[first..<position]) }
            start = nil
            // An escape: `\n`, `\\r`, `&#10;`, `%0A`.
            if byte == .backslash {
                while position < block.count, block[position] == .backslash { position += 1 }
                position += 1
            } else if byte == .percent {
                position += 3
            } else if byte == .ampersand {
                while position < block.count, block[position] != .semicolon { position += 1 }
                position += 1
            } else if byte.isSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "|") {
                position += 1
            } else {
                return nil
            }
        }
        if let first = start { lines.append(block[first...]) }
        return lines.isEmpty ? nil : lines
    }

    private mutating func replace(_ lines: [ArraySlice<UInt8>], at start: Int, with text: [UInt8]) {
        let width = (text.count + lines.count - 1) / lines.count
        var rest = text[...]
        for line in lines {
            replace(start + line.startIndex, start + line.endIndex, with: rest.prefix(width))
            rest = rest.dropFirst(width)
        }
    }
}
