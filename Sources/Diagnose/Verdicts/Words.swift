/// Texts of the verdicts. They follow the playbook on bad client certificates of the Edge documentation.
enum Words {
    static let noCertificateCause = "no-client-certificate"
    static let issuerCause = "issuer-not-accepted"

    static let noCertificateTitle = "The Message Processor has no client certificate to show"
    static let issuerTitle = "The backend does not accept the issuer of the client certificate"
    static let serverTitle = "The Message Processor does not trust the backend's certificate"

    static let serverSummary =
        "the Message Processor itself ended the handshake, since it could not verify the certificate of the backend"
    static let onlyAlert =
        "the backend refused the handshake for want of a client certificate that it accepts; whether the keystore holds "
        + "none or one of another issuer looks the same on the wire"

    static func refused(_ issuer: String, _ accepted: Int) -> String {
        "the client certificate was issued by \(issuer), which is not among the \(accepted) issuer(s) that the backend "
            + "accepts, nor is any issuer in its chain; so the Message Processor sends no certificate at all"
    }

    static func notAmong(_ issuer: String, _ accepted: Int) -> String {
        "the client certificate was issued by \(issuer), which is not among the \(accepted) issuer(s) that the backend "
            + "accepts, nor is any issuer in its chain"
    }

    static func intermediateMissing(_ issuer: String, _ root: String) -> String {
        "the chain under the alias lacks the intermediate certificate \(issuer), which \(root) issued: the backend accepts "
            + "\(root), but without the intermediate nothing leads there"
    }

    static func notYetValid(_ begin: String) -> String { "the client certificate is not valid before \(begin)" }

    static func expired(_ besides: String) -> String { "the client certificate has expired (\(besides))" }

    static let noCertificateResolution = [
        "Put the client certificate, with its whole chain and its private key, into an alias of the keystore.",
        "In the SSLInfo of the target endpoint or target server set ClientAuthEnabled to true, and KeyStore and KeyAlias to"
            + " that keystore and alias; name the keystore by a reference (ref://NAME).",
        "If SSLInfo names the keystore itself instead of a reference, deploy the proxy again or restart the Message"
            + " Processors, so that they load it.",
    ]
    static let issuerResolution = [
        "Ask the backend's team which issuers its trust store holds; the list in the evidence is what it announces.",
        "Either have the backend trust the issuer of this certificate, or put a certificate of an accepted issuer into the"
            + " alias, with all intermediate certificates up to that issuer.",
        "Check that the certificate has not expired and may be used for client authentication.",
    ]
    static let staleResolution = [
        "Compare with what the Message Processor has loaded; deploy the proxy again or restart the Message Processors.",
        "Name the keystore by a reference (ref://NAME), so that changes are loaded without a restart.",
    ]
    static let serverResolution = [
        "Put the issuer of the backend's certificate, and all intermediates, into the trust store that SSLInfo names.",
        "Check that the backend sends its whole chain, that its certificate is valid, and that it bears the name of the host.",
    ]

    static let settleCapture =
        "A capture of a failing handshake: `apigee-collect capture --host BACKEND --until-failure` on the Message Processor"
        + " or the backend, then `apigee-collect add BUNDLE --pcap FILE`"
    static let settleLog =
        "The log records of the failing request: `apigee-collect add BUNDLE --log FILE` with the Message Processor's"
        + " system.log"
    static let settleProxy =
        "The proxy's SSLInfo: `apigee-collect add BUNDLE --api-proxy FILE` with the exported revision"
    static let settleKeystore =
        "What the keystore holds: `apigee-collect collect --user NAME` with a login of the management API"
    static let settleCertificate =
        "The client certificate: `apigee-collect diagnose BUNDLE --certs FILE` with its certInfo or PEM"
    static let settleIssuers =
        "The issuers that the backend accepts: `openssl s_client -connect HOST:PORT -servername NAME` into a file, then"
        + " `apigee-collect diagnose BUNDLE --accepted-issuers FILE`"

    static let settleBackend =
        "The backend's own log of this handshake: ask its team why it refused the certificate, with the time and the"
        + " certificate's serial number"
    static let settleHello =
        "A capture of a handshake with the same backend that completes, such as the probe's: it shows what the backend"
        + " agrees to"
    static let settleProbe =
        "A probe of the backend: `openssl s_client -connect HOST:PORT -servername NAME` into a file, then `apigee-collect"
        + " diagnose BUNDLE --accepted-issuers FILE`"
    static let settleTrust =
        "What the trust store holds: `apigee-collect collect --user NAME` with a login of the management API"
    static let settleNorthbound =
        "The caller's certificate, the trust store of the virtual host, and a capture on the Router: `apigee-collect add"
        + " BUNDLE --pcap FILE`"

    /// With a capital letter and a full stop.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
