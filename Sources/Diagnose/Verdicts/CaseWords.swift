internal import SupportBundle

/// A cause of the other TLS playbooks: its words, and how it is put into a verdict.
struct Cause: Sendable {
    let playbook: String
    let id: String
    let title: String
    let resolution: [String]

    func verdict(
        _ confidence: Verdict.Confidence, _ summary: String, _ evidence: [Verdict.Evidence],
        ruledOut: [Verdict.RuledOut] = [], wouldSettle: [String] = []
    ) -> Verdict {
        let unique = evidence.reduce(into: [Verdict.Evidence]()) { if !$0.contains($1) { $0.append($1) } }
        return Verdict(
            playbook: playbook, cause: id, title: title, confidence: confidence, summary: Words.sentence(summary),
            evidence: Array(unique.prefix(24)), resolution: resolution, ruledOut: ruledOut,
            wouldSettle: confidence == .certain ? [] : wouldSettle)
    }
}

/// Texts follow the playbooks of the Edge documentation on TLS handshake failures, 503 SslHandshakeFailed, plain HTTP to
/// a TLS port, 502 by handshake time-out and 400 SSL certificate error, in our own words.
extension Cause {
    static let protocolMismatch = Cause(
        playbook: "tls-handshake-failure", id: "protocol-mismatch",
        title: "Message Processor and backend have no TLS version in common",
        resolution: [
            "Have the backend allow a version that the Message Processor offers (TLS 1.2 is safe to ask for), or",
            "allow the backend's version on our side: the Protocols of SSLInfo, jdk.tls.disabledAlgorithms and the"
                + " Message Processor's own TLS settings, and a Java that knows it.",
            "If SSLInfo lists Protocols, remove or widen the list and deploy the proxy again.",
        ])
    static let cipherMismatch = Cause(
        playbook: "tls-handshake-failure", id: "cipher-mismatch",
        title: "Message Processor and backend have no cipher suite in common",
        resolution: [
            "Compare the suites that the Message Processor offers (in the evidence) with those that the backend allows.",
            "Have the backend allow one of them, or widen the Ciphers of SSLInfo where it lists any.",
            "Old Java 8 without unlimited-strength policy files lacks all suites with AES-256.",
        ])
    static let sniNeeded = Cause(
        playbook: "tls-handshake-failure", id: "sni-needed",
        title: "The backend needs the server name (SNI), and does not get one that it knows",
        resolution: [
            "Private cloud: switch SNI on for the Message Processor (jsse.enableSNIExtension=true in its properties) and"
                + " restart it.",
            "Let the target endpoint or target server name the backend by its host name, not by an address.",
            "Check with openssl s_client, once with -servername NAME and once with -noservername.",
        ])
    static let handshakeFailed = Cause(
        playbook: "tls-handshake-failure", id: "handshake-refused",
        title: "The backend refuses the TLS handshake before any certificate",
        resolution: [
            "Compare protocol versions and cipher suites of the Client Hello with what the backend allows.",
            "Check with openssl s_client whether the backend needs the server name (SNI).",
        ])
    static let chainIncomplete = Cause(
        playbook: "tls-server-certificate", id: "server-chain-incomplete",
        title: "The backend does not send its whole certificate chain",
        resolution: [
            "Have the backend send its intermediate certificates, in order, after its own.",
            "Until then, put the missing intermediate certificate into the trust store that SSLInfo names.",
        ])
    static let untrusted = Cause(
        playbook: "tls-server-certificate", id: "server-certificate-not-trusted", title: Words.serverTitle,
        resolution: Words.serverResolution)
    static let hostName = Cause(
        playbook: "tls-server-certificate", id: "host-name-mismatch",
        title: "The backend's certificate does not bear the name of the host",
        resolution: [
            "Use in the target endpoint or target server a host name that stands in the certificate's alternative names, or",
            "have the backend get a certificate with the name that is used, or",
            "set CommonName in SSLInfo to the name in the certificate.",
        ])
    static let serverExpired = Cause(
        playbook: "tls-server-certificate", id: "server-certificate-expired",
        title: "The backend's certificate is not valid at this time",
        resolution: [
            "Have the backend's certificate renewed.",
            "Check the clock of the Message Processor, if the dates are right.",
        ])
    static let plainToTLS = Cause(
        playbook: "tls-plain-http", id: "plain-http-to-tls-port", title: "Plain HTTP is sent to a port that speaks TLS",
        resolution: [
            "Use https:// in the URL of the target endpoint, or the URL of the caller.",
            "For a target server on a TLS port add SSLInfo with Enabled true.",
        ])
    static let tlsToPlain = Cause(
        playbook: "tls-plain-http", id: "tls-to-plain-http-port",
        title: "TLS is spoken to a port that answers plain HTTP",
        resolution: [
            "Use the backend's TLS port, or http:// and no SSLInfo for this one.",
            "If a proxy stands between, check that it opens a tunnel instead of answering itself.",
        ])
    static let timeout = Cause(
        playbook: "tls-handshake-timeout", id: "handshake-timeout",
        title: "The backend does not answer the TLS handshake in time",
        resolution: [
            "Have the firewalls between Message Processor and backend checked: TCP connects, and the Client Hello is lost.",
            "Capture on the backend at the same time: what does not arrive there was dropped on the way.",
            "If it arrives, the backend is too slow or stuck: its team has to look.",
        ])
    static let northbound = Cause(
        playbook: "tls-northbound-certificate", id: "northbound-client-certificate-not-accepted",
        title: "The Router does not accept the caller's client certificate",
        resolution: [
            "Check that the caller's certificate has not expired and is the one that was agreed on.",
            "Put the certificate's root and intermediates into the trust store of the virtual host; verify with"
                + " openssl verify against ORG-ENV-VHOST-client.pem on a Router.",
            "Private cloud: after a change of the trust store check that the Routers have loaded it.",
        ])
    static let northboundNone = Cause(
        playbook: "tls-northbound-certificate", id: "northbound-no-client-certificate",
        title: "The caller shows no client certificate to the Router",
        resolution: [
            "Have the caller send its client certificate with its key.",
            "If callers need none, switch client authentication off for this virtual host.",
        ])
}
