import Platform
import Redact
import Testing

/// Items of a bundle are redacted at the same time, by one redactor.
@Suite struct SharedRedactorTests {
    private static func secret(_ thread: Int, _ number: Int) -> String { "Zq\(thread)8xR\(number)vL7tN\(thread * 7)" }

    @Test func whatEachThreadLearnsAllKnow() throws {
        let redactor = try makeStrictRedactor()
        let threads = 4
        let outputs = Threads.atOnce(
            (0..<threads).map { thread in
                { @Sendable () -> [String] in
                    (0..<25).map { number in
                        let text = "mp01.dc1.acme.com db.password=\(Self.secret(thread, number)) from 10.77.3.19\n"
                        return (try? string(redactor.text(Array(text.utf8), .text, chunk: 11))) ?? "failed"
                    }
                }
            })
        #expect(redactor.vault.count == threads * 25)
        // All threads have the same names for the same host and address.
        let shapes = outputs.joined().map { line in
            line.split(separator: " ").filter { !$0.contains("REDACTED.password.") }.joined(separator: " ")
        }
        #expect(Set(shapes).count == 1 && !shapes[0].contains("acme") && !shapes[0].contains("failed"), "\(shapes[0])")
        #expect(Set(outputs.joined()).count == threads * 25)
        // What one thread has learned another removes where nothing names it.
        let late = Threads.atOnce(
            (0..<threads).map { thread in
                { @Sendable () -> String in
                    let others = (0..<25).map { Self.secret((thread + 1) % threads, $0) }.joined(separator: " and ")
                    return (try? string(redactor.secondPass(Array(others.utf8), .text))) ?? "failed"
                }
            })
        for text in late {
            #expect(text.split(separator: " and ").allSatisfy { $0.hasPrefix("REDACTED.password.") }, "\(text)")
        }
    }
}
