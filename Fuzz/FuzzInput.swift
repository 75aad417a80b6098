import Glibc
import Redact

/// An input cut into choices and the rest; reading behind its end gives zeros.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>
    /// A secret that only this input has: it can't stand in its bytes by chance.
    let secret: String

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
        let hash = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let digits = String(hash, radix: 36)
        secret = "q" + String(repeating: "0", count: 13 - digits.count) + digits + "Zk7"
    }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func choice<Value>(_ values: [Value]) -> Value { values[Int(byte()) % values.count] }

    /// Where to cut something of so many parts.
    mutating func part(of count: Int) -> Int { Int(byte()) << 8 | Int(byte()) % max(1, count) }

    func rest() -> [UInt8] { Array(bytes) }

    /// The rest with something in its middle, at a place that the input chooses.
    mutating func rest(with planted: String) -> [UInt8] {
        let place = Int(byte()) << 8 | Int(byte())
        let all = Array(bytes)
        let cut = all.isEmpty ? 0 : place % (all.count + 1)
        return Array(all[..<cut]) + Array(planted.utf8) + Array(all[cut...])
    }
}

/// The rules are read once.
private let rules: RuleSet = {
    do {
        return try RuleSet.builtIn()
    } catch {
        fatalError("\(error)")
    }
}()

/// Set where only crashes, hangs, leaks and chunks count: among any bytes a marker's neighbours may still be read
/// differently in a second run.
private let isOnce = unsafe getenv("FUZZ_ONCE") != nil

/// A redactor that has learned nothing yet.
func freshRedactor() -> Redactor {
    do {
        return try Redactor(rules: rules, key: [UInt8](repeating: 7, count: 32))
    } catch {
        fatalError("\(error)")
    }
}

extension Redactor {
    func bytes(
        _ input: [UInt8], _ format: ContentFormat, chunk: Int = .max
    ) -> (bytes: [UInt8], summary: RedactionSummary) {
        do {
            let stream = makeStream(format)
            var out: [UInt8] = []
            var start = 0
            while start < input.count {
                let end = start + min(chunk, input.count - start)
                try stream.append(input[start..<end], to: &out)
                start = end
            }
            let summary = try stream.finish(to: &out)
            // What is withheld is dropped by whoever asked.
            return (summary.withheld == nil ? out : [], summary)
        } catch {
            fatalError("\(error)")
        }
    }
}

func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    let part = Array(text.utf8)
    guard bytes.count >= part.count else { return false }
    var index = 0
    while index + part.count <= bytes.count {
        if bytes[index] == part[0], bytes[index..<(index + part.count)].elementsEqual(part) { return true }
        index += 1
    }
    return false
}

/// The promises of every reader of the redactor: the secret is gone, chunks don't matter, a second run changes nothing.
/// - Returns: what came out.
@discardableResult
func check(_ input: [UInt8], _ format: ContentFormat, secret: String?, chunk: Int) -> [UInt8] {
    let once = freshRedactor().bytes(input, format).bytes
    if let secret { promise(!holds(once, secret), "the secret is gone") }
    promise(freshRedactor().bytes(input, format, chunk: chunk).bytes == once, "chunks of \(chunk) make no difference")
    if !isOnce { promise(freshRedactor().bytes(once, format).bytes == once, "a second run changes nothing") }
    return once
}
