import FoundationEssentials
import Platform

/// Results as JSON on standard output: keys sorted, one value, a line feed at the end.
enum JSONPrinter {
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Terminal.write(bytes: Array(try encoder.encode(value))[...] + [0x0A], to: 1)
    }
}
