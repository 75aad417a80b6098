/// Passwords handed to functions of programs by their place alone: `credentials("joe", "secret")`.
extension Inspector {
    private static let mostArguments = 6
    private static let argument = NameRule(strength: .medium, value: .plain, isLoose: false, allowsWords: false)

    /// The last of two or more arguments behind the name of a function that takes a user and a password. All of them are
    /// texts or names of variables.
    func calledCredentials(end: Int, rule: Int) -> [Discovery] {
        var position = window.skipBlanks(end, lines: true)
        var last: Extent?
        for count in 1...Self.mostArguments {
            if let quote = Quote(in: window, at: position) {
                let from = position + quote.length(in: window, at: position)
                guard case .closed(let close, let after) = quote.end(in: window, from: from) else { return [] }
                last = Extent(start: from, end: close, quote: quote, isBounded: true)
                position = after
                // Java asks for characters instead of a text.
                if window.hasFolded(".tochararray()", at: position) { position += 14 }
            } else {
                let start = position
                while window[position].isName { position += 1 }
                guard position > start else { return [] }
                last = nil
            }
            position = window.skipBlanks(position, lines: true)
            if window[position] == .comma {
                position = window.skipBlanks(position + 1, lines: true)
            } else {
                guard window[position] == UInt8(ascii: ")"), count > 1, let last else { return [] }
                return discover(last, rule: rule, name: Self.argument, strength: .medium)
            }
        }
        return []
    }
}
