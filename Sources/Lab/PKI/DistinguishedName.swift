import Foundation

/// A subject or issuer name, in the order in which the certificate holds it.
struct DistinguishedName: Sendable {
    /// Attribute type and value, most general first (`DC`, …, `CN`).
    let attributes: [(type: String, value: String)]

    /// The name as the `-subj` option of OpenSSL takes it.
    var openSSLSubject: String {
        attributes.map { "/\($0.type)=\($0.value.replacingOccurrences(of: "/", with: "\\/"))" }.joined()
    }

    /// The name as Java's `X500Name` prints it: the most special attribute first, `, ` between attributes.
    var javaText: String {
        attributes.reversed().map { attribute in
            let type = attribute.type == "emailAddress" ? "EMAILADDRESS" : attribute.type
            return attribute.value.contains(",") ? "\(type)=\"\(attribute.value)\"" : "\(type)=\(attribute.value)"
        }.joined(separator: ", ")
    }

    /// The name as RFC 4514 writes it, with OpenSSL's short attribute names.
    var rfc4514: String {
        attributes.reversed().map { "\($0.type)=\($0.value.replacingOccurrences(of: ",", with: "\\,"))" }
            .joined(separator: ",")
    }
}
