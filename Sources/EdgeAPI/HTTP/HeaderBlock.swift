/// Reads a status line and header lines (RFC 9112 sections 4 and 5) as tolerantly as servers are careless.
struct HeaderBlock {
    var httpVersion = ""
    var reason = ""
    var headers: [HTTPHeader] = []

    init(_ bytes: [UInt8]) {
        for (number, line) in bytes.split(separator: 10, omittingEmptySubsequences: true).enumerated() {
            let line = line.last == 13 ? line.dropLast() : line
            if number == 0, line.starts(with: "HTTP/".utf8) {
                let parts = line.dropFirst(5).split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
                httpVersion = Self.text(parts[0])
                if parts.count == 3 { reason = Self.text(parts[2]) }
            } else if let first = line.first, first == 32 || first == 9, !headers.isEmpty {
                // Obsolete line folding: part of the value before.
                headers[headers.count - 1].value += " " + Self.text(line)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                headers.append(HTTPHeader(Self.text(line[..<colon]), Self.text(line[(colon + 1)...])))
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension HTTPResponse {
    /// The answer that a transfer received, whole or in part; nil when not even a status line came.
    init?(outcome: TransferOutcome, address: WebAddress, isComplete: Bool) {
        guard !outcome.headerBlock.isEmpty else { return nil }
        let block = HeaderBlock(outcome.headerBlock)
        status = outcome.status
        reason = block.reason
        httpVersion = block.httpVersion
        headers = block.headers
        body = outcome.body
        primaryIP = outcome.primaryIP
        times = outcome.times
        url = address.text
        redirectHost = outcome.redirect.flatMap { WebAddress($0)?.host }
        self.isComplete = isComplete
        headerBlock = outcome.headerBlock.last == 10 ? outcome.headerBlock : outcome.headerBlock + Array("\r\n".utf8)
    }
}
