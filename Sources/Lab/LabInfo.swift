/// Where a running lab is and what it is called; holds no secret.
public struct LabInfo: Sendable, Codable {
    public struct Endpoint: Sendable, Codable {
        public let host: String
        public let port: Int
    }

    /// Base of the management API, `http://127.0.0.1:PORT/v1`.
    public let mgmt: String
    /// Base of the router, `http://127.0.0.1:PORT`.
    public let router: String
    /// Where a redirected request would go.
    public let redirect: String
    /// The backend's host as the target endpoint names it, and its port on 127.0.0.1.
    public let backend: Endpoint
    /// The folder that plays `/` of the node.
    public let root: String
    public let org: String
    public let env: String
    public let api: String
    public let revision: String
    public let basePath: String
    public let keyAlias: String
    public let keystore: String
    public let truststore: String
    public let keystoreReference: String
    public let truststoreReference: String
    public let targetServer: String?
    /// User name for the management API.
    public let user: String
    /// Files of mode 0600 that hold the password, a bearer token, and the client's complete curl command.
    public let passwordFile: String
    public let tokenFile: String
    public let curlFile: String
    /// What the client got: the newest answer, or what the symptom shows.
    public let errorFile: String
    /// The login server, and the same under its zone's name.
    public let loginUrl: String
    public let zoneLoginUrl: String
    /// Files of mode 0600 with codes of the second factor and a passcode, one a line, each good once.
    public let codesFile: String
    public let passcodeFile: String
    /// The id of the newest request that was played at the start; nil if none was.
    public let messageId: String?
    public let scenario: Scenario
    public let tls: TLSVersion
    /// `java` or `openssl`.
    public let engine: String
    public let processId: Int32
    /// The port of each component on 127.0.0.1, by the one that is documented for it.
    public let componentPorts: [Int: Int]
    /// A folder with programs of the system that this machine may lack, for `PATH`.
    public let tools: String
    /// The Java process that plays the Message Processor's, if one does.
    public let kernelProcessId: Int32?
}
