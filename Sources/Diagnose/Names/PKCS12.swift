internal import SwiftASN1

/// PKCS#12 (RFC 7292): certificates that are not encrypted, as in trust stores without a password. Keys are not looked at.
enum PKCS12 {
    private static let data = "1.2.840.113549.1.7.1"
    private static let certBag = "1.2.840.113549.1.12.10.1.3"
    private static let x509 = "1.2.840.113549.1.9.22.1"

    /// Nil for what is no PKCS#12.
    static func certificates(_ file: ASN1Node) -> [[UInt8]]? {
        let parts = DERNode.children(file)
        guard parts.count >= 2, parts[0].identifier == .integer, DERNode.bytes(parts[0]) == [3],
            let safe = content(parts[1], data)
        else { return nil }
        return DERNode.children(safe).compactMap { content($0, data) }.flatMap { bags in
            DERNode.children(bags).compactMap(certificate)
        }
    }

    /// What a ContentInfo of this type holds.
    private static func content(_ info: ASN1Node, _ type: String) -> ASN1Node? {
        let parts = DERNode.children(info)
        guard parts.count == 2, DERNode.identifier(parts[0]) == type,
            let octets = DERNode.children(parts[1]).first, octets.identifier == .octetString
        else { return nil }
        // BER may cut the string into pieces.
        let bytes = DERNode.bytes(octets) + DERNode.children(octets).flatMap(DERNode.bytes)
        return DERNode.parse(bytes)
    }

    private static func certificate(_ bag: ASN1Node) -> [UInt8]? {
        let parts = DERNode.children(bag)
        guard parts.count >= 2, DERNode.identifier(parts[0]) == certBag,
            let inner = DERNode.children(parts[1]).first.map(DERNode.children), inner.count == 2,
            DERNode.identifier(inner[0]) == x509, let octets = DERNode.children(inner[1]).first
        else { return nil }
        return DERNode.bytes(octets)
    }
}
