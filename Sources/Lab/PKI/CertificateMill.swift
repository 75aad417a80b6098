import Foundation

/// Makes keys and certificates with OpenSSL in one folder.
struct CertificateMill: Sendable {
    let folder: URL

    /// A certificate issued by another, or by itself.
    ///
    /// - Parameters:
    ///   - name: base name of the files.
    ///   - names: host names and `IP:` addresses of the subject; none for a client or an authority.
    func make(
        _ name: String, subject: DistinguishedName, by issuer: Certificate? = nil, isAuthority: Bool = false,
        alternativeNames names: [String] = [], usage: String? = nil, days: Int = 400
    ) async throws -> Certificate {
        let key = folder.appendingPathComponent("\(name).key")
        let certificate = folder.appendingPathComponent("\(name).pem")
        let extensions = folder.appendingPathComponent("\(name).ext")
        let request = folder.appendingPathComponent("\(name).csr")
        // Authorities have elliptic keys, which are quick to make; leaves have the RSA keys that are usual with Edge.
        let algorithm =
            isAuthority
            ? ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
            : ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        _ = try await openssl(["genpkey", "-out", key.path] + algorithm)
        var lines = [isAuthority ? "basicConstraints=critical,CA:TRUE" : "basicConstraints=CA:FALSE"]
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
        try Data(lines.joined(separator: "\n").utf8).write(to: extensions)
        _ = try await openssl([
            "req", "-new", "-utf8", "-key", key.path, "-subj", subject.openSSLSubject, "-out", request.path,
        ])
        let serial =
            "5" + RandomValues.string(1, of: RandomValues.digits) + RandomValues.string(30, of: RandomValues.hex)
        let signer =
            issuer.map { ["-CA", $0.certificateFile.path, "-CAkey", $0.keyFile.path] } ?? ["-key", key.path]
        _ = try await openssl(
            ["x509", "-req", "-in", request.path, "-set_serial", "0x\(serial)", "-days", String(days), "-sha256"]
                + signer
                + ["-extfile", extensions.path, "-out", certificate.path])
        let dates = try await openssl(["x509", "-in", certificate.path, "-noout", "-dates"])
        let pem = try String(contentsOf: certificate, encoding: .utf8)
        let issuerIsElliptic = issuer?.isAuthority ?? isAuthority
        return Certificate(
            name: name, subject: subject, issuer: issuer?.subject ?? subject, serial: serial,
            notBefore: Self.date("notBefore", in: dates), notAfter: Self.date("notAfter", in: dates),
            isAuthority: isAuthority,
            alternativeNames: names.map { $0.replacingOccurrences(of: "IP:", with: "") },
            publicKey: isAuthority ? "EC Public Key, 256 bits" : "RSA Public Key, 2048 bits",
            signatureAlgorithm: issuerIsElliptic ? "SHA256withECDSA" : "SHA256withRSA", pem: pem,
            keyPEM: try String(contentsOf: key, encoding: .utf8), certificateFile: certificate, keyFile: key)
    }

    private func openssl(_ arguments: [String]) async throws -> String {
        String(decoding: try await Command.check("openssl", arguments, in: folder), as: UTF8.self)
    }

    /// `notBefore=Nov 23 18:00:00 2026 GMT`
    private static func date(_ name: String, in text: String) -> Date {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "MMM d HH:mm:ss yyyy zzz"
        for line in text.split(separator: "\n") where line.hasPrefix(name + "=") {
            let value = line.dropFirst(name.count + 1).split(separator: " ").joined(separator: " ")
            if let date = formatter.date(from: value) { return date }
        }
        return Date(timeIntervalSince1970: 0)
    }
}
