/// A type of attribute in a distinguished name, by object identifier where a keyword is known.
public struct AttributeType: Hashable, Sendable {
    /// Dotted, such as `2.5.4.3`; an unknown keyword in upper case where there is none.
    public let identifier: String

    /// - Parameter text: a keyword in any case, such as `CN` or `emailAddress`, or a dotted identifier, with `OID.` or not.
    public init?(_ text: String) {
        let upper = text.uppercased()
        let bare = upper.hasPrefix("OID.") ? String(upper.dropFirst(4)) : upper
        guard !bare.isEmpty, bare.utf8.count <= 64,
            bare.utf8.allSatisfy({ AttributeType.isKeyByte($0) })
        else { return nil }
        identifier = AttributeType.identifiers[bare] ?? bare
    }

    init(identifier: String) { self.identifier = identifier }

    /// As RFC 4514 writes it: the keyword where there is one that readers know.
    public var keyword: String { AttributeType.keywords[identifier] ?? identifier }

    /// Whether it is a keyword that we know or a dotted identifier.
    var isKnown: Bool {
        AttributeType.keywords[identifier] != nil
            || identifier.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    }

    static func isKeyByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2E
            || byte == 0x2D || byte == 0x5F
    }

    /// Keyword as RFC 4514 section 3, RFC 4519 and OpenSSL write it, and its identifier.
    private static let table: [(keyword: String, identifier: String, others: [String])] = [
        ("CN", "2.5.4.3", ["COMMONNAME"]),
        ("SN", "2.5.4.4", ["SURNAME"]),
        ("serialNumber", "2.5.4.5", []),
        ("C", "2.5.4.6", ["COUNTRY", "COUNTRYNAME"]),
        ("L", "2.5.4.7", ["LOCALITYNAME"]),
        ("ST", "2.5.4.8", ["S", "SP", "STATEORPROVINCENAME"]),
        ("STREET", "2.5.4.9", ["STREETADDRESS"]),
        ("O", "2.5.4.10", ["ORGANIZATIONNAME"]),
        ("OU", "2.5.4.11", ["ORGANIZATIONALUNITNAME"]),
        ("title", "2.5.4.12", ["T"]),
        ("description", "2.5.4.13", []),
        ("businessCategory", "2.5.4.15", []),
        ("postalCode", "2.5.4.17", []),
        ("telephoneNumber", "2.5.4.20", []),
        ("name", "2.5.4.41", []),
        ("GN", "2.5.4.42", ["GIVENNAME", "G"]),
        ("initials", "2.5.4.43", ["I"]),
        ("generationQualifier", "2.5.4.44", ["GENERATION"]),
        ("dnQualifier", "2.5.4.46", ["DNQ"]),
        ("pseudonym", "2.5.4.65", []),
        ("organizationIdentifier", "2.5.4.97", []),
        ("UID", "0.9.2342.19200300.100.1.1", ["USERID"]),
        ("DC", "0.9.2342.19200300.100.1.25", ["DOMAINCOMPONENT"]),
        ("emailAddress", "1.2.840.113549.1.9.1", ["E", "EMAIL"]),
        ("unstructuredName", "1.2.840.113549.1.9.2", []),
        ("unstructuredAddress", "1.2.840.113549.1.9.8", []),
        ("jurisdictionL", "1.3.6.1.4.1.311.60.2.1.1", []),
        ("jurisdictionST", "1.3.6.1.4.1.311.60.2.1.2", []),
        ("jurisdictionC", "1.3.6.1.4.1.311.60.2.1.3", []),
    ]

    private static let identifiers: [String: String] = {
        var map: [String: String] = [:]
        for row in table { for key in [row.keyword.uppercased()] + row.others { map[key] = row.identifier } }
        return map
    }()

    private static let keywords = Dictionary(uniqueKeysWithValues: table.map { ($0.identifier, $0.keyword) })
}
