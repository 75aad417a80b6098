import FoundationEssentials
import Redact

let testKey = [UInt8](repeating: 0x5A, count: 32)

/// Read once for all tests; each test has a redactor, and so a vault, of its own.
private let builtInRules = Result { try RuleSet.builtIn() }

func makeRedactor() throws -> Redactor {
    try Redactor(rules: builtInRules.get(), key: testKey)
}

/// A redactor of level `strict`.
func makeStrictRedactor(key: [UInt8] = testKey, recordsNames: Bool = false) throws -> Redactor {
    try Redactor(rules: builtInRules.get(), level: .strict, key: key, recordsNames: recordsNames)
}

extension Redactor {
    /// The first pass over a text, cut into chunks.
    func text(_ input: [UInt8], _ format: ContentFormat = .auto, chunk: Int = .max, name: String? = nil) throws
        -> [UInt8]
    {
        try run(makeStream(format, name: name), input, chunk: chunk).bytes
    }

    /// The second pass over a text.
    func secondPass(_ input: [UInt8], _ format: ContentFormat = .auto, chunk: Int = .max) throws -> [UInt8] {
        try run(makeLiteralStream(format), input, chunk: chunk).bytes
    }

    /// Rules alone, then what they taught: what items of a bundle go through.
    func inTwoPasses(_ input: [UInt8], _ format: ContentFormat = .auto, chunk: Int = .max) throws -> [UInt8] {
        try secondPass(run(makeFirstStream(format), input, chunk: chunk).bytes, format, chunk: chunk)
    }

    func run(
        _ stream: RedactionStream, _ input: [UInt8], chunk: Int = .max
    ) throws -> (bytes: [UInt8], summary: RedactionSummary) {
        var out: [UInt8] = []
        var start = 0
        while start < input.count {
            let end = start + min(chunk, input.count - start)
            try stream.append(input[start..<end], to: &out)
            start = end
        }
        let summary = try stream.finish(to: &out)
        return (out, summary)
    }
}

func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Whether `part` stands anywhere in `bytes`.
func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, part.count <= bytes.count else { return false }
    let last = bytes.count - part.count
    var index = 0
    while index <= last {
        if bytes[index] == first, bytes[index..<(index + part.count)].elementsEqual(part) { return true }
        index += 1
    }
    return false
}

func lineBreaks(_ bytes: [UInt8]) -> Int { bytes.count { $0 == 0x0A } }

/// The given file of the public data set, or nil where the set is absent.
func publicData(_ path: String) -> [UInt8]? {
    let root = ProcessInfo.processInfo.environment["APIGEE_COLLECT_DATA"] ?? "../shared/data"
    for folder in [root, "../shared/data"] {
        if let data = try? Data(contentsOf: URL(filePath: "\(folder)/public/\(path)")) { return [UInt8](data) }
    }
    return nil
}
