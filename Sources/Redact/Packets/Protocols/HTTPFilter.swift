import Packets

/// Decides what of one direction of an HTTP/1.1 connection (RFC 9112) stays: start lines and header lines as far as
/// ``HTTPLine`` keeps them. Bodies become zero.
struct HTTPFilter {
    private enum State {
        case startLine
        case headers
        case body(Int)
        case chunkSize
        case chunk(Int)
        case trailers
        case untilClose
    }

    static let longestLine = 8_192

    private var state = State.startLine
    private var isResponse = false
    private var status = 0
    private var contentLength: Int?
    private var isChunked = false
    private var isAmbiguous = false

    /// Whether the body goes on until the connection ends, as far as can be told.
    var isUntilClose: Bool { if case .untilClose = state { true } else { false } }

    /// Whether lines of a head are looked at.
    var isInHead: Bool {
        switch state {
        case .startLine, .headers: true
        default: false
        }
    }

    /// `end` where a message is complete: anything may follow.
    mutating func filter(
        _ bytes: inout MutableSpan<UInt8>, from start: Int, _ exchange: inout HTTPExchange, _ names: PacketNames?
    ) -> FilterStep {
        var index = start
        while index < bytes.count {
            switch state {
            case .startLine, .headers, .chunkSize, .trailers:
                guard let end = HTTPLine.end(bytes.span, from: index) else {
                    guard bytes.count - index < HTTPFilter.longestLine else {
                        state = .untilClose
                        continue
                    }
                    return .wait(index)
                }
                take(&bytes, index..<end, &exchange, names)
                index = end
                if case .startLine = state { return .end(index) }
            case .body(let length):
                let end = min(bytes.count, index + length)
                bytes.zero(index..<end)
                let rest = length - (end - index)
                state = rest == 0 ? .startLine : .body(rest)
                index = end
                if rest == 0 { return .end(index) }
            case .chunk(let length):
                let end = min(bytes.count, index + length)
                bytes.zero(index..<end)
                let rest = length - (end - index)
                state = rest == 0 ? .chunkSize : .chunk(rest)
                index = end
            case .untilClose:
                bytes.zero(index..<bytes.count)
                index = bytes.count
            }
        }
        return .done(index)
    }

    /// Bytes are missing. False: the place within the message is lost.
    mutating func skip(_ count: Int) -> Bool {
        switch state {
        case .body(let length) where count < length: state = .body(length - count)
        case .chunk(let length) where count < length: state = .chunk(length - count)
        case .untilClose: break
        default: return false
        }
        return true
    }

    private mutating func take(
        _ bytes: inout MutableSpan<UInt8>, _ line: Range<Int>, _ exchange: inout HTTPExchange, _ names: PacketNames?
    ) {
        let content = HTTPLine.content(bytes.span, line)
        switch state {
        case .startLine: begin(&bytes, content, &exchange, names)
        case .headers where content.isEmpty: endOfHead(&exchange)
        case .headers: header(&bytes, content, names)
        case .chunkSize:
            // An empty line ends the chunk before.
            guard !content.isEmpty else { return }
            guard let size = HTTPLine.hexadecimal(bytes.span, content) else {
                bytes.zero(content)
                state = .untilClose
                return
            }
            // Behind the size there may be extensions.
            if let end = content.first(where: { [0x20, 0x3B].contains(bytes[$0]) }) {
                bytes.zero(end + 1..<content.upperBound)
            }
            state = size == 0 ? .trailers : .chunk(size)
        case .trailers:
            bytes.zero(content)
            if content.isEmpty { state = .startLine }
        default: break
        }
    }

    private mutating func begin(
        _ bytes: inout MutableSpan<UInt8>, _ line: Range<Int>, _ exchange: inout HTTPExchange, _ names: PacketNames?
    ) {
        contentLength = nil
        isChunked = false
        isAmbiguous = false
        state = .headers
        isResponse = HTTPLine.starts(bytes.span, line.lowerBound, "HTTP/1.")
        if isResponse {
            status = HTTPLine.status(bytes.span, line)
            HTTPLine.scrubStatusLine(&bytes, line)
        } else {
            let first = bytes[line.lowerBound]
            exchange.began(isHead: first == UInt8(ascii: "H"))
            if HTTPLine.starts(bytes.span, line.lowerBound, "PRI ") { exchange.isBinary = true }
            HTTPLine.scrubRequestLine(&bytes, line, names)
        }
    }

    private mutating func header(
        _ bytes: inout MutableSpan<UInt8>, _ line: Range<Int>, _ names: PacketNames?
    ) {
        guard let colon = HTTPLine.colon(bytes.span, line) else { return bytes.zero(line) }
        let value = HTTPLine.trimmed(bytes.span, colon + 1..<line.upperBound)
        let name = line.lowerBound..<colon
        switch HTTPLine.field(bytes.span, name) {
        case .contentLength:
            let length = HTTPLine.decimal(bytes.span, value)
            if length == nil || contentLength.map({ $0 != length }) == true { isAmbiguous = true }
            contentLength = length
        case .transferEncoding:
            isChunked = HTTPLine.equals(bytes.span, value.suffix(7), "chunked")
            if !isChunked { isAmbiguous = true }
        case .host:
            if let names { HTTPLine.rewriteHost(&bytes, value, names) }
        case .kept: break
        case .other: return bytes.zero(value)
        }
        if !HTTPLine.isHarmless(bytes.span, value) { bytes.zero(value) }
    }

    /// Where the body ends: RFC 9112 section 6.3.
    private mutating func endOfHead(_ exchange: inout HTTPExchange) {
        let answersHead = isResponse && status >= 200 && exchange.answered()
        let hasNoBody = isResponse && (status < 200 || status == 204 || status == 304 || answersHead)
        if hasNoBody {
            state = .startLine
        } else if isAmbiguous {
            state = .untilClose
        } else if isChunked {
            state = .chunkSize
        } else if let contentLength {
            state = contentLength == 0 ? .startLine : .body(contentLength)
        } else {
            state = isResponse ? .untilClose : .startLine
        }
    }
}

/// What the two directions of an HTTP connection must know of each other.
struct HTTPExchange {
    /// Requests that wait for their answer, the oldest in the lowest bit: whether it was a HEAD.
    private var heads: UInt64 = 0
    private(set) var waiting = 0
    /// HTTP/2 began: nothing that follows is text.
    var isBinary = false

    mutating func began(isHead: Bool) {
        if waiting < 64, isHead { heads |= 1 << UInt64(waiting) }
        waiting += 1
    }

    /// Takes the oldest request. Whether it was a HEAD.
    mutating func answered() -> Bool {
        guard waiting > 0 else { return false }
        defer {
            heads >>= 1
            waiting -= 1
        }
        return heads & 1 == 1
    }
}
