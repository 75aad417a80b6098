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
        json.raw("]")
        // Damage, and connections that were let go, are not passed over in silence.
        let notes = input.captureNotes
        if !notes.isEmpty {
            json.raw(",\"notes\":")
            json.array { list in for note in notes { list.element(note) } }
        }
        json.raw(",\"verdicts\":")
        emit(json.take())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        emit((try? encoder.encode(verdicts)).map { Array($0) } ?? Array("[]".utf8))
        emit(Array("}\n".utf8))
    }

    /// Connections that are drawn; of a large capture the others are only counted.
    private static let maximumDrawn = 20

    /// `diagnose` for people: the verdicts, then the handshakes that failed, or some that did not.
    /// - Parameter emit: takes the text line by line.
    public static func write(_ input: DiagnosisInput, _ verdicts: [Verdict], _ emit: (String) -> Void) {
        if verdicts.isEmpty { emit(input.isEmpty ? nothing : none) }
        for verdict in verdicts {
            for line in lines(verdict) { emit(line) }
            emit("")
        }
        var failed: [(String, TLSConnection)] = []
        var others: [(String, TLSConnection)] = []
        var count = 0
        input.forEachConnection { connection, path in
            count += 1
            if connection.outcome == .failed || !connection.tls && !connection.warnings.isEmpty {
                if failed.count < maximumDrawn { failed.append((path, connection)) }
            } else if connection.tls, others.count < 3 {
                others.append((path, connection))
            }
        }
        let drawn = failed.isEmpty ? others : failed
        for (path, connection) in drawn {
            emit(path)
            for line in HandshakeLadder.lines(connection) { emit(line) }
            emit("")
        }
        if count > drawn.count {
            emit("\(count - drawn.count) more connections are not drawn: --json lists all of them.")
        }
        for note in input.captureNotes { emit("note: " + note) }
        for problem in input.problems { emit("not read: " + problem) }
    }

    private static let none =
        "No known cause shows in what was given: no handshake failed for a reason that is known here."
    private static let nothing = "There is not enough evidence for a diagnosis. \(Words.settleCapture)."

    private static func lines(_ verdict: Verdict) -> [String] {
        var lines = [
            "\(verdict.confidence.rawValue.uppercased()): \(verdict.title) (\(verdict.cause))", "  " + verdict.summary,
        ]
        if !verdict.evidence.isEmpty { lines.append("  It rests on:") }
        lines += verdict.evidence.map { "    \($0.path), \($0.location): \($0.text)" }
        if !verdict.ruledOut.isEmpty { lines.append("  Ruled out:") }
        lines += verdict.ruledOut.map { "    \($0.cause): \($0.why)" }
        lines.append("  To do:")
        lines += verdict.resolution.map { "    " + $0 }
        if !verdict.wouldSettle.isEmpty { lines.append("  What would make it certain:") }
        lines += verdict.wouldSettle.map { "    " + $0 }
        return lines
    }
}
