internal import FoundationEssentials
public import SupportBundle

/// The result of a diagnosis as it is written out, connection by connection.
public enum DiagnosisText {
    /// `diagnose --json`: one line a connection.
    /// - Parameter emit: takes the text piece by piece.
    public static func writeJSON(_ input: DiagnosisInput, _ verdicts: [Verdict], _ emit: ([UInt8]) -> Void) {
        var json = JSONText()
        json.raw("{\"schema\":1,\"connections\":[\n")
        input.forEachConnection { connection, _ in
            json.element { connection.write(to: &$0) }
            json.newLine()
            if json.bytes.count > 1 << 16 { emit(json.take()) }
        }
        json.raw("],\"verdicts\":")
        emit(json.take())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        emit((try? encoder.encode(verdicts)).map { Array($0) } ?? Array("[]".utf8))
        emit(Array("}\n".utf8))
    }
}
