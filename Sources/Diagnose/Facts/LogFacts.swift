/// What log records of a Message Processor tell of failing handshakes with a target.
struct LogFacts: Sendable {
    struct Finding: Sendable {
        var line: Int
        var text: String
    }

    struct ReceivedAlert: Sendable {
        /// In the RFC's words, as Java writes them: `bad_certificate`.
        var name: String
        var finding: Finding
    }

    /// `SSLInfo: KeyStore:… KeyAlias:… TrustStore:…`, written after a failed handshake.
    struct SSLInfo: Sendable {
        /// Nil where the log says null or nothing.
        var keyStore: String?
        var keyAlias: String?
        var finding: Finding
    }

    /// Alerts that the backend sent.
    var receivedAlerts: [ReceivedAlert] = []
    var sslInfo: [SSLInfo] = []
    /// Signs that our side refused the backend's certificate.
    var serverRefused: [Finding] = []

    private static let maximumFindings = 200

    /// Words with which Java refuses a server's certificate.
    private static let refusals = [
        "PKIX path building failed", "PKIX path validation failed", "unable to find valid certification path",
        "No subject alternative", "No name matching", "CertificateExpiredException", "Path does not chain with any",
    ]

    private static let marks = ["alert: ", "SSLInfo:", "ertif", "PKIX path", "Path does", "No name", "No subject"].map {
        Array($0.utf8)
    }

    static func read(_ bytes: [UInt8]) -> LogFacts {
        var facts = LogFacts()
        TextLines.forEach(in: bytes) { number, line in
            // Few lines hold one of the marks; the others are not made into text.
            guard marks.contains(where: { contains(line, $0) }) else { return }
            facts.take(number, String(decoding: line.prefix(4_096), as: UTF8.self))
        }
        return facts
    }

    private mutating func take(_ number: Int, _ text: String) {
        if let range = text.firstRange(of: "Received fatal alert: "), receivedAlerts.count < LogFacts.maximumFindings {
            let name = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            receivedAlerts.append(
                ReceivedAlert(name: name.lowercased(), finding: finding(number, text, around: range.lowerBound)))
        }
        if let range = text.firstRange(of: "SSLInfo:"), sslInfo.count < LogFacts.maximumFindings {
            let rest = text[range.upperBound...]
            sslInfo.append(
                SSLInfo(
                    keyStore: field("KeyStore:", in: rest), keyAlias: field("KeyAlias:", in: rest),
                    finding: finding(number, text, around: range.lowerBound)))
        }
        if let mark = LogFacts.refusals.lazy.compactMap({ text.firstRange(of: $0) }).first,
            serverRefused.count < LogFacts.maximumFindings
        {
            serverRefused.append(finding(number, text, around: mark.lowerBound))
        }
    }

    /// The value behind a mark, up to the next blank; nil for `null`.
    private func field(_ mark: String, in text: Substring) -> String? {
        guard let range = text.firstRange(of: mark) else { return nil }
        let value = text[range.upperBound...].prefix { $0 != " " && $0 != "," && $0 != "\t" }
        return value.isEmpty || value == "null" ? nil : String(value)
    }

    private func finding(_ number: Int, _ text: String, around index: String.Index) -> Finding {
        let start = text.index(index, offsetBy: -40, limitedBy: text.startIndex) ?? text.startIndex
        return Finding(line: number, text: String(text[start...].prefix(240)))
    }

    private static func contains(_ line: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
        guard let first = mark.first else { return false }
        var rest = line
        while let index = rest.firstIndex(of: first) {
            rest = rest[index...]
            if rest.starts(with: mark) { return true }
            rest.removeFirst()
        }
        return false
    }
}
