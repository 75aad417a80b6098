import Diagnose

/// Builds captures of TCP connections, so that every kind of damage can be put into one.
enum Wire {
    enum Step {
        /// SYN and SYN-ACK of a connection; the number tells it from others.
        case open(Int)
        case client(Int, [UInt8])
        case server(Int, [UInt8])
        case close(Int, byClient: Bool)
        case reset(Int, byClient: Bool)
    }

    static let clientHello = record(22, message(1, hello(isClient: true)))
    static let serverHello = record(22, message(2, hello(isClient: false)))
    /// With the extension supported_versions (43): TLS 1.3.
    static let serverHello13 = record(22, message(2, hello(isClient: false) + [0, 6, 0, 43, 0, 2, 3, 4]))
    static let encrypted = record(22, [UInt8](repeating: 0x9C, count: 40))

    /// A record of TLS 1.3 after the hellos: only its length tells what it may be.
    static func hidden(_ length: Int) -> [UInt8] { record(23, [UInt8](repeating: 0x9C, count: length)) }

    static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 3, 3, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)] + body
    }

    /// A Client Hello.
    /// - Parameter versions: what the extension supported_versions (43) lists; empty: there is none.
    static func clientHello(
        legacy: UInt8 = 3, ciphers: [UInt16] = [0xC02F], name: String? = "backend.example.com", versions: [UInt8] = []
    ) -> [UInt8] {
        var extensions: [UInt8] = []
        if let name {
            let host = word(UInt16(name.utf8.count)) + Array(name.utf8)
            extensions += [0, 0] + word(UInt16(host.count + 3)) + word(UInt16(host.count + 1)) + [0] + host
        }
        if !versions.isEmpty {
            let list: [UInt8] = versions.flatMap { version -> [UInt8] in [3, version] }
            extensions += [0, 43] + word(UInt16(list.count + 1)) + [UInt8(list.count)] + list
        }
        var body: [UInt8] = [3, legacy]
        body += [UInt8](repeating: 7, count: 32) + [0] + word(UInt16(ciphers.count * 2))
        for cipher in ciphers { body += word(cipher) }
        body += [1, 0]
        if !extensions.isEmpty { body += word(UInt16(extensions.count)) + extensions }
        return record(22, message(1, body))
    }

    static func serverHello(legacy: UInt8, cipher: UInt16 = 0xC02F) -> [UInt8] {
        let start: [UInt8] = [3, legacy] + [UInt8](repeating: 7, count: 32) + [0]
        return record(22, message(2, start + word(cipher) + [0]))
    }

    /// A Certificate message of TLS 1.2.
    static func certificates(_ chain: [[UInt8]]) -> [UInt8] {
        func length(_ bytes: [UInt8]) -> [UInt8] { Array(long(UInt32(bytes.count)).dropFirst()) + bytes }
        return record(22, message(11, length(chain.flatMap { length($0) })))
    }

    static func alert(_ code: UInt8) -> [UInt8] { record(21, [2, code]) }

    private static func hello(isClient: Bool) -> [UInt8] {
        let start: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0]
        return start + (isClient ? [0, 2, 0xC0, 0x2F, 1, 0] : [0xC0, 0x2F, 0])
    }

    /// The frames of the steps, raw IPv4.
    static func frames(_ steps: [Step]) -> [[UInt8]] {
        var next: [Int: (client: UInt32, server: UInt32)] = [:]
        return steps.flatMap { step -> [[UInt8]] in
            switch step {
            case .open(let id):
                next[id] = (1_001, 2_001)
                return [
                    segment(id, isClient: true, 1_000, 0, 0x02, []),
                    segment(id, isClient: false, 2_000, 1_001, 0x12, []),
                ]
            case .client(let id, let bytes):
                let (client, server) = next[id] ?? (1_001, 2_001)
                next[id] = (client &+ UInt32(bytes.count), server)
                return [segment(id, isClient: true, client, server, 0x18, bytes)]
            case .server(let id, let bytes):
                let (client, server) = next[id] ?? (1_001, 2_001)
                next[id] = (client, server &+ UInt32(bytes.count))
                return [segment(id, isClient: false, server, client, 0x18, bytes)]
            case .close(let id, let byClient): return [end(id, byClient, 0x11, next)]
            case .reset(let id, let byClient): return [end(id, byClient, 0x14, next)]
            }
        }
    }

    private static func end(
        _ id: Int, _ byClient: Bool, _ flags: UInt8, _ next: [Int: (client: UInt32, server: UInt32)]
    ) -> [UInt8] {
        let (client, server) = next[id] ?? (1_001, 2_001)
        return byClient
            ? segment(id, isClient: true, client, server, flags, [])
            : segment(id, isClient: false, server, client, flags, [])
    }

    static func segment(
        _ id: Int, isClient: Bool, _ sequence: UInt32, _ acknowledgement: UInt32, _ flags: UInt8, _ bytes: [UInt8]
    ) -> [UInt8] {
        let port = UInt16(10_000 + id)
        let ports = isClient ? word(port) + word(443) : word(443) + word(port)
        let tcp =
            ports + long(sequence) + long(acknowledgement) + [0x50, flags] + word(1_000) + [0, 0, 0, 0] + bytes
        let ends: [UInt8] = isClient ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
        return [0x45, 0] + word(UInt16(20 + tcp.count)) + [0, 1, 0x40, 0, 64, 6, 0, 0] + ends + tcp
    }

    static func capture(_ steps: [Step], seconds: Int = 1_700_000_000) -> [UInt8] {
        capture(frames: frames(steps), seconds: seconds)
    }

    /// A classic file, a frame a millisecond.
    /// - Parameter seconds: when it begins, since 1970.
    static func capture(frames: [[UInt8]], linkType: UInt32 = 101, seconds: Int = 1_700_000_000) -> [UInt8] {
        var file: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4] + long(0) + long(0) + long(262_144) + long(linkType)
        for (index, frame) in frames.enumerated() {
            file +=
                long(UInt32(seconds)) + long(UInt32(index * 1_000)) + long(UInt32(frame.count))
                + long(UInt32(frame.count))
            file += frame
        }
        return file
    }

    static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    static func long(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
