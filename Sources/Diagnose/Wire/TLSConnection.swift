/// One TCP connection of a capture, and what its TLS handshake tells in clear. The `connection` of `diagnose --json`.
public struct TLSConnection: Codable, Sendable, Equatable {
    public struct Endpoint: Codable, Sendable, Equatable {
        public var ip: String
        public var port: Int
        public init(ip: String, port: Int) {
            self.ip = ip
            self.port = port
        }
    }

    public enum Side: String, Codable, Sendable { case client, server }

    public enum Outcome: String, Codable, Sendable {
        /// Both sides finished their handshake.
        case completed
        /// One side gave up: an alert, or the connection closed before the end.
        case failed
        /// The capture does not show the end, or there was no handshake.
        case incomplete
    }

    public struct Certificate: Codable, Sendable, Equatable {
        /// RFC 4514 form; empty when the certificate cannot be read.
        public var subject: String
        public var issuer: String
        /// Colon-separated hex.
        public var serial: String
        /// ISO 8601, UTC.
        public var notBefore: String
        public var notAfter: String
        public var subjectAltNames: [String]
        /// Of the DER, lower-case hex.
        public var sha256: String
        /// Such as `RSA 2048`, `EC P-256`.
        public var key: String
        /// Such as `sha256WithRSAEncryption`.
        public var signatureAlgorithm: String
        /// In the words of RFC 5280, such as `digitalSignature`. Empty: any use.
        public var keyUsage: [String]
        /// Such as `clientAuth`. Empty: any purpose.
        public var extendedKeyUsage: [String]
        /// It may issue certificates.
        public var isAuthority: Bool
    }

    public struct CertificateRequest: Codable, Sendable, Equatable {
        public var frame: Int
        /// Distinguished names in RFC 4514 form. Empty: any authority will do.
        public var authorities: [String]
    }

    public struct ClientCertificate: Codable, Sendable, Equatable {
        public var frame: Int
        public var count: Int
        public var certificates: [Certificate]
    }

    public struct Alert: Codable, Sendable, Equatable {
        public var frame: Int
        public var from: Side
        /// `warning`, `fatal`, or `unknown` when encrypted.
        public var level: String
        /// Null when encrypted.
        public var code: Int?
        /// In the RFC's words; `encrypted` when encrypted.
        public var description: String
        /// True: told by type and length of the record alone, so likely rather than certain.
        public var encrypted: Bool

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(frame, forKey: .frame)
            try container.encode(from, forKey: .from)
            try container.encode(level, forKey: .level)
            try container.encode(code, forKey: .code)
            try container.encode(description, forKey: .description)
            try container.encode(encrypted, forKey: .encrypted)
        }
    }

    public struct Message: Codable, Sendable, Equatable {
        /// The frame in which the message is complete.
        public var frame: Int
        /// ISO 8601, UTC.
        public var time: String
        public var from: Side
        /// Handshake type in the RFC's words, or `change_cipher_spec`, `alert`, `application_data`, `encrypted`.
        public var type: String
        /// Bytes of the message's body; of the record where it is encrypted.
        public var length: Int
    }

    public struct Closing: Codable, Sendable, Equatable {
        public var frame: Int
        public var from: Side
        /// By RST instead of FIN.
        public var reset: Bool
    }

    public var client: Endpoint
    public var server: Endpoint
    public var firstFrame: Int
    /// ISO 8601, UTC.
    public var startedAt: String
    public var tls: Bool
    public var sni: String?
    public var offeredVersions: [String] = []
    public var version: String?
    public var cipher: String?
    public var offeredCiphers: [String] = []
    /// Of the extension for application-layer protocols (RFC 7301).
    public var offeredProtocols: [String] = []
    public var alpn: String?
    public var resumed = false
    public var renegotiated = false
    public var helloRetryRequest = false
    public var serverCertificates: [Certificate] = []
    public var certificateRequest: CertificateRequest?
    public var clientCertificate: ClientCertificate?
    public var alerts: [Alert] = []
    public var messages: [Message] = []
    public var outcome: Outcome = .incomplete
    /// Who ended the connection first.
    public var closed: Closing?
    /// Seconds from the first TLS message to the end of the connection, or of the capture.
    public var handshake: Double?
    public var warnings: [String] = []

    public init(client: Endpoint, server: Endpoint, firstFrame: Int, startedAt: String, tls: Bool) {
        self.client = client
        self.server = server
        self.firstFrame = firstFrame
        self.startedAt = startedAt
        self.tls = tls
    }
}
