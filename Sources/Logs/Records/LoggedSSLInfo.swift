/// What the record that follows a failed handshake tells of the target's SSLInfo:
/// `SSLInfo: KeyStore:java.security.KeyStore@52de60d9 KeyAlias:alias TrustStore:java.security.KeyStore@6ec45759`.
public struct LoggedSSLInfo: Hashable, Sendable {
    /// The object's name and hash, not the name of the key store in Edge; nil where the log prints `null`.
    public let keyStore: String?
    public let keyAlias: String?
    public let trustStore: String?

    init?(_ bytes: Span<UInt8>) {
        guard let mark = bytes.firstIndex(of: Self.mark) else { return nil }
        let start = mark + Self.mark.count
        let text = bytes.extracting(start..<min(bytes.count, start + 1024))
        let labels = Self.labels.map { text.firstIndex(of: $0) }
        guard labels.contains(where: { $0 != nil }) else { return nil }
        func value(_ index: Int) -> String? {
            guard let label = labels[index] else { return nil }
            let first = label + Self.labels[index].count
            // An alias may hold spaces: it ends where the next label begins.
            let next = labels.compactMap(\.self).filter { $0 > label }.min()
            let line = text.firstIndex(of: .lineFeed, from: first) ?? text.count
            let range = first..<max(first, next ?? line)
            let words = text.bytes(range).split(whereSeparator: { $0.isSpace || $0 == UInt8(ascii: ",") })
            let bytes = index == 1 ? [UInt8](words.joined(separator: [0x20])) : words.first.map { [UInt8]($0) } ?? []
            let value = String(decoding: bytes.prefix(255), as: UTF8.self)
            return value.isEmpty || value == "null" ? nil : value
        }
        keyStore = value(0)
        keyAlias = value(1)
        trustStore = value(2)
    }

    static let mark = Array("SSLInfo:".utf8)
    private static let labels = ["KeyStore:", "KeyAlias:", "TrustStore:"].map { Array($0.utf8) }
}
