internal import Packets

/// What a Client Hello or Server Hello tells (RFC 8446 section 4.1).
struct Hello {
    private(set) var legacyVersion: UInt16
    /// Of the server: the one that it chose. Of the client: the first of its list.
    private(set) var ciphers: [UInt16] = []
    private(set) var supportedVersions: [UInt16] = []
    private(set) var serverName: String?
    /// Protocols of RFC 7301: offered by the client, or the one that the server chose.
    private(set) var protocols: [String] = []
    private(set) var isRetryRequest: Bool
    private(set) var sessionID: [UInt8]
    /// The server took a pre-shared key: a session is resumed (TLS 1.3).
    private(set) var hasPreSharedKey = false

    /// The random of a Server Hello that asks for another Client Hello: SHA-256 of `HelloRetryRequest`.
    private static let retryRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2,
        0x11,
        0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]

    init?(_ body: [UInt8], isClient: Bool) {
        var cursor = ByteCursor(body)
        guard let version = cursor.uint16(), let random = cursor.bytes(32), let session = cursor.vector8() else {
            return nil
        }
        legacyVersion = version
        sessionID = session
        isRetryRequest = random == Hello.retryRandom
        if isClient {
            guard let suites = cursor.vector16(), cursor.vector8() != nil else { return nil }
            var list = ByteCursor(suites)
            while let suite = list.uint16() { if !TLSNames.isGrease(suite) { ciphers.append(suite) } }
        } else {
            guard let suite = cursor.uint16(), cursor.uint8() != nil else { return nil }
            ciphers = [suite]
        }
        guard let extensions = cursor.vector16() else { return }
        var list = ByteCursor(extensions)
        while let type = list.uint16(), let content = list.vector16() {
            switch type {
            case 0 where isClient: serverName = Hello.name(content)
            case 16: protocols = Hello.protocols(content)
            case 41: hasPreSharedKey = !isClient
            case 43: supportedVersions = Hello.versions(content, isClient: isClient)
            default: break
            }
        }
    }

    /// A Client Hello in the form of SSL 2.0 (RFC 5246 appendix E.2), from its type on.
    init?(ssl2 body: [UInt8]) {
        guard body.count >= 9, body[0] == 1, let version = body.uint16(at: 1), let count = body.uint16(at: 3) else {
            return nil
        }
        legacyVersion = version
        sessionID = []
        isRetryRequest = false
        for offset in stride(from: 9, to: min(9 + Int(count), body.count - 2), by: 3) where body[offset] == 0 {
            if let suite = body.uint16(at: offset + 1) { ciphers.append(suite) }
        }
    }

    var cipher: UInt16? { ciphers.first }

    /// The version that the server chose, or the best that the client offers.
    var version: UInt16 { supportedVersions.max() ?? legacyVersion }

    /// Bytes held, about.
    var footprint: Int { 320 + ciphers.count * 2 + sessionID.count + (serverName?.utf8.count ?? 0) }

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

    private static func protocols(_ content: [UInt8]) -> [String] {
        var cursor = ByteCursor(content)
        var list = ByteCursor(cursor.vector16() ?? [])
        var protocols: [String] = []
        while protocols.count < 16, let name = list.vector8() {
            // A value of GREASE has two bytes beyond ASCII.
            guard name.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
            protocols.append(String(decoding: name, as: UTF8.self))
        }
        return protocols
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
