import Foundation

/// A certificate that the lab has made, with its key.
struct Certificate: Sendable {
    /// The file's base name in the folder of the mill.
    let name: String
    let subject: DistinguishedName
    let issuer: DistinguishedName
    /// The serial number as lower-case hex, without a leading zero byte.
    let serial: String
    let notBefore: Date
    let notAfter: Date
    let isAuthority: Bool
    let alternativeNames: [String]
    /// As Edge names it, for example `RSA Public Key, 2048 bits`.
    let publicKey: String
    /// As Java names it, for example `SHA256withRSA`.
    let signatureAlgorithm: String
    let pem: String
    let keyPEM: String
    let certificateFile: URL
    let keyFile: URL

    /// Serial number as Edge's certInfo prints it: pairs of hex digits with colons.
    var colonSerial: String {
        let digits = Array(serial)
        let pairs = stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<min($0 + 2, digits.count)]) }
        // A serial whose first bit is set has a leading zero byte in DER, and Java prints it.
        let lead = (digits.first?.hexDigitValue ?? 0) >= 8 ? ["00"] : []
        return (lead + pairs).joined(separator: ":")
    }

    /// One element of `certInfo` (Edge API, keystores).
    var certInfo: [String: Any] {
        [
            "basicConstraints": isAuthority ? "CA:TRUE" : "CA:FALSE",
            "expiryDate": Int(notAfter.timeIntervalSince1970) * 1000,
            "isValid": notAfter > Date() && notBefore <= Date() ? "Yes" : "No",
            "issuer": issuer.javaText,
            "publicKey": publicKey,
            "serialNumber": colonSerial,
            "sigAlgName": signatureAlgorithm,
            "subject": subject.javaText,
            "subjectAlternativeNames": alternativeNames,
            "validFrom": Int(notBefore.timeIntervalSince1970) * 1000,
            "version": 3,
        ]
    }
}
