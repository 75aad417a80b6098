import Packets

/// Decides what of one direction of a TCP connection stays, whatever it speaks, and also where it changes from one
/// protocol to another: STARTTLS, CONNECT, pipelined requests.
///
/// TLS, HTTP/1.x and, on its port, DNS are known. They are looked for where a connection or a segment begins and where
/// a message has ended. All else is zero, but for the word that a page begins with.
struct StreamFilter {
    private enum Mode {
        /// Nothing is known, and so nothing stays.
        case unknown
        case tls(TLSFilter)
        case http(HTTPFilter)
        case dns
    }

    private enum Finding {
        case tls(TLSRecordCheck.Kind)
        case http
        /// A ClientHello in the form of SSL 2.0, or the first word of a page, of this length.
        case oldHello(Int)
        case page(Int)
        case nothing
        case undecided
    }

    private var mode = Mode.unknown
    /// Whether the next byte is one where a protocol may begin.
    private var isBeginning = false
    /// Nothing was taken yet.
    private var isFresh = true

    mutating func reset(isDNS: Bool) {
        mode = isDNS ? .dns : .unknown
        isBeginning = false
        isFresh = true
    }

    /// Whether what stays is worth remembering for copies that come later.
    var isKeeping: Bool {
        switch mode {
        case .unknown: false
        case .tls(let filter): !filter.isEncrypted
        case .http(let filter): filter.isInHead
        case .dns: true
        }
    }

    /// Zeroes what may not stay of the next bytes of the stream.
    /// - Parameters:
    ///   - segmentStart: the first byte of the latest segment; those before it waited for it.
    /// - Returns: how many bytes are decided. The others are untouched, and to be given again with those that follow.
    mutating func filter(
        _ bytes: inout MutableSpan<UInt8>, segmentStart: Int, _ exchange: inout HTTPExchange,
        _ context: inout ScrubContext
    ) -> Int {
        var index = 0
        if segmentStart == 0 { noteSegment(bytes.span, at: 0, exchange) }
        while index < bytes.count {
            let step: FilterStep
            switch mode {
            case .unknown:
                if index == segmentStart { isBeginning = true }
                step = begin(&bytes, from: index, segmentStart: segmentStart, exchange)
            case .tls(var filter):
                step = filter.filter(&bytes, from: index, &context)
                mode = .tls(filter)
            case .http(var filter):
                step = filter.filter(&bytes, from: index, &exchange, context.names)
                mode = .http(filter)
            case .dns: step = StreamFilter.dns(&bytes, from: index, context.names)
            }
            switch step {
            case .done(let next): index = next
            case .wait(let next): return next
            case .end(let next):
                index = next
                // Behind an HTTP message anything may begin. Behind TLS nothing does but by the start of a segment.
                if case .http = mode { isBeginning = true } else { isBeginning = index == segmentStart }
                mode = .unknown
            }
        }
        return index
    }

    /// Bytes are missing.
    mutating func skip(_ count: Int) {
        isFresh = false
        switch mode {
        case .tls(var filter) where filter.skip(count): mode = .tls(filter)
        case .http(var filter) where filter.skip(count): mode = .http(filter)
        default:
            mode = .unknown
            isBeginning = false
        }
    }

    /// A body that goes on until the connection ends may be none at all, as behind CONNECT: TLS, or the answer to
    /// another request, shows that.
    private mutating func noteSegment(_ bytes: Span<UInt8>, at index: Int, _ exchange: HTTPExchange) {
        guard case .http(let filter) = mode, filter.isUntilClose, index < bytes.count else { return }
        switch StreamFilter.find(bytes, at: index, isFresh: false) {
        case .tls: break
        case .http where exchange.waiting > 0: break
        default: return
        }
        mode = .unknown
        isBeginning = true
    }

    private mutating func begin(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, segmentStart: Int, _ exchange: HTTPExchange
    ) -> FilterStep {
        let finding =
            isBeginning && !exchange.isBinary ? StreamFilter.find(bytes.span, at: index, isFresh: isFresh) : .nothing
        switch finding {
        case .undecided: return .wait(index)
        case .tls(let kind): mode = .tls(TLSFilter(at: kind))
        case .http: mode = .http(HTTPFilter())
        case .oldHello(let length), .page(let length):
            isFresh = false
            return .done(index + length)
        case .nothing:
            isBeginning = false
            isFresh = false
            let end = index < segmentStart ? segmentStart : bytes.count
            bytes.zero(index..<end)
            return .done(end)
        }
        isFresh = false
        return .done(index)
    }

    private static func find(_ bytes: Span<UInt8>, at index: Int, isFresh: Bool) -> Finding {
        let count = bytes.count - index
        if TLSFilter.mayBeHeader(bytes, at: index) {
            let length = Int(bytes.uint16(at: index + 3) ?? 6)
            // The header of a record, and of a message in it, with its version.
            if count < 5 + min(length, bytes[index] == 22 ? 6 : 1) { return .undecided }
            return TLSRecordCheck.kind(of: bytes.extracting(index..<bytes.count)).map(Finding.tls) ?? .nothing
        }
        switch HTTPLine.start(bytes, at: index) {
        case .yes: return .http
        case .undecided: return .undecided
        case .no: return isFresh ? page(bytes, at: index) ?? oldHello(bytes, at: index) : .nothing
        }
    }

    /// A web server that doesn't understand the request, as when TLS is sent to it, may answer with a page and no head.
    private static func page(_ bytes: Span<UInt8>, at index: Int) -> Finding? {
        for word in ["<!doctype", "<html"] as [StaticString] {
            let length = word.utf8CodeUnitCount
            if bytes.count - index > length, HTTPLine.equals(bytes, index..<index + length, word) {
                return .page(length)
            }
        }
        return nil
    }

    /// CLIENT-HELLO of SSL 2.0 (RFC 6101 appendix E), as old clients send it to newer servers as well. All of it stays:
    /// what it offers and random bytes.
    private static func oldHello(_ bytes: Span<UInt8>, at index: Int) -> Finding {
        guard bytes[index] & 0xFC == 0x80, (bytes.byte(at: index + 2) ?? 1) == 1 else { return .nothing }
        guard bytes.count - index >= 11 else { return .undecided }
        guard let head = bytes.uint16(at: index), let version = bytes.uint16(at: index + 3),
            let suites = bytes.uint16(at: index + 5), let session = bytes.uint16(at: index + 7),
            let challenge = bytes.uint16(at: index + 9), version == 2 || version >> 8 == 3 && version & 0xFF <= 3,
            session == 0, suites.isMultiple(of: 3), (16...32).contains(challenge),
            Int(head & 0x3FF) == 9 + Int(suites) + Int(challenge)
        else { return .nothing }
        let length = 2 + Int(head & 0x3FF)
        guard bytes.count - index >= length else { return .undecided }
        // Suites of SSL 2.0 begin with 1 to 7, those of later versions with 0.
        for suite in stride(from: index + 11, to: index + 11 + Int(suites), by: 3) where bytes[suite] > 7 {
            return .nothing
        }
        return .oldHello(length)
    }

    /// DNS over TCP (RFC 7766): each message with its length before it.
    private static func dns(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, _ names: PacketNames?
    ) -> FilterStep {
        guard let length = bytes.span.uint16(at: index) else { return .wait(index) }
        let end = index + 2 + Int(length)
        guard length >= 12, length <= 16_384 else { return .end(index) }
        guard end <= bytes.count else { return .wait(index) }
        DNSMessage.scrub(&bytes, index + 2..<end, names)
        return .done(end)
    }
}
