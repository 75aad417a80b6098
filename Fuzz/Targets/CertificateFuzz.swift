import Diagnose

/// Certificates as they come in a handshake: any bytes in the place of one.
enum CertificateFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let name = der(0x30, [der(0x31, [der(0x30, [[6, 3, 0x55, 4, 3], der(0x0C, [Array("a b".utf8)])])])])
        let algorithm = der(0x30, [[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11], [5, 0]])
        let dates = der(
            0x30, [der(0x17, [Array("260101000000Z".utf8)]), der(0x18, [Array("20500101000000Z".utf8)])])
        let key = der(
            0x30,
            [
                der(
                    0x30, [[6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1], [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]]),
                der(3, [[0, 4], [UInt8](repeating: 9, count: 64)]),
            ])
        let alternatives = der(0x30, [der(0x82, [Array("a.example".utf8)]), der(0x87, [[10, 0, 0, 1]])])
        let extensions = [
            ([6, 3, 0x55, 0x1D, 17], der(4, [alternatives])), ([6, 3, 0x55, 0x1D, 19], [4, 5, 0x30, 3, 1, 1, 0xFF]),
            ([6, 3, 0x55, 0x1D, 15], [4, 4, 3, 2, 5, 0xA0]),
        ].map { der(0x30, [$0.0, $0.1]) }
        let body = der(
            0x30,
            [
                [0xA0, 3, 2, 1, 2], [2, 2, 0x7F, 1], algorithm, name, dates, name, key,
                der(0xA3, [der(0x30, extensions)]),
            ])
        return [[0] + der(0x30, [body, algorithm, [3, 3, 0, 1, 2]]), [1] + name]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let isRequest = input.byte() & 1 == 1
        let bytes = input.rest()
        func three(_ count: Int) -> [UInt8] { [UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)] }
        let list = isRequest ? Array(three(bytes.count).dropFirst()) + bytes : three(bytes.count) + bytes
        let content =
            isRequest
            ? [1, 1, 0, 2, 4, 1] + Array(three(list.count).dropFirst()) + list : three(list.count) + list
        let message = [isRequest ? 13 : 11] + three(content.count) + content
        let tracker = ConversationTracker()
        tracker.append(DiagnosisFuzz.capture([(true, hello(1)), (false, hello(2) + record(message))])[...])
        tracker.finish()
        promise(tracker.connections.count == 1, "there is one connection")
        for connection in tracker.connections {
            promise(isRequest || connection.serverCertificates.count == 1, "there is one certificate")
            promise(!isRequest || connection.certificateRequest?.authorities.count == 1, "there is one authority")
            promise(!HandshakeLadder.lines(connection).isEmpty, "it can be drawn")
        }
    }

    /// A hello of TLS 1.2 in a record.
    private static func hello(_ type: UInt8) -> [UInt8] {
        let rest: [UInt8] = type == 1 ? [0, 0, 2, 0, 47, 1, 0] : [0, 0, 47, 0]
        let body: [UInt8] = [3, 3] + [UInt8](repeating: 5, count: 32) + rest
        return record([type, 0, 0, UInt8(body.count)] + body)
    }

    private static func record(_ message: [UInt8]) -> [UInt8] {
        [22, 3, 3, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
    }

    private static func der(_ tag: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
        let content = Array(parts.joined())
        let length: [UInt8] =
            content.count < 128
            ? [UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
        return [tag] + length + content
    }
}
