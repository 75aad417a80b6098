import Foundation
import Testing

@testable import Logs

/// A folder of test logs, removed at the end.
final class LogFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/logs-test-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress, let name = unsafe mkdtemp(base) else { return nil }
            return unsafe String(cString: name)
        }
        path = try #require(made)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, packed by the real gzip if asked.
    func write(_ name: String, _ bytes: [UInt8], gzip: Bool = false, modified: Int? = nil) throws -> LogFile {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        if gzip {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-nf", file]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            try FileManager.default.moveItem(atPath: file + ".gz", toPath: file)
        }
        if let modified {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(modified))], ofItemAtPath: file)
        }
        return try probe(name)
    }

    func write(_ name: String, _ text: String, gzip: Bool = false, modified: Int? = nil) throws -> LogFile {
        try write(name, Array(text.utf8), gzip: gzip, modified: modified)
    }

    func probe(_ name: String) throws -> LogFile {
        let file = path + "/" + name
        return try LogFile.probe(path: name) { try openForReading(file) }
    }
}

struct OpenFailure: Error {}

func openForReading(_ path: String) throws -> CInt {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OpenFailure() }
    return descriptor
}

/// A moment from its ISO 8601 text in UTC.
func utc(_ text: String) throws -> LogInstant {
    try LogInstant(argument: text, zone: .utc)
}

/// The records of one text, read through a search for an id that all of them hold, or one by one.
func records(_ text: String, zone: LogZone = .utc) throws -> [LogRecord] {
    try records(Array(text.utf8), zone: zone)
}

func records(_ bytes: [UInt8], zone: LogZone = .utc) throws -> [LogRecord] {
    let folder = try LogFolder()
    let file = try folder.write("system.log", bytes)
    var walk = RecordWalk(
        try LogSource(file), path: file.path, start: 0, inherited: nil, zone: zone, isCancelled: { false })
    var found: [LogRecord] = []
    while try walk.next() {
        found.append(walk.record())
    }
    return found
}

/// A sequence of numbers that is the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

let handshakeFailure = """
    2017-10-23 05:28:57,813 org:acme env:prod api:orders rev:7 messageid:rrt331ea-28215-7515740-33 NIOThread@0 ERROR \
    HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:10.1.2.3:8443 Remote host:10.9.8.7:51234]@65461 \
    useCount=1 bytesRead=0 bytesWritten=0 age=529ms lastIO=529ms handshake failed, message: Received fatal alert: \
    bad_certificate
    2017-10-23 05:28:57,813 org:acme env:prod api:orders rev:7 messageid:rrt331ea-28215-7515740-33 NIOThread@0 ERROR \
    HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLInfo: KeyStore:java.security.KeyStore@52de60d9 \
    KeyAlias:orders-client TrustStore:java.security.KeyStore@6ec45759
    2017-10-23 05:28:57,814 org:acme env:prod api:orders rev:7 messageid:rrt331ea-28215-7515740-33 NIOThread@0 ERROR \
    ADAPTORS.HTTP.FLOW - RequestWriteListener.onException() : RequestWriteListener.onException(HTTPRequest@6071a73d)
    javax.net.ssl.SSLException: Received fatal alert: bad_certificate
    \tat sun.security.ssl.Alerts.getSSLException(Alerts.java:208) ~[na:1.8.0_101]
    \tat sun.security.ssl.SSLEngineImpl.fatal(SSLEngineImpl.java:1666) ~[na:1.8.0_101]
    Caused by: java.io.IOException: none
    \t... 6 common frames omitted

    """

func addresses(_ text: String) -> ChannelAddresses? {
    ChannelAddresses(Array(text.utf8).span)
}

func sslInfo(_ text: String) -> LoggedSSLInfo? {
    LoggedSSLInfo(Array(text.utf8).span)
}

func position(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
    bytes.span.firstIndex(of: needle)
}
