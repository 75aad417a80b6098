import Collect
import Documents
import Platform

/// Lets the operator choose among several groups of failures.
enum FailureMenu {
    @Sendable static func choose(_ choices: [FailureChoice]) -> Int? {
        var text = "Several kinds of failures are in the log:\n"
        for (index, choice) in choices.prefix(20).enumerated() {
            text += "  \(index + 1)) \(TerminalText.harmless(choice.title)): \(TerminalText.harmless(choice.place)), "
            text += "\(choice.count) times, last \(choice.lastSeen)\n"
        }
        Terminal.writeError(text)
        let answer = Terminal.readLine(prompt: "Which one? (Enter: the most frequent) ")
        return answer.flatMap { Int($0) }.map { $0 - 1 }
    }
}
