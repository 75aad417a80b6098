internal import SwiftASN1

/// The little of ASN.1 that names and certificates need, over SwiftASN1's parser, which bounds depth and lengths.
enum DERNode {
    /// Parses one value; certificates of old systems are not always strict DER, so BER is tried after it.
    static func parse(_ bytes: [UInt8]) -> ASN1Node? {
        guard !bytes.isEmpty, bytes.count <= 1 << 20 else { return nil }
        if let node = try? DER.parse(bytes) { return node }
        return try? BER.parse(bytes)
    }

    /// The values inside of a constructed one, at most 1,024; empty for a primitive one.
    static func children(_ node: ASN1Node) -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else { return [] }
        return Array(nodes.prefix(1_024))
    }

    static func bytes(_ node: ASN1Node) -> [UInt8] {
        guard case .primitive(let bytes) = node.content else { return [] }
        return Array(bytes)
    }

    static func identifier(_ node: ASN1Node) -> String? {
        guard node.identifier == .objectIdentifier else { return nil }
        return (try? ASN1ObjectIdentifier(derEncoded: node))?.description
    }

    /// A character string of any of the kinds that names use (RFC 5280 section 4.1.2.4).
    static func text(_ node: ASN1Node) -> String? {
        let bytes = bytes(node)
        switch node.identifier {
        case .utf8String, .printableString, .ia5String, .numericString, .visibleString:
            return String(decoding: bytes, as: UTF8.self)
        case .teletexString:
            // Written as Latin-1 by everybody, whatever T.61 says.
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .bmpString:
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            return String(decoding: units, as: UTF16.self)
        case .universalString:
            let scalars = stride(from: 0, to: max(0, bytes.count - 3), by: 4).map { start in
                bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            return String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
        default:
            return nil
        }
    }
}

extension DistinguishedName {
    /// Reads a DER `Name` (RFC 5280 section 4.1.2.4); nil when it is none.
    public init?(der: [UInt8]) {
        guard let node = DERNode.parse(der) else { return nil }
        self.init(node: node)
    }

    init?(node: ASN1Node) {
        guard node.identifier == .sequence else { return nil }
        var names: [[Attribute]] = []
        for set in DERNode.children(node) {
            var attributes: [Attribute] = []
            for pair in DERNode.children(set) {
                let parts = DERNode.children(pair)
                guard parts.count == 2, let identifier = DERNode.identifier(parts[0]) else { return nil }
                let value =
                    DERNode.text(parts[1])
                    ?? "#" + parts[1].encodedBytes.map { Hex.text($0) }.joined()
                attributes.append(Attribute(type: AttributeType(identifier: identifier), value: value))
            }
            guard !attributes.isEmpty else { return nil }
            names.append(attributes)
        }
        self.init(relativeNames: names)
    }

    /// The text of one DER value.
    static func text(ofDER der: [UInt8]) -> String? {
        DERNode.parse(der).flatMap(DERNode.text)
    }
}

enum Hex {
    static func text(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }

    static func text(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
        bytes.map { text($0) }.joined(separator: separator)
    }
}
