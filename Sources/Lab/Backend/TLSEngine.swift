import Foundation

/// What the backend shows and accepts.
struct BackendSetup: Sendable {
    /// The backend's certificate and the intermediates after it.
    let chainFile: URL
    let keyFile: URL
    /// The authorities whose client certificates are accepted; they are named in the Certificate Request.
    let acceptedFile: URL
    let tls: TLSVersion
    /// The whole HTTP answer to a request that comes through.
    let answer: String
}

/// One connection of the Message Processor to the backend.
struct TargetCall: Sendable {
    let host: String
    let port: Int
    let serverName: String?
    /// Certificate chain and key of the keystore, nil for a keystore without a certificate.
    let chainFile: URL?
    let keyFile: URL?
    let alias: String
    let trustFile: URL
    /// The HTTP request that is sent when the handshake succeeds.
    let request: String
}

/// What came of a ``TargetCall``.
struct TargetResult: Sendable {
    let isCompleted: Bool
    let localPort: Int
    let milliseconds: Int
    let protocolName: String
    let cipher: String
    /// Class, message and frames of the exception, as Java names them; empty when it completed.
    let exceptionClass: String
    let message: String
    let frames: [String]
    /// The HTTP answer of the backend.
    let response: String
}

/// Plays TLS for both sides: the backend, and the Message Processor as its client.
protocol TLSEngine: Sendable {
    /// Starts a backend on 127.0.0.1.
    ///
    /// - Returns: its port, chosen by the system.
    func serve(_ setup: BackendSetup) async throws -> Int
    /// Connects as the Message Processor does. A failed handshake is a result, not an error.
    func call(_ call: TargetCall) async throws -> TargetResult
    /// Ends everything that was started.
    func stop() async
    /// `java` or `openssl`.
    var name: String { get }
}
