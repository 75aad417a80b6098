/// The certificates of a file on disk: PEM, DER, a Java keystore (JKS, JCEKS) or PKCS#12. Of keys nothing is read, and
/// no password is needed: where one would be, the certificates are not told.
public struct StoredCertificates: Sendable {
    public struct Entry: Sendable {
        /// As the keystore calls it.
        public let alias: String?
        public let certificate: TLSConnection.Certificate
        /// Seconds since 1970; nil when not readable.
        public let end: Int64?
    }

    /// `PEM`, `DER`, `JKS`, `JCEKS` or `PKCS#12`.
    public let format: String
    public let entries: [Entry]
    /// Why some or all are not told.
    public let note: String?

    private static let limit = 1_000

    /// Nil for a file of another kind.
    public init?(_ bytes: [UInt8]) {
        let found: (format: String, entries: [(alias: String?, der: [UInt8])], note: String?)
        if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]) {
            var reader = JavaKeystore(bytes)
            let (entries, note) = reader.read(limit: Self.limit)
            found = (bytes[0] == 0xFE ? "JKS" : "JCEKS", entries, note)
        } else if bytes.first == 0x30, let node = DERNode.parse(bytes) {
            if CertificateFields(der: bytes) != nil {
                found = ("DER", [(nil, bytes)], nil)
            } else {
                guard let bags = PKCS12.certificates(node) else { return nil }
                found = (
                    "PKCS#12", bags.prefix(Self.limit).map { (nil, $0) },
                    bags.isEmpty ? "its certificates are encrypted with a password" : nil
                )
            }
        } else {
            guard bytes.firstRange(of: Array("-----BEGIN ".utf8)) != nil else { return nil }
            let all = PEM.certificates(in: bytes)
            found = ("PEM", all.prefix(Self.limit).map { (nil, $0) }, all.isEmpty ? "no certificate is in it" : nil)
        }
        format = found.format
        entries = found.entries.compactMap { alias, der in
            CertificateFields(der: der).map { fields in
                Entry(alias: alias, certificate: TLSConnection.Certificate(der: der), end: fields.notAfter)
            }
        }
        let unread = found.entries.count - entries.count
        note = found.note ?? (unread > 0 ? "\(unread) of its certificates can't be read" : nil)
    }
}

/// Sun's keystore format: certificates stand in it in clear, keys are encrypted and are stepped over.
private struct JavaKeystore {
    private let bytes: [UInt8]
    private var position = 4

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(limit: Int) -> (entries: [(alias: String?, der: [UInt8])], note: String?) {
        var entries: [(alias: String?, der: [UInt8])] = []
        let damaged = "the rest of it can't be read"
        guard let version = number(4), version == 1 || version == 2, let count = number(4) else {
            return ([], damaged)
        }
        for _ in 0..<min(count, limit) {
            guard let tag = number(4), let alias = text(), skip(8) else { return (entries, damaged) }
            switch tag {
            case 1:
                guard let key = number(4), skip(key), let chain = number(4), chain <= 100 else {
                    return (entries, damaged)
                }
                for _ in 0..<chain {
                    guard let der = certificate(version) else { return (entries, damaged) }
                    entries.append((alias, der))
                }
            case 2:
                guard let der = certificate(version) else { return (entries, damaged) }
                entries.append((alias, der))
            default: return (entries, "what follows its secret key '\(alias)' can't be read")
            }
        }
        return (entries, count > limit ? "only the first \(limit) entries were read" : nil)
    }

    private mutating func certificate(_ version: Int) -> [UInt8]? {
        if version == 2 { guard text() != nil else { return nil } }
        guard let length = number(4), length <= bytes.count - position else { return nil }
        defer { position += length }
        return Array(bytes[position..<position + length])
    }

    private mutating func text() -> String? {
        guard let length = number(2), length <= bytes.count - position else { return nil }
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    private mutating func number(_ size: Int) -> Int? {
        guard size <= bytes.count - position else { return nil }
        defer { position += size }
        return bytes[position..<position + size].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - position else { return false }
        position += count
        return true
    }
}
