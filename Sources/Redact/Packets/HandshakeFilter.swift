import Packets

/// Decides byte by byte what of one direction of a TCP stream stays: TLS record headers, handshake messages that are
/// sent in clear, alerts. All else becomes zero.
///
/// Bytes must come in stream order. The filter starts without knowledge: until bytes are seen that begin a TLS record,
/// nothing stays. Facts: RFC 5246 sections 6.2 and 7, RFC 8446 sections 4 and 5.
struct HandshakeFilter {
    private enum State {
        case lost
        case header
        case body
    }

    private enum Body {
        case zero
        case keep
        case handshake
    }

    private var state = State.lost
    private var header: [UInt8] = []
    private var remaining = 0
    private var body = Body.zero
    /// A ChangeCipherSpec was sent: what follows is encrypted.
    private var isEncrypted = false

    private var messageHeader: [UInt8] = []
    private var messageRemaining = 0
    private var messagePosition = 0
    private var messageType: UInt8 = 0
    private var hello: HelloWalker?

    private(set) var findings: [String: Int] = [:]

    /// Whether handshake messages may still come in clear.
    var isKeeping: Bool { state != .lost && !isEncrypted }

    /// Called at the first byte after a SYN: a record header may then come in pieces.
    mutating func beginAtStart() { state = .header }

    /// Bytes are missing: what comes next cannot be told until a record begins at the start of a segment.
    mutating func lose() {
        state = .lost
        resetMessage()
    }

    /// Zeroes what may not stay. `bytes` are the next ones of the stream, as they came in one segment.
    mutating func filter(_ bytes: inout [UInt8]) {
        var index = 0
        if state == .lost { synchronise(at: bytes[...]) }
        while index < bytes.count {
            switch state {
            case .lost:
                zero(&bytes, index..<bytes.count)
                index = bytes.count
            case .header:
                index = takeHeader(&bytes, from: index)
            case .body:
                let end = min(bytes.count, index + remaining)
                switch body {
                case .keep: break
                case .zero: zero(&bytes, index..<end)
                case .handshake: takeHandshake(&bytes, index..<end)
                }
                remaining -= end - index
                index = end
                if remaining == 0 { state = .header }
            }
        }
    }

    private mutating func synchronise(at bytes: ArraySlice<UInt8>) {
        guard let kind = TLSRecordCheck.kind(of: bytes) else { return }
        resetMessage()
        header = []
        state = .header
        switch kind {
        case .encrypted, .changeCipherSpec: isEncrypted = true
        case .handshake: isEncrypted = false
        case .alert: break
        }
    }

    /// Takes bytes of a record header; one that is wrong ends the trust in the stream.
    private mutating func takeHeader(_ bytes: inout [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, header.count < 5 {
            let byte = bytes[index]
            let fits =
                switch header.count {
                case 0: (20...24).contains(byte)
                case 1: byte == 3
                case 2: byte <= 4
                case 3: byte <= UInt8(TLSRecordCheck.maximumRecordLength >> 8)
                default: true
                }
            guard fits else { return giveUp(&bytes, from: start) }
            header.append(byte)
            index += 1
        }
        guard header.count == 5 else { return index }
        let length = Int(header.uint16(at: 3) ?? 0)
        guard length > 0, length <= TLSRecordCheck.maximumRecordLength else { return giveUp(&bytes, from: start) }
        remaining = length
        body = kindOfBody(type: header[0], length: length, next: bytes[index...])
        header = []
        state = .body
        return index
    }

    private mutating func giveUp(_ bytes: inout [UInt8], from start: Int) -> Int {
        header = []
        lose()
        zero(&bytes, start..<bytes.count)
        return bytes.count
    }

    private mutating func kindOfBody(type: UInt8, length: Int, next: ArraySlice<UInt8>) -> Body {
        switch type {
        case 20:
            isEncrypted = true
            resetMessage()
            return length == 1 ? .keep : .zero
        case 21:
            // In clear two bytes; encrypted a few blocks, of which only length and place tell anything.
            return length == 2 || isEncrypted && length <= 128 ? .keep : .zero
        case 22:
            guard isEncrypted else { return .handshake }
            // After a HelloRetryRequest the second ClientHello is in clear, though a ChangeCipherSpec came before.
            let record = [22, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)] + next.prefix(length)
            if next.count >= 6, next.first == 1 || next.first == 2,
                let word = record.uint32(at: 5), Int(word & 0xFF_FFFF) == length - 4,
                TLSRecordCheck.isClearHandshake(record, end: record.count)
            {
                resetMessage()
                return .handshake
            }
            findings["tls-finished", default: 0] += 1
            return .zero
        default:
            return .zero
        }
    }

    private mutating func resetMessage() {
        messageHeader = []
        messageRemaining = 0
        hello = nil
    }

    private mutating func takeHandshake(_ bytes: inout [UInt8], _ range: Range<Int>) {
        for index in range {
            takeHandshake(&bytes, index)
            guard body == .handshake else {
                zero(&bytes, max(range.lowerBound, index - 3)..<range.upperBound)
                return
            }
        }
    }

    /// Takes one byte of a handshake record in clear. Messages may span records.
    private mutating func takeHandshake(_ bytes: inout [UInt8], _ index: Int) {
        let byte = bytes[index]
        guard messageRemaining > 0 else {
            if messageHeader.isEmpty, !TLSRecordCheck.clearMessages.contains(byte) && byte != 20 {
                return distrustRecord()
            }
            messageHeader.append(byte)
            guard messageHeader.count == 4, let word = messageHeader.uint32(at: 0) else { return }
            beginMessage(type: UInt8(word >> 24), length: Int(word & 0xFF_FFFF))
            if messageRemaining > TLSRecordCheck.maximumMessageLength { distrustRecord() }
            return
        }
        if !keepsMessageByte(byte) { zero(&bytes, index..<index + 1) }
        messagePosition += 1
        messageRemaining -= 1
        if messageRemaining == 0 { endMessage() }
    }

    /// The record is no handshake in clear after all, as when its ChangeCipherSpec was not captured.
    private mutating func distrustRecord() {
        resetMessage()
        body = .zero
        isEncrypted = true
    }

    private mutating func beginMessage(type: UInt8, length: Int) {
        messageHeader = []
        messageType = type
        messageRemaining = length
        messagePosition = 0
        hello = type == 1 || type == 2 ? HelloWalker(isClient: type == 1) : nil
        guard length > 0 else { return }
        switch type {
        case 4: findings["tls-session-ticket", default: 0] += 1
        case 16: findings["tls-client-key-exchange", default: 0] += 1
        case 20: findings["tls-finished", default: 0] += 1
        default: break
        }
    }

    private mutating func keepsMessageByte(_ byte: UInt8) -> Bool {
        switch messageType {
        case 1, 2: hello?.keeps(byte) ?? false
        // Lifetime and length of a ticket tell nothing of it (RFC 5077 section 3.3).
        case 4: messagePosition < 6
        case 11, 12, 13, 15, 22: true
        default: false
        }
    }

    private mutating func endMessage() {
        if let hello, hello.secretBytes > 0 { findings["tls-session-ticket", default: 0] += 1 }
        hello = nil
    }

    private func zero(_ bytes: inout [UInt8], _ range: Range<Int>) {
        for index in range { bytes[index] = 0 }
    }
}
