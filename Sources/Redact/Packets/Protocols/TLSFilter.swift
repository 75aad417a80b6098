import Packets

/// Decides what of one direction of a TLS connection stays: record headers, handshake messages that are sent in clear,
/// alerts. All else becomes zero.
///
/// Bytes come in stream order, the first of them beginning a record. Facts: RFC 5246 sections 6.2 and 7, RFC 8446
/// sections 4 and 5.
struct TLSFilter {
    private enum Body: UInt8 {
        case zero
        case keep
        case handshake
    }

    /// Bytes of the record's body that are still to come; 0 between records.
    private var remaining = 0
    private var body = Body.zero
    /// What follows is encrypted: a ChangeCipherSpec or application data was sent.
    private(set) var isEncrypted = false

    private var messageHeader: UInt32 = 0
    private var messageHeaderBytes: UInt8 = 0
    private var messageType: UInt8 = 0
    private var messageRemaining = 0
    private var messagePosition = 0
    private var hello: HelloWalker?

    /// Begins with a record of this kind.
    init(at kind: TLSRecordCheck.Kind) { isEncrypted = kind == .encrypted || kind == .changeCipherSpec }

    mutating func filter(_ bytes: inout MutableSpan<UInt8>, from start: Int, _ context: inout ScrubContext)
        -> FilterStep
    {
        var index = start
        while index < bytes.count {
            if remaining == 0 {
                guard bytes.count - index >= 5 else {
                    return TLSFilter.mayBeHeader(bytes.span, at: index) ? .wait(index) : .end(index)
                }
                guard TLSFilter.mayBeHeader(bytes.span, at: index), let length = bytes.span.uint16(at: index + 3),
                    length > 0, Int(length) <= TLSRecordCheck.maximumRecordLength
                else { return .end(index) }
                let type = bytes[index]
                // After a ChangeCipherSpec a look into a handshake record is needed.
                if type == 22, isEncrypted, bytes.count - index < 5 + min(6, Int(length)) { return .wait(index) }
                body = kindOfBody(type, Int(length), bytes.span, at: index + 5, &context)
                remaining = Int(length)
                index += 5
                continue
            }
            let end = min(bytes.count, index + remaining)
            switch body {
            case .keep: break
            case .zero: bytes.zero(index..<end)
            case .handshake:
                let taken = takeHandshake(&bytes, index..<end, &context)
                remaining -= taken - index
                index = taken
                if taken < end { return .wait(taken) }
                continue
            }
            remaining -= end - index
            index = end
        }
        return .done(index)
    }

    /// Bytes are missing. False: the next record cannot be found.
    mutating func skip(_ count: Int) -> Bool {
        guard count <= remaining else { return false }
        remaining -= count
        if body == .handshake {
            resetMessage()
            body = .zero
        }
        return true
    }

    /// Whether the bytes, as far as there are any, fit a record header.
    static func mayBeHeader(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        (20...24).contains(bytes[index]) && (bytes.byte(at: index + 1) ?? 3) == 3
            && (bytes.byte(at: index + 2) ?? 3) <= 4
    }

    private mutating func kindOfBody(
        _ type: UInt8, _ length: Int, _ bytes: Span<UInt8>, at start: Int, _ context: inout ScrubContext
    ) -> Body {
        switch type {
        case 20:
            isEncrypted = true
            resetMessage()
            return length == 1 ? .keep : .zero
        case 21:
            // In clear two bytes. Of an encrypted one only length and place tell anything.
            return length == 2 ? .keep : .zero
        case 22:
            guard isEncrypted else { return .handshake }
            // After a HelloRetryRequest the second ClientHello is in clear, though a ChangeCipherSpec came before.
            if length >= 4, let word = bytes.uint32(at: start), [1, 2].contains(word >> 24),
                Int(word & 0xFF_FFFF) == length - 4,
                TLSRecordCheck.isClearHandshake(bytes, from: start, end: start + length)
            {
                resetMessage()
                return .handshake
            }
            context.finished += 1
            return .zero
        default:
            isEncrypted = true
            return .zero
        }
    }

    private mutating func resetMessage() {
        messageHeader = 0
        messageHeaderBytes = 0
        messageRemaining = 0
        hello = nil
    }

    /// Takes a part of a handshake record in clear. Messages may span records.
    /// - Returns: how far it came: to the end, or to a message that must be there whole.
    private mutating func takeHandshake(
        _ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, _ context: inout ScrubContext
    ) -> Int {
        var index = range.lowerBound
        while index < range.upperBound {
            if messageRemaining == 0 {
                if messageHeaderBytes == 0, let names = context.names {
                    let inRecord = remaining - (index - range.lowerBound)
                    switch WholeMessage.rewrite(&bytes, at: index, inRecord: inRecord, names) {
                    case .done: break
                    case .incomplete: return index
                    case .broken:
                        distrust(&bytes, index..<range.upperBound)
                        return range.upperBound
                    }
                }
                let byte = bytes[index]
                // A HelloRequest is four zeros and comes alone: others are what this scrubber left.
                let isAlone = remaining - (index - range.lowerBound) == 4
                index += 1
                guard
                    messageHeaderBytes > 0 || byte == 20
                        || TLSRecordCheck.isClearMessage(byte) && (byte != 0 || isAlone)
                else {
                    distrust(&bytes, index - 1..<range.upperBound)
                    return range.upperBound
                }
                messageHeader = messageHeader << 8 | UInt32(byte)
                messageHeaderBytes += 1
                if messageHeaderBytes == 4 {
                    guard Int(messageHeader & 0xFF_FFFF) <= TLSRecordCheck.maximumMessageLength else {
                        distrust(&bytes, max(range.lowerBound, index - 4)..<range.upperBound)
                        return range.upperBound
                    }
                    beginMessage(&context)
                }
                continue
            }
            let end = min(range.upperBound, index + messageRemaining)
            takeMessage(&bytes, index..<end)
            messagePosition += end - index
            messageRemaining -= end - index
            index = end
            if messageRemaining == 0, let hello, hello.secretBytes > 0 { context.tickets += 1 }
        }
        return index
    }

    /// The record is no handshake in clear after all, as when its ChangeCipherSpec was not captured.
    private mutating func distrust(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        resetMessage()
        body = .zero
        isEncrypted = true
        bytes.zero(range)
    }

    private mutating func beginMessage(_ context: inout ScrubContext) {
        messageType = UInt8(messageHeader >> 24)
        messageRemaining = Int(messageHeader & 0xFF_FFFF)
        messagePosition = 0
        messageHeader = 0
        messageHeaderBytes = 0
        hello = messageType == 1 || messageType == 2 ? HelloWalker(isClient: messageType == 1) : nil
        guard messageRemaining > 0 else { return }
        switch messageType {
        case 4: context.tickets += 1
        case 16: context.keyExchanges += 1
        case 20: context.finished += 1
        default: break
        }
    }

    private mutating func takeMessage(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        switch messageType {
        case 1, 2:
            hello?.filter(&bytes, range)
        case 4:
            // Lifetime and length of a ticket tell nothing of it (RFC 5077 section 3.3).
            let kept = max(0, 6 - messagePosition)
            if kept < range.count { bytes.zero(range.lowerBound + kept..<range.upperBound) }
        case 11, 12, 13, 15, 22: break
        default: bytes.zero(range)
        }
    }
}
