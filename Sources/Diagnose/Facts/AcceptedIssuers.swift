/// What `openssl s_client` tells of a backend: which issuers of client certificates it accepts, and its own chain.
public struct AcceptedIssuers: Equatable, Sendable {
    public enum Answer: String, Sendable {
        /// The server sent a list.
        case listed
        /// The server sent none, or did not ask for a certificate: openssl says the same of both.
        case noneSent
        /// The handshake did not come that far.
        case unknown
    }

    public struct Name: Equatable, Sendable {
        /// As openssl wrote it.
        public var text: String
        /// 1-based line of the output.
        public var line: Int
        public var name: DistinguishedName? { DistinguishedName(text: text) }
    }

    public struct ChainEntry: Equatable, Sendable {
        public var subject: String
        public var issuer: String
        public var line: Int
    }

    public var answer: Answer = .unknown
    public var names: [Name] = []
    /// The server's certificates, its own first.
    public var chain: [ChainEntry] = []
    /// The version and suite that were agreed on, in the words of `TLSConnection`.
    public var protocolVersion: String?
    public var cipher: String?
    /// Whether the probe bore a server name, where the output tells.
    public var sentServerName: Bool?
    /// The number of the alert that the server sent, if it did.
    public var alert: Int?
    /// `Verify return code`: 0 is good.
    public var verifyCode: Int?
    public var verifyText: String?

    /// Reads the output of `openssl s_client` of any version since 1.0. Never fails: what is not there stays unknown.
    public static func read(sClientOutput bytes: [UInt8]) -> AcceptedIssuers {
        var facts = AcceptedIssuers()
        var section = Section.none
        var reached = true
        var saidNone = false
        TextLines.forEach(in: bytes, upTo: 100_000) { number, line in
            let text = String(decoding: line.prefix(DistinguishedName.maximumText), as: UTF8.self)
            let bare = TextLines.trimmed(text)
            switch bare {
            case "---": section = .none
            case "Certificate chain": section = .chain
            case "Acceptable client certificate CA names":
                section = .names
                facts.answer = .listed
            case "No client certificate CA names sent": saidNone = true
            case "no peer certificate available": reached = false
            default: facts.take(bare, line: number, &section)
            }
        }
        if facts.answer == .unknown, saidNone, reached { facts.answer = .noneSent }
        return facts
    }

    private enum Section { case none, chain, names }

    private mutating func take(_ text: String, line: Int, _ section: inout Section) {
        if let range = text.firstRange(of: "SSL alert number ") {
            alert = Int(text[range.upperBound...].prefix { $0.isNumber })
        }
        if let range = text.firstRange(of: "Verify return code: ") {
            verifyCode = Int(text[range.upperBound...].prefix { $0.isNumber })
            verifyText = text[range.upperBound...].split(separator: "(", maxSplits: 1).last.map {
                String($0.dropLast())
            }
        }
        readAgreement(text)
        switch section {
        case .none: return
        case .chain:
            if let range = text.firstRange(of: "s:"), text[..<range.lowerBound].allSatisfy({ $0.isNumber || $0 == " " })
            {
                chain.append(ChainEntry(subject: String(text[range.upperBound...]), issuer: "", line: line))
            } else if text.hasPrefix("i:"), let last = chain.indices.last {
                chain[last].issuer = String(text.dropFirst(2))
            }
        case .names:
            // What follows the names has a colon where names have an equals sign first.
            guard DistinguishedName(text: text) != nil, names.count < 2_048,
                !text.hasPrefix("Client Certificate Types"), !text.hasPrefix("Requested Signature")
            else {
                section = .none
                return
            }
            names.append(Name(text: text, line: line))
        }
    }
}

extension AcceptedIssuers {
    /// `New, TLSv1.2, Cipher is ECDHE-RSA-AES256-GCM-SHA384`, or the `Protocol` and `Cipher` of the session.
    fileprivate mutating func readAgreement(_ text: String) {
        guard text.hasPrefix("New, ") || text.hasPrefix("Reused, ") else { return }
        let parts = text.split(separator: ",").map { TextLines.trimmed(String($0)) }
        guard parts.count >= 3, !parts[2].hasSuffix("(NONE)") else { return }
        switch parts[1] {
        case "TLSv1.3": protocolVersion = "TLS 1.3"
        case "TLSv1.2": protocolVersion = "TLS 1.2"
        case "TLSv1.1": protocolVersion = "TLS 1.1"
        // OpenSSL names the version in which the suite was born, so 1.0 tells nothing.
        default: break
        }
        if let name = parts[2].split(separator: " ").last, name.hasPrefix("TLS_") { cipher = String(name) }
    }
}

/// Lines of a text, for reading facts out of it.
enum TextLines {
    /// Visits the lines with their 1-based numbers, without line ends.
    static func forEach(in bytes: [UInt8], upTo limit: Int = .max, _ body: (Int, ArraySlice<UInt8>) -> Void) {
        var number = 0
        var start = 0
        while start < bytes.count, number < limit {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            number += 1
            body(number, bytes[start..<(end > start && bytes[end - 1] == 0x0D ? end - 1 : end)])
            start = end + 1
        }
    }

    static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
