import Glibc

/// Where the system keeps the certificate authorities it trusts.
enum CertificateAuthorities {
    /// Debian and Ubuntu; RHEL and Amazon Linux; SUSE; Alpine and the OpenSSL default.
    static let files = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// The file that `SSL_CERT_FILE` names, else the first of ``files`` that can be read.
    static func systemFile(environment: [String: String]) -> String? {
        if let named = environment["SSL_CERT_FILE"], !named.isEmpty { return named }
        return files.first { unsafe access($0, R_OK) == 0 }
    }
}
