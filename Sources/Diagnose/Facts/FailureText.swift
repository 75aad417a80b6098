/// What the text of an error tells of a failing TLS connection: words of Java, nginx and OpenSSL.
enum FailureText {
    enum Sign: Hashable, Sendable {
        /// The other end sent this alert, in the RFC's words.
        case receivedAlert(String)
        /// No chain from the server's certificate to the trust store.
        case untrustedChain
        case hostNameMismatch
        case expired
        /// Our side refused the server's certificate for another reason, or for one that is not told.
        case refusedServer
        /// No protocol version, or no version with a cipher suite, that both ends allow.
        case protocolMismatch
        case cipherMismatch
        case unknownName
        /// The handshake was not finished in time.
        case handshakeTimeout
        /// The other end did not speak TLS.
        case answerNotTLS
        /// A web server got plain HTTP where it expects TLS.
        case plainHTTPToTLS
        /// The Router refused the client's certificate.
        case northboundCertificate
        /// The Router asked for a certificate and got none.
        case northboundNoCertificate
    }

    /// Each with the place of its words in the text.
    static func signs(in text: String) -> [(sign: Sign, place: String.Index)] {
        var found: [(Sign, String.Index)] = []
        for (words, sign) in table {
            if let range = text.firstRange(of: words) { found.append((sign, range.lowerBound)) }
        }
        if let range = text.firstRange(of: alertWords) {
            let name = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            if !name.isEmpty { found.append((.receivedAlert(name.lowercased()), range.lowerBound)) }
        }
        // The cause says more than the frame around it.
        if found.count > 1 { found.removeAll { $0.0 == .refusedServer } }
        return found
    }

    private static let alertWords = "Received fatal alert: "

    private static let table: [(String, Sign)] = [
        ("PKIX path building failed", .untrustedChain),
        ("unable to find valid certification path", .untrustedChain),
        ("Path does not chain with any", .untrustedChain),
        ("No subject alternative", .hostNameMismatch),
        ("No name matching", .hostNameMismatch),
        ("doesn't match any of the subject alternative names", .hostNameMismatch),
        ("CertificateExpiredException", .expired),
        ("CertificateNotYetValidException", .expired),
        ("timestamp check failed", .expired),
        ("PKIX path validation failed", .refusedServer),
        ("No appropriate protocol", .protocolMismatch),
        ("not enabled or not supported", .protocolMismatch),
        ("no cipher suites in common", .cipherMismatch),
        ("no shared cipher", .cipherMismatch),
        ("unrecognized_name", .unknownName),
        ("handshake timeout", .handshakeTimeout),
        ("handshakeTimeout()", .handshakeTimeout),
        ("plaintext connection?", .answerNotTLS),
        ("nsupported or unrecognized SSL message", .answerNotTLS),
        ("plain HTTP request was sent to HTTPS port", .plainHTTPToTLS),
        ("The SSL certificate error", .northboundCertificate),
        ("No required SSL certificate was sent", .northboundNoCertificate),
    ]

    /// One of these is in every text that `signs` finds something in: lines without are passed over.
    static let marks: [[UInt8]] = [
        "alert: ", "PKIX path", "ertification path", "Path does", "No subject", "No name", "subject alternative",
        "Certificate", "timestamp check", "No appropriate", "not enabled", "cipher", "unrecognized", "handshake",
        "plaintext", "plain HTTP", "SSL certificate",
    ].map { Array($0.utf8) }
}
