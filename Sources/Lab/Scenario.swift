/// What happens between the Message Processor and the backend.
public enum Scenario: String, Sendable, CaseIterable, Codable {
    /// The keystore that the target endpoint names holds no client certificate.
    case noClientCertificate = "no-client-certificate"
    /// The client certificate's issuer is not among the authorities that the backend accepts.
    case issuerNotAccepted = "issuer-not-accepted"
    /// The handshake succeeds and the backend answers 200.
    case ok
    /// The Message Processor's trust store doesn't lead to the backend's certificate.
    case serverUntrusted = "server-untrusted"
}

/// The one TLS version that the backend speaks.
public enum TLSVersion: String, Sendable, CaseIterable, Codable {
    case tls12 = "1.2"
    case tls13 = "1.3"
}

/// How the proxy's target endpoint says which keystore it uses.
public enum Wiring: String, Sendable, CaseIterable, Codable {
    /// `SSLInfo` of the target endpoint, stores named through references (`ref://`).
    case endpoint
    /// `SSLInfo` of the target endpoint, stores named directly.
    case direct
    /// A load balancer with a target server, whose `sSLInfo` names the stores through references.
    case targetServer = "target-server"
}

/// Who does TLS in the lab.
public enum EngineChoice: String, Sendable, CaseIterable, Codable {
    /// Java when it is installed, else OpenSSL.
    case automatic
    /// JSSE, as in Edge: a single-file Java program.
    case java
    /// `openssl s_server` and `openssl s_client`.
    case openssl
}
