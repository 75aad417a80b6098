import Diagnose
import Testing

/// The same handshake, carried in every way that networks and captures can carry it.
@Suite("Conversations: how bytes travel")
struct TransportTests {
    private static let chain: [UInt8] = {
        // Forty certificates of 900 bytes that are none: their bytes must arrive whole all the same.
        var list: [UInt8] = []
        for index in 0..<40 {
            list += [0, 3, 0x84]
            list += [UInt8](repeating: UInt8(index), count: 900)
        }
        let length = UInt32(list.count)
        return Wire.message(11, Array(Wire.long(length).dropFirst()) + list)
    }()

    /// The server's stream: hello, a chain of 36 kB over many records, and the end of its flight.
    private static let flight: [UInt8] = {
        var stream = Wire.serverHello
        for start in stride(from: 0, to: chain.count, by: 1_000) {
            stream += Wire.record(22, Array(chain[start..<min(start + 1_000, chain.count)]))
        }
        return stream + Wire.record(22, Wire.message(14, []))
    }()

    private func expect(_ frames: [[UInt8]], linkType: UInt32 = 101, _ comment: Comment, last: Int? = nil) {
        let connections = track(Wire.capture(frames: frames, linkType: linkType), step: 777).connections
        #expect(connections.count == 1, comment)
        let connection = connections.first
        #expect(
            connection?.messages.map(\.type) == ["client_hello", "server_hello", "certificate", "server_hello_done"],
            comment)
        #expect(connection?.serverCertificates.count == 40, comment)
        #expect(connection?.messages.last?.frame == last ?? frames.count, comment)
    }

    private static func segments(_ size: Int) -> [[UInt8]] {
        var steps: [Wire.Step] = [.open(1), .client(1, Wire.clientHello)]
        for start in stride(from: 0, to: flight.count, by: size) {
            steps.append(.server(1, Array(flight[start..<min(start + size, flight.count)])))
        }
        return Wire.frames(steps)
    }

    @Test("segments of any size", arguments: [1, 2, 3, 7, 100, 1_448, 9_000, 60_000])
    func sizes(size: Int) { expect(Self.segments(size), "segments of \(size) bytes") }

    @Test("out of order, twice, overlapping")
    func order() {
        var frames = Self.segments(1_448)
        let count = frames.count
        for index in stride(from: 4, to: count - 3, by: 3) { frames.swapAt(index, index + 1) }
        expect(frames, "swapped")
        frames = Self.segments(1_448)
        frames = frames.prefix(4) + frames.dropFirst(4).flatMap { [$0, $0] }
        expect(frames, "twice", last: frames.count - 1)
        frames = Self.segments(1_448)
        frames = frames.prefix(4) + frames.dropFirst(4).reversed()
        expect(Array(frames), "backwards")
    }

    @Test("a lost segment is told, and what follows is found again")
    func lost() throws {
        var frames = Self.segments(1_448)
        frames.remove(at: 10)
        frames += Wire.frames([.open(1)]).suffix(0)
        // The client acknowledges what the capture lacks.
        frames.append(
            Wire.segment(
                1, isClient: true, 1_001 + UInt32(Wire.clientHello.count), 2_001 + UInt32(Self.flight.count), 0x10, []))
        let connection = try #require(track(Wire.capture(frames: frames)).connections.first)
        #expect(connection.warnings.contains { $0.contains("bytes are missing at 1 place") })
        #expect(connection.serverCertificates.isEmpty)
        #expect(connection.messages.map(\.type).contains("server_hello"))
    }

    @Test(
        "behind other headers",
        arguments: [
            (1, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0]),
            (1, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0x81, 0, 0, 5, 8, 0]),
            (1, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0]),
            (1, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0x88, 0x47, 0, 1, 0x01, 64]),
            (1, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0x88, 0x64, 0x11, 0, 0, 1, 0, 50, 0, 0x21]),
            (113, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 2, 0, 0, 8, 0]),
            (276, [8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 0, 0, 0, 0, 0, 2, 0, 0]),
            (0, [2, 0, 0, 0]), (108, [0, 0, 0, 2]), (9, [0xFF, 3, 0, 0x21]), (104, [0x0F, 0, 8, 0]),
            (239, [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 0, 0xFF, 0x7F, 9, 0]),
        ] as [(UInt32, [UInt8])])
    func links(linkType: UInt32, header: [UInt8]) {
        expect(Self.segments(1_448).map { header + $0 }, linkType: linkType, "link type \(linkType)")
    }

    @Test("in fragments of IP")
    func fragments() {
        var frames: [[UInt8]] = []
        for frame in Self.segments(1_448) {
            guard frame.count > 600 else {
                frames.append(frame)
                continue
            }
            let body = Array(frame[20...])
            for start in stride(from: 0, to: body.count, by: 512) {
                let piece = Array(body[start..<min(start + 512, body.count)])
                let more: UInt16 = start + 512 < body.count ? 0x2000 : 0
                var header: [UInt8] = [0x45, 0]
                header += Wire.word(UInt16(20 + piece.count))
                // Each datagram has an identification of its own: the low half of its sequence number.
                header += frame[26..<28]
                header += Wire.word(more | UInt16(start / 8))
                header += frame[8..<20]
                frames.append(header + piece)
            }
        }
        expect(frames, "fragments")
    }

    @Test("connections that never came about")
    func attempts() throws {
        let silent = Wire.segment(1, isClient: true, 1_000, 0, 0x02, [])
        let refused = Wire.segment(1, isClient: false, 0, 1_001, 0x14, [])
        func warning(_ frames: [[UInt8]]) throws -> [String] {
            try #require(track(Wire.capture(frames: frames)).connections.first).warnings
        }
        #expect(try warning([silent, silent]) == ["no answer to 2 connection attempts (SYN)"])
        #expect(try warning([silent, refused]).first?.contains("refused the connection") == true)
        #expect(try warning(Wire.frames([.open(1)])).first?.contains("half-open") == true)
    }

    @Test("the same ports again are another connection")
    func portsAgain() {
        let first = Wire.frames([.open(1), .client(1, Wire.clientHello), .reset(1, byClient: false)])
        var second = Wire.frames([.open(1)])
        second[0][27] = 0x77
        let connections = track(Wire.capture(frames: first + second)).connections
        #expect(connections.map(\.tls) == [true, false])
        #expect(connections[0].outcome == .failed)
    }

    @Test("many connections: memory is bounded, the failed ones are kept")
    func many() {
        let tracker = ConversationTracker()
        for batch in 0..<50 {
            let frames = (0..<1_000).map { index in
                var frame = Wire.segment(index % 50_000, isClient: true, 1_000, 0, 0x02, [])
                frame[14] = UInt8(batch)
                return frame
            }
            var file = Wire.capture(frames: frames)
            if batch > 0 { file.removeFirst(24) }
            tracker.append(file[...])
            if batch == 0 {
                let failing = Wire.frames([
                    .open(7_777), .client(7_777, Wire.clientHello), .server(7_777, [21, 3, 3, 0, 2, 2, 40]),
                ])
                tracker.append(Wire.capture(frames: failing).dropFirst(24))
            }
        }
        #expect(tracker.packets == 50_004)
        #expect(tracker.forgotten > 0)
        #expect(tracker.failureCount(serverPort: nil) == 1)
        #expect(tracker.connections.count + tracker.forgotten == 50_001)
    }

    @Test("lengths of zero and of all ones, and every cut, end without harm")
    func hostile() {
        let good = Wire.capture(frames: Self.segments(1_448))
        for offset in stride(from: 24, to: 400, by: 1) {
            for value in [UInt8(0), 0xFF] {
                var bad = good
                for index in offset..<min(offset + 4, bad.count) { bad[index] = value }
                _ = track(bad, step: 4_093).connections
            }
            _ = track(Array(good[..<offset])).connections
        }
    }
}
