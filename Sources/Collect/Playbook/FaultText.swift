internal import Logs

/// Code, source and status of a fault as error bodies, traces and logs write them, plain or escaped.
struct FaultText: Sendable {
    let code: String?
    let source: String?
    let status: Int?

    init(_ text: [UInt8]) {
        code =
            ["X-Apigee.fault-code", "errorcode", "errorCode"].lazy.compactMap { name in
                Self.last(name, in: text) { $0.contains(".") && !$0.hasPrefix("X-") }
            }.first
        source = Self.last("X-Apigee.fault-source", in: text) { !$0.hasPrefix("X-") }
        // The last status of a trace is the client's.
        status =
            (Self.last("StatusCode", in: text) { Int($0) != nil }
            ?? Self.last("statusCode", in: text) { Int($0) != nil })
            .flatMap { Int($0) }
    }

    /// What separates a name from its value in XML and JSON, escaped or not, besides marks.
    private static let noise: Set<String> = ["value", "quot", "amp", "Header", "n", "name"]
    /// A name and its value stand close together.
    private static let reach = 80

    /// The last value of a name that looks right.
    private static func last(_ name: String, in text: [UInt8], _ looksRight: (String) -> Bool) -> String? {
        let name = Array(name.utf8)
        var found: String?
        var start = 0
        while let hit = TextSearch.firstIndex(of: name, in: text, from: start) {
            start = hit + name.count
            let value = value(text[start..<min(text.count, start + reach)], whole: text)
            if let value, looksRight(value) { found = value }
        }
        return found
    }

    private static func value(_ near: ArraySlice<UInt8>, whole: [UInt8]) -> String? {
        var place = near.startIndex
        while place < near.endIndex {
            guard isWord(whole[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < whole.count, end - place < 200, isWord(whole[end]) { end += 1 }
            let word = String(decoding: whole[place..<end], as: UTF8.self)
            if !noise.contains(word) { return word }
            place = end
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}
