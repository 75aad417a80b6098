/// Formats of which nothing is passed on: made to hold secrets, or not looked into, so that secrets would pass unseen.
enum UnreadableFormats {
    /// Why bytes that start so are withheld; nil for all others.
    /// - Parameter ending: of the file's name, lower case.
    static func reason(_ head: [UInt8], ending: String?) -> String? {
        for (magic, reason) in magics where head.starts(with: magic) { return reason }
        if isKeyStructure(head) { return "a key store or a private key in DER form" }
        if isBouncyCastle(head) { return "a Java key store" }
        if isCpio(head) { return "a cpio archive, which is not looked into" }
        if let ending, let reason = endings[ending], !isText(head) { return reason }
        return nil
    }

    private static let magics: [([UInt8], String)] = [
        ([0xFE, 0xED, 0xFE, 0xED], "a Java key store"), ([0xCE, 0xCE, 0xCE, 0xCE], "a Java key store"),
        (Array("JAVA PROFILE".utf8), "a heap dump"), ([0x00, 0x12] + Array("portable heap dump".utf8), "a heap dump"),
        (Array("FLR\0".utf8), "a Java flight recording"), ([0x4D, 0x44, 0x4D, 0x50, 0x93, 0xA7], "a core dump"),
        ([0x7F, 0x45, 0x4C, 0x46], "a core dump or program"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive, which is not looked into"),
        (Array("Rar!\u{1A}\u{07}".utf8), "a RAR archive, which is not looked into"),
        (Array("MSCF\0\0\0\0".utf8), "a cabinet archive, which is not looked into"),
        (Array("!<arch>\n".utf8), "an ar archive or Debian package, which is not looked into"),
        ([0xED, 0xAB, 0xEE, 0xDB], "an RPM package, which is not looked into"),
        ([0x04, 0x22, 0x4D, 0x18], "compressed with lz4, which is not looked into"),
        ([0x1F, 0x9D], "compressed with compress, which is not looked into"),
        ([0x1F, 0xA0], "compressed with compress, which is not looked into"),
        ([0x1F, 0x1E], "compressed with pack, which is not looked into"),
        (Array("LZIP".utf8) + [1], "compressed with lzip, which is not looked into"),
        ([0x89, 0x4C, 0x5A, 0x4F], "compressed with lzop, which is not looked into"),
        ([0x5D, 0x00, 0x00], "compressed with lzma, which is not looked into"),
        ([0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50], "compressed with snappy, which is not looked into"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Office document, which is not looked into"),
        (Array("SQLite format 3".utf8), "a data base, which is not looked into"),
        (Array("%PDF-".utf8), "a PDF, which is not looked into"),
    ]

    static var heads: [[UInt8]] { magics.map(\.0) }

    /// Formats without a magic of their own that these names promise.
    private static let endings: [String: String] = [
        "jks": "a Java key store", "jceks": "a Java key store", "bks": "a Java key store", "bcfks": "a Java key store",
        "uber": "a Java key store", "keystore": "a Java key store", "truststore": "a Java key store",
        "ks": "a Java key store", "p12": "a key store", "pfx": "a key store", "p8": "a private key",
        "hprof": "a heap dump", "phd": "a heap dump", "jfr": "a Java flight recording", "core": "a core dump",
        "dmp": "a core dump", "lzma": "compressed with lzma, which is not looked into",
        "br": "compressed with brotli, which is not looked into",
    ]

    static func isText(_ head: [UInt8]) -> Bool {
        head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    }

    /// PKCS#12 (RFC 7292), PKCS#8 plain and encrypted (RFC 5208), PKCS#1 (RFC 8017) and EC keys (RFC 5915).
    private static func isKeyStructure(_ head: [UInt8]) -> Bool {
        guard head.count >= 16, let body = content(head[...]) else { return false }
        if body.starts(with: [0x02, 0x01]), let version = body.dropFirst(2).first {
            let next = body.dropFirst(3).first
            return (version == 3 && next == 0x30) || (version <= 1 && next == 0x30) || (version == 0 && next == 0x02)
                || (version == 1 && next == 0x04)
        }
        // The algorithm is one of PKCS#5 or of PKCS#12 with a password.
        guard let algorithm = content(body) else { return false }
        return algorithm.starts(with: [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05])
            || algorithm.starts(with: [0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C])
    }

    /// What is in a SEQUENCE, as far as it is there.
    private static func content(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.first == 0x30, let length = bytes.dropFirst().first else { return nil }
        let lengthBytes = length & 0x80 == 0 ? 0 : Int(length & 0x7F)
        guard lengthBytes <= 4, bytes.count > 2 + lengthBytes else { return nil }
        return bytes.dropFirst(2 + lengthBytes)
    }

    /// BKS: its version, and a salt of 20 bytes.
    private static func isBouncyCastle(_ head: [UInt8]) -> Bool {
        head.count >= 8 && [1, 2].contains(head[3]) && head.starts(with: [0, 0, 0])
            && Array(head[4..<8]) == [0, 0, 0, 20]
    }

    /// `07070` and a header of octal or hexadecimal digits, or the binary form's number.
    private static func isCpio(_ head: [UInt8]) -> Bool {
        guard head.count >= 76 else { return false }
        if head.starts(with: "07070".utf8) { return head.prefix(76).allSatisfy { $0.isHex } }
        return head.starts(with: [0xC7, 0x71]) || head.starts(with: [0x71, 0xC7])
    }
}
