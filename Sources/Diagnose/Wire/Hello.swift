/// What a ClientHello or ServerHello says (RFC 8446 sections 4.1.2 and 4.1.3, RFC 5246 section 7.4.1).
struct Hello {
    var legacyVersion: UInt16
    /// Of a ServerHello, or of the first suite that a client offers.
    var cipher: UInt16?
    var serverName: String?
    /// Of the supported_versions extension; of a ServerHello one at most.
    var supportedVersions: [UInt16] = []
    var isRetryRequest = false

    /// SHA-256 of "HelloRetryRequest", which a ServerHello has for its random then.
    private static let retryRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2,
        0x11,
        0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]

    init?(_ body: [UInt8], isClient: Bool) {
        var cursor = ByteCursor(body)
        guard let version = cursor.uint16(), let random = cursor.bytes(32), cursor.vector8() != nil else { return nil }
        legacyVersion = version
        isRetryRequest = random == Hello.retryRandom
        if isClient {
            guard let suites = cursor.vector16(), cursor.vector8() != nil else { return nil }
            var list = ByteCursor(suites)
            cipher = list.uint16()
        } else {
            guard let suite = cursor.uint16(), cursor.uint8() != nil else { return nil }
            cipher = suite
        }
        guard let extensions = cursor.vector16() else { return }
        var list = ByteCursor(extensions)
        while let type = list.uint16(), let content = list.vector16() {
            switch type {
            case 0 where isClient: serverName = Hello.name(content)
            case 43: supportedVersions = Hello.versions(content, isClient: isClient)
            default: break
            }
        }
    }

    /// The version that the server chose, or the best that the client offers.
    var version: UInt16 { supportedVersions.max() ?? legacyVersion }

    /// RFC 6066 section 3.
    private static func name(_ content: [UInt8]) -> String? {
        var cursor = ByteCursor(content)
        guard let entries = cursor.vector16() else { return nil }
        var list = ByteCursor(entries)
        while let type = list.uint8(), let name = list.vector16() {
            if type == 0, name.allSatisfy({ (0x21...0x7E).contains($0) }) {
                return String(decoding: name, as: UTF8.self)
            }
        }
        return nil
    }

    private static func versions(_ content: [UInt8], isClient: Bool) -> [UInt16] {
        var cursor = ByteCursor(content)
        guard isClient else { return cursor.uint16().map { [$0] } ?? [] }
        var list = ByteCursor(cursor.vector8() ?? [])
        var versions: [UInt16] = []
        while let version = list.uint16() { if !TLSNames.isGrease(version) { versions.append(version) } }
        return versions
    }
}
