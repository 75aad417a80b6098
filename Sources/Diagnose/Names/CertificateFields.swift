internal import Crypto
internal import Documents
internal import Packets
internal import SwiftASN1

/// What a diagnosis needs of a certificate (RFC 5280 section 4.1). Certificates that stricter readers refuse, such as
/// those with a negative serial number, are read too.
struct CertificateFields {
    var subject: DistinguishedName
    var issuer: DistinguishedName
    /// Content octets of the INTEGER.
    var serial: [UInt8]
    /// Seconds since 1970, UTC; nil when not readable.
    var notBefore: Int64?
    var notAfter: Int64?
    var alternativeNames: [String] = []
    /// Such as `RSA 2048`.
    var key = ""
    var signatureAlgorithm = ""
    /// Nil where the extension is absent, which allows any use.
    var keyUsage: [String]?
    var extendedKeyUsage: [String]?
    /// Of basicConstraints; nil where the extension is absent.
    var isAuthority: Bool?
    /// Identifiers of the own key and of the issuer's.
    var subjectKey: [UInt8] = []
    var issuerKey: [UInt8] = []

    init?(der: [UInt8]) {
        guard let certificate = DERNode.parse(der), let body = DERNode.children(certificate).first else { return nil }
        var fields = DERNode.children(body)
        if let first = fields.first, first.identifier.tagClass == .contextSpecific { fields.removeFirst() }
        guard fields.count >= 6, fields[0].identifier == .integer, let issuer = DistinguishedName(node: fields[2]),
            let subject = DistinguishedName(node: fields[4])
        else { return nil }
        serial = DERNode.bytes(fields[0])
        self.issuer = issuer
        self.subject = subject
        let validity = DERNode.children(fields[3])
        if validity.count == 2 {
            notBefore = CertificateFields.time(validity[0])
            notAfter = CertificateFields.time(validity[1])
        }
        signatureAlgorithm =
            DERNode.children(fields[1]).first.flatMap(DERNode.identifier).map(Algorithms.signature) ?? ""
        key = Algorithms.key(fields[5])
        for field in fields.dropFirst(6) where field.identifier.tagNumber == 3 {
            for list in DERNode.children(field) { readExtensions(list) }
        }
    }

    private mutating func readExtensions(_ list: ASN1Node) {
        for item in DERNode.children(list) {
            let parts = DERNode.children(item)
            guard let first = parts.first, let name = DERNode.identifier(first), let last = parts.last,
                let value = DERNode.parse(DERNode.bytes(last))
            else { continue }
            readExtension(name, value)
        }
    }

    /// RFC 5280 section 4.2.1.
    private mutating func readExtension(_ name: String, _ value: ASN1Node) {
        switch name {
        case "2.5.29.14": subjectKey = DERNode.bytes(value)
        case "2.5.29.15": keyUsage = CertificateFields.usages(DERNode.bytes(value))
        case "2.5.29.17":
            alternativeNames = DERNode.children(value).prefix(200).compactMap(CertificateFields.alternativeName)
        case "2.5.29.19":
            let flag = DERNode.children(value).first.map(DERNode.bytes)
            isAuthority = flag?.count == 1 && flag?.first != 0
        case "2.5.29.35":
            issuerKey =
                DERNode.children(value).first { $0.identifier.tagNumber == 0 }.map(DERNode.bytes) ?? []
        case "2.5.29.37":
            extendedKeyUsage = DERNode.children(value).prefix(64).compactMap(DERNode.identifier).map(Algorithms.purpose)
        default: break
        }
    }

    private static func usages(_ bits: [UInt8]) -> [String] {
        let names = [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
            "cRLSign", "encipherOnly", "decipherOnly",
        ]
        // The first byte counts the bits that are not used.
        return names.enumerated().compactMap { index, name in
            let byte = 1 + index / 8
            return byte < bits.count && bits[byte] & (0x80 >> UInt8(index % 8)) != 0 ? name : nil
        }
    }

    /// GeneralName (RFC 5280 section 4.2.1.6).
    private static func alternativeName(_ node: ASN1Node) -> String? {
        let bytes = DERNode.bytes(node)
        switch node.identifier.tagNumber {
        case 1, 2, 6: return String(decoding: bytes, as: UTF8.self)
        case 4: return DERNode.children(node).first.flatMap { DistinguishedName(node: $0) }?.description
        case 7: return CertificateFields.address(bytes)
        default: return nil
        }
    }

    /// UTCTime `YYMMDDhhmmssZ`, where 50 and up is 19YY, or GeneralizedTime `YYYYMMDDhhmmssZ`.
    private static func time(_ node: ASN1Node) -> Int64? {
        let digits = DERNode.bytes(node).prefix { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
        let yearLength: Int
        switch node.identifier {
        case .utcTime: yearLength = 2
        case .generalizedTime: yearLength = 4
        default: return nil
        }
        guard digits.count >= yearLength + 8 else { return nil }
        var year = digits[..<yearLength].reduce(0) { $0 * 10 + $1 }
        if yearLength == 2 { year += year >= 50 ? 1_900 : 2_000 }
        let pairs = stride(from: yearLength, to: digits.count - 1, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
        return GregorianCalendar.seconds(
            year: year, month: pairs[0], day: pairs[1], hour: pairs[2], minute: pairs[3],
            second: pairs.count > 4 ? pairs[4] : 0
        ).map { Int64($0) }
    }
}

extension TLSConnection.Certificate {
    init(der: [UInt8]) {
        let fields = CertificateFields(der: der)
        func text(_ seconds: Int64?) -> String { seconds.map { TimeText.text(seconds: $0) } ?? "" }
        self.init(
            subject: fields?.subject.description ?? "", issuer: fields?.issuer.description ?? "",
            serial: fields.map { Hex.text($0.serial, separator: ":") } ?? "", notBefore: text(fields?.notBefore),
            notAfter: text(fields?.notAfter), subjectAltNames: fields?.alternativeNames ?? [],
            sha256: Hex.text(SHA256.hash(data: der)), key: fields?.key ?? "",
            signatureAlgorithm: fields?.signatureAlgorithm ?? "", keyUsage: fields?.keyUsage ?? [],
            extendedKeyUsage: fields?.extendedKeyUsage ?? [], isAuthority: fields?.isAuthority ?? false)
    }
}

extension CertificateFields {
    private static func address(_ bytes: [UInt8]) -> String? {
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: return IPAddress(v4: UInt32(truncatingIfNeeded: number(0..<4))).description
        case 16: return IPAddress(v6High: number(0..<8), low: number(8..<16)).description
        default: return nil
        }
    }
}
