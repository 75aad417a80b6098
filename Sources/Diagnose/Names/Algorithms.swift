internal import SwiftASN1

/// Words for the object identifiers of keys, signatures and purposes; others are told by number.
enum Algorithms {
    static func signature(_ identifier: String) -> String {
        switch identifier {
        case "1.2.840.113549.1.1.4": "md5WithRSAEncryption"
        case "1.2.840.113549.1.1.5": "sha1WithRSAEncryption"
        case "1.2.840.113549.1.1.10": "rsassaPss"
        case "1.2.840.113549.1.1.11": "sha256WithRSAEncryption"
        case "1.2.840.113549.1.1.12": "sha384WithRSAEncryption"
        case "1.2.840.113549.1.1.13": "sha512WithRSAEncryption"
        case "1.2.840.10040.4.3": "dsa-with-SHA1"
        case "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256"
        case "1.2.840.10045.4.1": "ecdsa-with-SHA1"
        case "1.2.840.10045.4.3.2": "ecdsa-with-SHA256"
        case "1.2.840.10045.4.3.3": "ecdsa-with-SHA384"
        case "1.2.840.10045.4.3.4": "ecdsa-with-SHA512"
        case "1.3.101.112": "Ed25519"
        case "1.3.101.113": "Ed448"
        default: identifier
        }
    }

    static func purpose(_ identifier: String) -> String {
        switch identifier {
        case "2.5.29.37.0": "anyExtendedKeyUsage"
        case "1.3.6.1.5.5.7.3.1": "serverAuth"
        case "1.3.6.1.5.5.7.3.2": "clientAuth"
        case "1.3.6.1.5.5.7.3.3": "codeSigning"
        case "1.3.6.1.5.5.7.3.4": "emailProtection"
        case "1.3.6.1.5.5.7.3.8": "timeStamping"
        case "1.3.6.1.5.5.7.3.9": "OCSPSigning"
        default: identifier
        }
    }

    /// A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7): algorithm and size.
    static func key(_ node: ASN1Node) -> String {
        let parts = DERNode.children(node)
        guard parts.count == 2, let name = DERNode.children(parts[0]).first.flatMap(DERNode.identifier) else {
            return ""
        }
        switch name {
        case "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10":
            // A bit string, whose first byte counts unused bits, around modulus and exponent.
            let modulus = DERNode.parse(Array(DERNode.bytes(parts[1]).dropFirst())).flatMap {
                DERNode.children($0).first.map(DERNode.bytes)
            }
            return "RSA" + (modulus.map { " \(bits($0))" } ?? "")
        case "1.2.840.10040.4.1": return "DSA"
        case "1.2.840.10045.2.1":
            let curve = DERNode.children(parts[0]).last.flatMap(DERNode.identifier)
            return "EC " + curveName(curve ?? "")
        case "1.3.101.112": return "Ed25519"
        case "1.3.101.113": return "Ed448"
        default: return name
        }
    }

    private static func bits(_ number: [UInt8]) -> Int {
        let digits = number.drop { $0 == 0 }
        guard let first = digits.first else { return 0 }
        return digits.count * 8 - first.leadingZeroBitCount
    }

    private static func curveName(_ identifier: String) -> String {
        switch identifier {
        case "1.2.840.10045.3.1.7": "P-256"
        case "1.3.132.0.34": "P-384"
        case "1.3.132.0.35": "P-521"
        case "1.3.132.0.10": "secp256k1"
        default: identifier
        }
    }
}
