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
    /// What else the text tells.
    var signs: [(sign: FailureText.Sign, finding: Finding)] = []

    var isTelling: Bool { !receivedAlerts.isEmpty || !signs.isEmpty }

    private static let maximumFindings = 200

    private static let marks = MarkSearch(FailureText.marks + ["SSLInfo:"].map { Array($0.utf8) })

    static func read(_ bytes: [UInt8]) -> LogFacts {
        var facts = LogFacts()
        _ = facts.append(bytes, after: 0)
        return facts
    }

    /// Takes the next whole lines.
    /// - Parameter lines: how many came before.
    /// - Returns: how many have come now.
    mutating func append(_ bytes: [UInt8], after lines: Int) -> Int {
        var last = lines
        TextLines.forEach(in: bytes) { number, line in
            last = lines + number
            // Few lines hold one of the marks; the others are not made into text.
            guard LogFacts.marks.isIn(line) else { return }
            take(lines + number, String(decoding: line.prefix(4_096), as: UTF8.self))
        }
        return last
    }

    private mutating func take(_ number: Int, _ text: String) {
        // A handshake of a client with the Router is another matter.
        let isNorthbound = text.contains("SSLServerChannel") || text.contains(" HTTP.SERVER ")
        for (sign, place) in FailureText.signs(in: text) where !isNorthbound {
            guard receivedAlerts.count + signs.count < LogFacts.maximumFindings else { break }
            let finding = finding(number, text, around: place)
            if case .receivedAlert(let name) = sign {
                receivedAlerts.append(ReceivedAlert(name: name, finding: finding))
            } else {
                signs.append((sign, finding))
            }
        }
        if let range = text.firstRange(of: "SSLInfo:"), sslInfo.count < LogFacts.maximumFindings {
            let rest = text[range.upperBound...]
            sslInfo.append(
                SSLInfo(
                    keyStore: field("KeyStore:", in: rest), keyAlias: field("KeyAlias:", in: rest),
                    finding: finding(number, text, around: range.lowerBound)))
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
}
