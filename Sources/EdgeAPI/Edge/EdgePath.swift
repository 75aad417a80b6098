/// Percent-encoding of names from outside (RFC 3986 section 2): everything but unreserved characters.
enum EdgePath {
    /// Longest name in bytes before encoding.
    static let maxName = 1024

    static func encoded(_ text: String) -> String { encoded(Array(text.utf8)) }

    static func encoded(_ text: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Segments as a path that begins with a slash; nil when one is empty, too long, `.`, `..` or holds a NUL: servers
    /// fold such segments and would answer for something else.
    static func joined(_ segments: [String]) -> String? {
        var path = ""
        for segment in segments {
            guard !segment.isEmpty, segment != ".", segment != "..", segment.utf8.count <= maxName,
                !segment.utf8.contains(0)
            else { return nil }
            path += "/" + encoded(segment)
        }
        return path
    }

    static func query(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }
}
