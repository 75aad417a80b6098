import Packets

/// One direction of a TCP connection on its way through the scrubber.
struct StreamScrubber {
    /// Scrubbed bytes to put into a frame.
    struct Piece {
        let tag: Int
        let position: Int
        let bytes: [UInt8]
    }

    /// Bytes of the scrubbed stream that are remembered for copies that come late: enough for a handshake, and little
    /// once nothing but record headers stays.
    private var memory: Int { filter.isKeeping ? 16_384 : 256 }

    private(set) var assembler = StreamAssembler(byteLimit: 131_072, segmentLimit: 48)
    private(set) var filter = HandshakeFilter()
    /// The latest scrubbed bytes of the stream; the last of them is the one before `assembler.next`.
    private var recent: [UInt8] = []
    private(set) var gaps = 0

    /// Notes a SYN. False: another connection begins on the same ports.
    mutating func begin(initialSequence: UInt32) -> Bool {
        guard assembler.begin(initialSequence: initialSequence) else { return false }
        if assembler.next == 0 { filter.beginAtStart() }
        return true
    }

    /// Takes a segment and answers what of it, and of frames that waited for it, may stay.
    mutating func receive(_ segment: TCPSegment, sequence: UInt32, payload: ArraySlice<UInt8>, tag: Int) -> [Piece] {
        var pieces = copies(of: payload, at: assembler.position(of: sequence), tag: tag)
        let events = assembler.receive(
            sequence: sequence, bytes: payload, length: segment.payloadLength, tag: tag)
        pieces += scrub(events)
        return pieces
    }

    mutating func skipGap() -> [Piece] { scrub(assembler.skipGap()) }

    /// Bytes of a segment that were seen before: they stay where the scrubbed stream has the same byte already.
    private func copies(of payload: ArraySlice<UInt8>, at position: Int?, tag: Int) -> [Piece] {
        guard let position, position < assembler.next else { return [] }
        let start = max(position, assembler.next - recent.count)
        let end = min(position + payload.count, assembler.next)
        guard start < end else { return [] }
        let bytes = (start..<end).map { at -> UInt8 in
            let known = recent[recent.count - (assembler.next - at)]
            return payload[payload.startIndex + at - position] == known ? known : 0
        }
        return [Piece(tag: tag, position: start, bytes: bytes)]
    }

    private mutating func scrub(_ events: [StreamAssembler.Event]) -> [Piece] {
        var pieces: [Piece] = []
        for event in events {
            switch event {
            case .gap(let length):
                filter.lose()
                gaps += 1
                // A gap counts as zeros that were never published.
                recent = [UInt8](repeating: 0, count: min(length, memory))
            case .data(let position, let bytes, let tag):
                var bytes = Array(bytes)
                filter.filter(&bytes)
                recent += bytes
                if recent.count > 2 * memory {
                    recent.removeFirst(recent.count - memory)
                }
                pieces.append(Piece(tag: tag, position: position, bytes: bytes))
            }
        }
        return pieces
    }
}
