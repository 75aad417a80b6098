import Foundation

/// Makes keys and certificates with OpenSSL in one folder.
struct CertificateMill: Sendable {
    let folder: URL

    /// A certificate issued by another, or by itself.
    ///
    /// - Parameters:
    ///   - name: base name of the files.
    ///   - key: the kind of key.
    ///   - names: host names and `IP:` addresses of the subject; none for a client or an authority.
    func make(
        _ name: String, subject: DistinguishedName, by issuer: Certificate? = nil, key: KeyKind = .elliptic,
        isAuthority: Bool = false, alternativeNames names: [String] = [], usage: String? = nil, days: Int = 400
    ) async throws -> Certificate {
        let keyFile = folder.appendingPathComponent("\(name).key")
        let certificateFile = folder.appendingPathComponent("\(name).pem")
        let configuration = folder.appendingPathComponent("\(name).cnf")
        var lines = ["[req]", "distinguished_name=dn", "x509_extensions=ext", "[dn]", "[ext]"]
        lines.append(isAuthority ? "basicConstraints=critical,CA:TRUE" : "basicConstraints=CA:FALSE")
        lines.append(
            isAuthority ? "keyUsage=critical,keyCertSign,cRLSign" : "keyUsage=critical,digitalSignature,keyEncipherment"
        )
        lines.append("subjectKeyIdentifier=hash")
        if issuer != nil { lines.append("authorityKeyIdentifier=keyid") }
        if let usage { lines.append("extendedKeyUsage=\(usage)") }
        if !names.isEmpty {
            lines.append(
                "subjectAltName=" + names.map { $0.hasPrefix("IP:") ? $0 : "DNS:\($0)" }.joined(separator: ","))
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: configuration)
        let serial =
            "5" + RandomValues.string(1, of: RandomValues.digits) + RandomValues.string(30, of: RandomValues.hex)
        let signer = issuer.map { ["-CA", $0.certificateFile.path, "-CAkey", $0.keyFile.path] } ?? []
        _ = try await Command.check(
            "openssl",
            [
                "req", "-x509", "-new", "-nodes", "-utf8", "-sha256", "-config", configuration.path, "-subj",
                subject.openSSLSubject, "-set_serial", "0x\(serial)", "-days", String(days), "-keyout", keyFile.path,
                "-out",
                certificateFile.path,
            ] + key.options + signer, in: folder)
        let pem = try String(contentsOf: certificateFile, encoding: .utf8)
        let (notBefore, notAfter) = try Self.validity(of: pem)
        // Every authority of the lab has an elliptic key.
        return Certificate(
            name: name, subject: subject, issuer: issuer?.subject ?? subject, serial: serial, notBefore: notBefore,
            notAfter: notAfter, isAuthority: isAuthority,
            alternativeNames: names.map { $0.replacingOccurrences(of: "IP:", with: "") }, publicKey: key.publicKeyText,
            signatureAlgorithm: issuer == nil && key == .rsa ? "SHA256withRSA" : "SHA256withECDSA", pem: pem,
            keyPEM: try String(contentsOf: keyFile, encoding: .utf8), certificateFile: certificateFile, keyFile: keyFile
        )
    }

    enum KeyKind {
        /// P-256, quick to make.
        case elliptic
        /// 2048 bits, as is usual with Edge.
        case rsa

        var options: [String] {
            switch self {
            case .elliptic: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            case .rsa: ["-newkey", "rsa:2048"]
            }
        }

        /// As Edge names it.
        var publicKeyText: String {
            switch self {
            case .elliptic: "EC Public Key, 256 bits"
            case .rsa: "RSA Public Key, 2048 bits"
            }
        }
    }

    /// The two times of the validity, UTCTime of 13 bytes each (RFC 5280 section 4.1.2.5.1).
    private static func validity(of pem: String) throws -> (Date, Date) {
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let der = Data(base64Encoded: body) ?? Data()
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyMMddHHmmss'Z'"
        // A SEQUENCE of two UTCTimes always starts with the same four bytes.
        guard let start = der.range(of: Data([0x30, 0x1e, 0x17, 0x0d]))?.upperBound, der.count >= start + 28,
            let notBefore = formatter.date(from: String(decoding: der[start..<start + 13], as: UTF8.self)),
            let notAfter = formatter.date(from: String(decoding: der[start + 15..<start + 28], as: UTF8.self))
        else { throw LabError(.commandFailed, "openssl req", "made a certificate without a validity") }
        return (notBefore, notAfter)
    }
}
