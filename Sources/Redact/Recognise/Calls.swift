/// Passwords handed to functions of programs by their place alone: `credentials("joe", "secret")`.
extension Inspector {
    private static let mostArguments = 6
    private static let mostOptions = 64
    private static let argument = NameRule(strength: .medium, value: .plain, isLoose: false, allowsWords: false)

    /// The last of two or more arguments behind the name of a function that takes a user and a password. All of them are
    /// texts or names of variables.
    func calledCredentials(end: Int, rule: Int) -> [Discovery] {
        if window.endsFolded("convertto-securestring", before: end) { return secureString(end: end, rule: rule) }
        if window.endsFolded("loginmodule", before: end) { return loginModule(end: end, rule: rule) }
        if window[end - 1] == UInt8(ascii: ")") { return characters(end: end, rule: rule) }
        // .NET's takes a domain behind the password.
        let isNetwork = (["networkcredential(", "networkcredential]::new("] as [StaticString]).contains {
            window.endsFolded($0, before: end)
        }
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
            if isNetwork, count == 2, let last {
                return discover(last, rule: rule, name: .certain, strength: .strong)
            }
            if window[position] == .comma {
                position = window.skipBlanks(position + 1, lines: true)
            } else {
                guard window[position] == UInt8(ascii: ")"), count > 1, let last else { return [] }
                return discover(last, rule: rule, name: Self.argument, strength: .medium)
            }
        }
        return []
    }

    /// `keyStore.load(in, "secret".toCharArray())`: Java takes passwords as characters.
    private func characters(end: Int, rule: Int) -> [Discovery] {
        let mark = end - 15
        let line = max(window.lineStart(mark), mark - 256)
        guard let open = (line..<max(line, mark)).last(where: { window[$0] == .doubleQuote }),
            let quote = Quote(in: window, at: open)
        else { return [] }
        let extent = quoted(quote, at: open)
        // An alphabet is none.
        guard extent.end <= mark, !window.hasFolded("0123456789", at: extent.start) else { return [] }
        return discover(extent, rule: rule, name: Self.argument, strength: .medium)
    }

    /// `ConvertTo-SecureString "secret" -AsPlainText` of PowerShell.
    private func secureString(end: Int, rule: Int) -> [Discovery] {
        var position = window.skipBlanks(end)
        if window.hasFolded("-string ", at: position) { position = window.skipBlanks(position + 8) }
        guard position > end, Quote(in: window, at: position) != nil, let word = shellWord(from: position) else {
            return []
        }
        return discover(word.extent, rule: rule, name: .certain, strength: .strong)
    }

    /// The options `user_joe="secret"` of a JAAS login module, with which ZooKeeper and Kafka list their users.
    private func loginModule(end: Int, rule: Int) -> [Discovery] {
        var position = end
        var found: [Discovery] = []
        for _ in 0..<Self.mostOptions {
            while window[position].isSpace || window[position] == .backslash { position += 1 }
            let start = position
            while window[position].isName || window[position] == .at { position += 1 }
            guard position > start else { break }
            guard window[position] == .equals else { continue }
            position += 1
            let value: Extent
            if let quote = Quote(in: window, at: position) {
                let from = position + quote.length(in: window, at: position)
                guard case .closed(let close, let after) = quote.end(in: window, from: from) else { break }
                value = Extent(start: from, end: close, quote: quote, isBounded: true)
                position = after
            } else {
                let from = position
                while !window[position].isSpace, window[position] != .semicolon, window[position] != 0,
                    !window[position].isQuote
                { position += 1 }
                value = Extent(start: from, end: position)
            }
            if window.hasFolded("user_", at: start) {
                found += discover(value, rule: rule, name: .certain, strength: .strong)
            }
        }
        return found
    }
}
