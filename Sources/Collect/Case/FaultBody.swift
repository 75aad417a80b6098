internal import Documents

/// The error envelope of a Message Processor: `{"fault":{"faultstring":…,"detail":{"errorcode":…}}}`. Routers
/// answer with HTML pages, which tell nothing here.
struct FaultBody: Sendable {
    let errorCode: String?
    let faultString: String?

    init(_ body: [UInt8]) {
        // An answer may be preceded by its header lines, as in a saved curl -i output.
        let start = body.firstIndex(of: 0x7B) ?? body.endIndex
        let fault = (try? JSONValue(parsing: Array(body[start...])))?["fault"]
        errorCode = fault?["detail"]?["errorcode"]?.string.map { String($0.prefix(300)) }
        faultString = fault?["faultstring"]?.string.map { String($0.prefix(1000)) }
    }

    /// The status of a status line `HTTP/1.1 503 …` at the start of the text.
    static func status(_ bytes: [UInt8]) -> Int? {
        let line = String(decoding: bytes.prefix(64).prefix { $0 != 0x0A }, as: UTF8.self)
        guard line.hasPrefix("HTTP/") else { return nil }
        let words = line.split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}
