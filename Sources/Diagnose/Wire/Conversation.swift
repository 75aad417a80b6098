internal import Packets

/// What is known so far of one TCP connection.
final class Conversation {
    /// One direction.
    struct Direction {
        var assembler = StreamAssembler(byteLimit: 262_144)
        var reader: RecordReader?
        var handshake: [UInt8] = []
        var isEncrypted = false
        /// The encrypted Finished of TLS 1.2 and before.
        var isFinished = false
        var closed: (frame: Int, isReset: Bool)?
        /// Records of type 23 in TLS 1.3, the first few: frame and length.
        var hidden: [(frame: Int, length: Int)] = []
        var sawApplicationData = false
    }

    /// Notes of the order of things, by direction; sides are told apart only at the end.
    struct Note {
        let frame: Int
        let time: CaptureTime
        let isFirst: Bool
        let type: String
        let length: Int
    }

    struct RawAlert {
        let frame: Int
        let isFirst: Bool
        let level: UInt8
        let code: UInt8
        let isEncrypted: Bool
    }

    static let maximumMessages = 256
    static let maximumHandshake = 131_072

    let key: FlowKey
    let firstFrame: Int
    let startedAt: CaptureTime
    var first = Direction()
    var second = Direction()
    /// Which end is the client, once something tells.
    var clientIsFirst: Bool?
    var notes: [Note] = []
    var alerts: [RawAlert] = []
    var clientHello: Hello?
    var serverHello: Hello?
    var serverCertificates: [[UInt8]] = []
    var clientCertificates: (frame: Int, list: [[UInt8]])?
    var request: (frame: Int, authorities: [[UInt8]])?
    var gaps = 0
    /// Of certificates and names of authorities.
    var certificateBytes = 0
    /// Hidden records of the server after the client's first one, in TLS 1.3.
    var answers: [(frame: Int, length: Int)] = []

    init(key: FlowKey, frame: CapturedFrame) {
        self.key = key
        firstFrame = frame.number
        startedAt = frame.time
    }

    subscript(isFirst: Bool) -> Direction {
        _read { if isFirst { yield first } else { yield second } }
        _modify { if isFirst { yield &first } else { yield &second } }
    }

    /// Bytes that are held for this connection, about.
    var footprint: Int {
        var bytes = 1_024 + certificateBytes + notes.count * 64
        for isFirst in [true, false] {
            bytes += self[isFirst].assembler.waitingBytes + self[isFirst].handshake.count
            bytes += self[isFirst].reader?.heldBytes ?? 0
        }
        return bytes
    }

    /// Lets go of what waits to become whole.
    func shed(_ frame: CapturedFrame) {
        for isFirst in [true, false] {
            while self[isFirst].assembler.isWaiting {
                handle(self[isFirst].assembler.skipGap(), frame, isFirst: isFirst)
            }
            self[isFirst].handshake = []
            self[isFirst].reader?.lose()
        }
    }

    var isTLS: Bool { first.reader?.sawRecord == true || second.reader?.sawRecord == true }
    var isTLS13: Bool { serverHello?.version == 0x0304 }

    /// Takes a segment of one direction.
    func take(_ segment: TCPSegment, of frame: CapturedFrame, isFirst: Bool) {
        if segment.flags.contains(.syn), clientIsFirst == nil {
            clientIsFirst = segment.flags.contains(.ack) ? !isFirst : isFirst
        }
        if segment.flags.contains(.ack), self[!isFirst].assembler.isWaiting,
            let acknowledged = self[!isFirst].assembler.position(of: segment.acknowledgement),
            acknowledged > self[!isFirst].assembler.next
        {
            handle(self[!isFirst].assembler.skipGap(), frame, isFirst: !isFirst)
        }
        if segment.payloadLength > 0 {
            let sequence = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
            let events = self[isFirst].assembler.receive(
                sequence: sequence, bytes: frame.data[segment.payload], length: segment.payloadLength, tag: 0)
            handle(events, frame, isFirst: isFirst)
        }
        if self[isFirst].closed == nil, !segment.flags.isDisjoint(with: [.fin, .rst]) {
            self[isFirst].closed = (frame.number, segment.flags.contains(.rst))
        }
    }

    private func handle(_ events: [StreamAssembler.Event], _ frame: CapturedFrame, isFirst: Bool) {
        for event in events {
            switch event {
            case .gap:
                gaps += 1
                self[isFirst].reader?.lose()
                self[isFirst].handshake = []
            case .data(let position, let bytes, _):
                var reader =
                    self[isFirst].reader
                    ?? RecordReader(atStart: position == 0 && self[isFirst].assembler.sawStart)
                let records = reader.read(bytes)
                self[isFirst].reader = reader
                for record in records { take(record, frame, isFirst: isFirst) }
            }
        }
    }

    private func take(_ record: RecordReader.Record, _ frame: CapturedFrame, isFirst: Bool) {
        switch record.type {
        case 20:
            note("change_cipher_spec", record.length, frame, isFirst)
            self[isFirst].isEncrypted = true
            self[isFirst].handshake = []
        case 21:
            note("alert", record.length, frame, isFirst)
            guard alerts.count < 32 else { return }
            let isClear = record.length == 2 && record.body.count == 2
            alerts.append(
                RawAlert(
                    frame: frame.number, isFirst: isFirst, level: isClear ? record.body[0] : 0,
                    code: isClear ? record.body[1] : 0, isEncrypted: !isClear))
        case 22:
            takeHandshake(record, frame, isFirst: isFirst)
        case 23:
            takeHidden(record, frame, isFirst: isFirst)
        default:
            note("record_\(record.type)", record.length, frame, isFirst)
        }
    }

    func note(_ type: String, _ length: Int, _ frame: CapturedFrame, _ isFirst: Bool) {
        guard notes.count < Conversation.maximumMessages else { return }
        notes.append(Note(frame: frame.number, time: frame.time, isFirst: isFirst, type: type, length: length))
    }

    private func takeHidden(_ record: RecordReader.Record, _ frame: CapturedFrame, isFirst: Bool) {
        guard isTLS13 else {
            if !self[isFirst].sawApplicationData { note("application_data", record.length, frame, isFirst) }
            self[isFirst].sawApplicationData = true
            return
        }
        let isClient = clientIsFirst.map { $0 == isFirst } ?? false
        if self[isFirst].hidden.count < 16 {
            self[isFirst].hidden.append((frame.number, record.length))
            note("encrypted", record.length, frame, isFirst)
        }
        if !isClient, !self[!isFirst].hidden.isEmpty, answers.count < 8 {
            answers.append((frame.number, record.length))
        }
    }

    private func takeHandshake(_ record: RecordReader.Record, _ frame: CapturedFrame, isFirst: Bool) {
        if self[isFirst].isEncrypted, !isHelloAfterRetry(record) {
            note("encrypted", record.length, frame, isFirst)
            self[isFirst].isFinished = true
            return
        }
        self[isFirst].handshake += record.body
        while let message = nextMessage(isFirst) {
            note(TLSNames.handshake(message.type), message.body.count, frame, isFirst)
            read(message.type, message.body, frame, isFirst: isFirst)
        }
    }

    /// After a HelloRetryRequest the second hellos are in clear, though a ChangeCipherSpec came before.
    private func isHelloAfterRetry(_ record: RecordReader.Record) -> Bool {
        guard record.body.count >= 6, record.body[0] == 1 || record.body[0] == 2, let word = record.body.uint32(at: 0)
        else { return false }
        return Int(word & 0xFF_FFFF) == record.length - 4 && record.body[4] == 3 && record.body[5] == 3
    }

    private func nextMessage(_ isFirst: Bool) -> (type: UInt8, body: [UInt8])? {
        guard let word = self[isFirst].handshake.uint32(at: 0) else { return nil }
        let length = Int(word & 0xFF_FFFF)
        guard length <= Conversation.maximumHandshake else {
            self[isFirst].handshake = []
            self[isFirst].isEncrypted = true
            return nil
        }
        guard self[isFirst].handshake.count >= 4 + length else { return nil }
        let body = Array(self[isFirst].handshake[4..<4 + length])
        self[isFirst].handshake.removeFirst(4 + length)
        return (UInt8(word >> 24), body)
    }
}
