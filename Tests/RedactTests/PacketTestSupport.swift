import Foundation

/// Builds little captures and asks the real tools to read them.
enum Tools {
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func fixture(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: packageRoot.appending(path: "Tests/Fixtures/\(path)")))
    }

    /// Other people's captures; nil when they are not there.
    static func publicData(_ path: String) -> [UInt8]? {
        let base =
            ProcessInfo.processInfo.environment["APIGEE_COLLECT_DATA"].map { URL(filePath: $0) }
            ?? packageRoot.appending(path: "../shared/data/public")
        return (try? Data(contentsOf: base.appending(path: path))).map { [UInt8]($0) }
    }

    static func has(_ tool: String) -> Bool {
        ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + tool)
        }
    }

    struct Failed: Error { let command: [String] }

    /// Runs a program and returns its standard output.
    /// - Parameter strict: throws when it fails, such as tshark for a field that it does not know.
    static func run(_ arguments: [String], strict: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if strict, process.terminationStatus != 0 { throw Failed(command: arguments) }
        return String(decoding: data, as: UTF8.self)
    }

    static func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".pcap")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path())
    }

    /// One line per frame with the fields, as tshark reads them.
    static func tshark(_ bytes: [UInt8], filter: String = "", fields: [String], options: [String] = []) throws -> String
    {
        try withFile(bytes) { path in
            try run(
                ["tshark", "-n", "-r", path, "-T", "fields"] + (filter.isEmpty ? [] : ["-Y", filter])
                    + fields.flatMap { ["-e", $0] } + options.flatMap { ["-o", $0] }, strict: true)
        }
    }
}

/// Writes classic pcap files of Ethernet frames with TCP segments.
struct CaptureBuilder {
    private(set) var bytes: [UInt8]
    private var seconds: UInt32 = 1_700_000_000

    init(linkType: UInt32 = 1) {
        bytes = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]
        bytes += CaptureBuilder.little(linkType)
    }

    static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    static func big(_ value: UInt32) -> [UInt8] { little(value).reversed() }
    static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    mutating func frame(_ data: [UInt8], length: Int? = nil) {
        bytes += CaptureBuilder.little(seconds) + [0, 0, 0, 0] + CaptureBuilder.little(UInt32(data.count))
        bytes += CaptureBuilder.little(UInt32(length ?? data.count)) + data
    }

    enum Side { case client, server }

    /// A TCP segment between 10.0.0.1:50000 and 10.0.0.2:443 with a right checksum.
    static func segment(
        _ side: Side, seq: UInt32, ack: UInt32 = 0, flags: UInt8 = 0x18, options: [UInt8] = [], port: UInt16 = 443,
        _ payload: [UInt8]
    ) -> [UInt8] {
        ethernet(packet(side, seq: seq, ack: ack, flags: flags, options: options, port: port, payload))
    }

    /// The same without a link-layer header.
    static func packet(
        _ side: Side, seq: UInt32, ack: UInt32 = 0, flags: UInt8 = 0x18, options: [UInt8] = [], port: UInt16 = 443,
        _ payload: [UInt8]
    ) -> [UInt8] {
        let client: [UInt8] = [10, 0, 0, 1]
        let server: [UInt8] = [10, 0, 0, 2]
        let (from, to) = side == .client ? (client, server) : (server, client)
        let ports = side == .client ? big(UInt16(50_000)) + big(port) : big(port) + big(UInt16(50_000))
        var tcp = ports + big(seq) + big(ack) + [UInt8((20 + options.count) / 4) << 4, flags, 1, 0, 0, 0, 0, 0]
        tcp += options + payload
        let sum = checksum(from + to + [0, 6] + big(UInt16(tcp.count)) + tcp)
        tcp[16] = UInt8(sum >> 8)
        tcp[17] = UInt8(sum & 0xFF)
        return ip(protocolNumber: 6, from: from, to: to, tcp)
    }

    static func udp(source: UInt16, destination: UInt16, _ payload: [UInt8]) -> [UInt8] {
        let datagram = big(source) + big(destination) + big(UInt16(8 + payload.count)) + [0, 0] + payload
        return ethernet(ip(protocolNumber: 17, from: [10, 0, 0, 1], to: [10, 0, 0, 53], datagram))
    }

    static func ip(protocolNumber: UInt8, from: [UInt8], to: [UInt8], flags: UInt16 = 0x4000, _ body: [UInt8])
        -> [UInt8]
    {
        var header: [UInt8] = [0x45, 0] + big(UInt16(20 + body.count)) + [0, 1] + big(flags)
        header += [64, protocolNumber, 0, 0] + from + to
        let sum = checksum(header)
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(sum & 0xFF)
        return header + body
    }

    static func ethernet(_ packet: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
        [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + big(type) + packet
    }

    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += index.isMultiple(of: 2) ? UInt32(byte) << 8 : UInt32(byte) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(truncatingIfNeeded: sum)
    }

    /// A TLS record.
    static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 3, 3] + big(UInt16(body.count)) + body }

    /// A handshake message.
    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type] + big(UInt32(body.count)).dropFirst() + body
    }

    /// A ClientHello with a session ticket in it.
    static func clientHello(name: String, ticket: [UInt8]) -> [UInt8] {
        let host = Array(name.utf8)
        var extensions: [UInt8] = [0, 0] + big(UInt16(host.count + 5)) + big(UInt16(host.count + 3)) + [0]
        extensions += big(UInt16(host.count)) + host
        extensions += [0, 35] + big(UInt16(ticket.count)) + ticket
        extensions += [0, 43, 0, 3, 2, 3, 3]
        var body: [UInt8] =
            [3, 3] + [UInt8](repeating: 0x5A, count: 32) + [0] + [0, 4, 0x00, 0x2F, 0xC0, 0x2F] + [1, 0]
        body += big(UInt16(extensions.count)) + extensions
        return message(1, body)
    }
}

/// The payloads of the TCP segments that `CaptureBuilder` makes, without options.
func payloads(_ capture: [UInt8]) -> [[UInt8]] {
    var all: [[UInt8]] = []
    var offset = 24
    while offset + 16 <= capture.count {
        let length = (0..<4).reduce(0) { $0 | Int(capture[offset + 8 + $1]) << (8 * $1) }
        let frame = capture[offset + 16..<min(capture.count, offset + 16 + length)]
        all.append(Array(frame.dropFirst(54)))
        offset += 16 + length
    }
    return all
}

func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    let needle = Array(text.utf8)
    guard !needle.isEmpty, bytes.count >= needle.count else { return false }
    return (0...(bytes.count - needle.count)).contains { start in
        bytes[start] == needle[0] && Array(bytes[start..<start + needle.count]) == needle
    }
}

extension Tools {
    static func withFileBytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
}

/// A connection of which each test changes one thing.
struct Conversation {
    var builder = CaptureBuilder()
    var clientNext: UInt32 = 1_001
    var serverNext: UInt32 = 9_001
    var port: UInt16 = 443

    init(open: Bool = true, port: UInt16 = 443) {
        self.port = port
        guard open else { return }
        builder.frame(CaptureBuilder.segment(.client, seq: 1_000, flags: 0x02, port: port, []))
        builder.frame(CaptureBuilder.segment(.server, seq: 9_000, ack: 1_001, flags: 0x12, port: port, []))
    }

    mutating func client(_ payload: [UInt8]) {
        builder.frame(CaptureBuilder.segment(.client, seq: clientNext, ack: serverNext, port: port, payload))
        clientNext &+= UInt32(payload.count)
    }

    mutating func server(_ payload: [UInt8]) {
        builder.frame(CaptureBuilder.segment(.server, seq: serverNext, ack: clientNext, port: port, payload))
        serverNext &+= UInt32(payload.count)
    }

    /// Sends the text in segments of `size` bytes.
    mutating func client(_ text: String, size: Int) {
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            client(Array(bytes[start..<min(start + size, bytes.count)]))
        }
    }

    /// Bytes of payload that were not zero before and are zero after, in `bytes`.
    func zeroed(_ bytes: [UInt8]) -> Int {
        zip(payloads(builder.bytes).joined(), payloads(bytes).joined()).count { $0 != 0 && $1 == 0 }
    }
}

/// The stream of all payload in text form, a zero as `.`.
func text(_ payloads: [[UInt8]]) -> String {
    String(decoding: payloads.joined().map { $0 == 0 ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
}
