public import Foundation

/// What a lab looks like; every value has a default.
public struct LabOptions: Sendable {
    /// The TLS version that the backend speaks.
    public var tls = TLSVersion.tls12
    /// The folder that plays `/` of the node; nil makes a new one under the temporary folder, removed by ``Lab/stop()``.
    public var root: URL?
    /// How the target endpoint names its keystore.
    public var wiring = Wiring.endpoint
    /// Who does TLS.
    public var engine = EngineChoice.automatic
    /// The host name of the backend in the target endpoint; it must lead to 127.0.0.1 on this machine.
    public var backendHost = "localhost"
    /// Faults that are on from the start.
    public var faults: Set<Fault> = []
    /// How long ``Fault/slow`` waits before it answers, in seconds.
    public var slowness = 30.0
    /// Ways of Edge that public material doesn't settle.
    public var variants = LabVariants()
    /// Whether one request is played at the start, so that the log's newest record is of this run.
    public var playsFirstRequest = true

    /// A failure that is played instead of what the scenario would bring: the backend answers, but the request fails like
    /// this.
    public var symptom: Symptom?

    /// Whether a Java process plays the Message Processor's; needs a JDK.
    public var runsKernel = false
    /// Four-letter words that the lab's ZooKeeper refuses.
    public var refusedWords: Set<String> = []

    /// Accounts of the login server.
    public var login = LabLogin()

    public init() {}
}
