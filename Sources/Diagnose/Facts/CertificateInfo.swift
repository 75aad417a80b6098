internal import Documents

/// What the management API tells of a certificate of a keystore, its chain included (`certInfo`). No key is in it.
public struct CertificateInfo: Codable, Equatable, Sendable {
    public struct Entry: Codable, Equatable, Sendable {
        public var subject: String
        public var issuer: String
        public var serialNumber: String?
        /// Milliseconds since 1970.
        public var validFrom: Int?
        public var expiryDate: Int?
        /// What the API thought when it answered.
        public var isValid: Bool?
        public var subjectAlternativeNames: [String]
        /// In the words of RFC 5280; empty where they are absent or not told, as in the management API's answers.
        public var keyUsage: [String] = []
        public var extendedKeyUsage: [String] = []

        public var subjectName: DistinguishedName? { DistinguishedName(text: subject) }
        public var issuerName: DistinguishedName? { DistinguishedName(text: issuer) }
    }

    public var certName: String
    /// The leaf first.
    public var certInfo: [Entry]

    /// Reads the answer of `GET …/keystores/{k}/certs/{c}` or of `…/aliases/{a}`.
    /// - Throws: `FactError` when it is none.
    public static func read(json bytes: [UInt8]) throws(FactError) -> CertificateInfo {
        let answer = try APIAnswer.read(bytes, "certificate")
        let value = answer["certsInfo"] ?? answer
        guard let entries = value["certInfo"]?.array else {
            throw FactError(.unexpectedFormat, "certificate", "there is no certInfo in it")
        }
        let name = value["certName"]?.string ?? answer["certName"]?.string ?? answer["alias"]?.string ?? ""
        return CertificateInfo(certName: name, certInfo: entries.prefix(64).map(Entry.init(json:)))
    }

    /// Reads PEM certificates, the leaf first.
    /// - Throws: `FactError` when there is none.
    public static func read(pem bytes: [UInt8]) throws(FactError) -> CertificateInfo {
        let entries = PEM.certificates(in: bytes).prefix(64).compactMap { der -> Entry? in
            guard let fields = CertificateFields(der: der) else { return nil }
            return Entry(
                subject: fields.subject.description, issuer: fields.issuer.description,
                serialNumber: Hex.text(fields.serial, separator: ":"),
                validFrom: fields.notBefore.map { Int($0) * 1_000 },
                expiryDate: fields.notAfter.map { Int($0) * 1_000 }, isValid: nil,
                subjectAlternativeNames: fields.alternativeNames, keyUsage: fields.keyUsage ?? [],
                extendedKeyUsage: fields.extendedKeyUsage ?? [])
        }
        guard !entries.isEmpty else {
            throw FactError(.unexpectedFormat, "certificate", "there is no PEM certificate in it")
        }
        return CertificateInfo(certName: "", certInfo: entries)
    }
}

extension CertificateInfo.Entry {
    init(json: JSONValue) {
        self.init(
            subject: json["subject"]?.string ?? "", issuer: json["issuer"]?.string ?? "",
            serialNumber: json["serialNumber"]?.string, validFrom: json["validFrom"]?.int,
            expiryDate: json["expiryDate"]?.int,
            isValid: json["isValid"]?.string.map { $0.lowercased() == "yes" } ?? json["isValid"]?.bool,
            subjectAlternativeNames: json["subjectAlternativeNames"]?.strings ?? [])
    }
}

/// PEM (RFC 7468), certificates alone.
enum PEM {
    static func certificates(in bytes: [UInt8]) -> [[UInt8]] {
        var certificates: [[UInt8]] = []
        var body: [UInt8]?
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = String(decoding: line.prefix(80), as: UTF8.self)
            if text.hasPrefix("-----BEGIN ") {
                body = text.hasPrefix("-----BEGIN CERTIFICATE-----") ? [] : nil
            } else if text.hasPrefix("-----END") {
                if let body, let der = base64(body) { certificates.append(der) }
                body = nil
            } else if body != nil, body?.count ?? 0 < 1 << 20 {
                body? += line
            }
        }
        return certificates
    }

    private static func base64(_ text: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte) - 0x41
            case 0x61...0x7A: value = UInt32(byte) - 0x61 + 26
            case 0x30...0x39: value = UInt32(byte) - 0x30 + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="), 0x20, 0x09: continue
            default: return nil
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return out
    }
}
