/// Splits one POSIX shell command into words (POSIX.1-2017, Shell Command Language 2.2 and 2.3) without running or
/// expanding anything.
///
/// Beyond POSIX it knows bash's `$'…'` and `$"…"`. What only a shell could fill in is an error, and so are operators,
/// but for what people commonly leave behind a command: a pipe, redirections, a final `;` or `&`.
struct ShellScanner {
    /// Words a command may have.
    static let maxWords = 10_000

    let text: [UInt8]
    var index = 0
    private(set) var words: [CommandWord] = []
    private(set) var warnings: [String] = []
    /// The word being read; nil between words.
    private var word: [UInt8]?
    private var wordStart = 0
    private var wordIsQuoted = false

    init(_ text: [UInt8]) { self.text = text }

    func at(_ offset: Int = 0) -> UInt8? {
        let place = index + offset
        return text.indices.contains(place) ? text[place] : nil
    }

    func error(
        _ code: CurlCommandError.Code, at offset: Int? = nil, _ reason: String, hint: String
    ) -> CurlCommandError {
        CurlCommandError(code, at: TextPosition(of: offset ?? index, in: text), reason, hint: hint)
    }

    mutating func scan() throws(CurlCommandError) -> [CommandWord] {
        var ended = false
        while let byte = at() {
            switch byte {
            case 32, 9, 13:
                try finishWord()
                index += 1
            case 10:
                try finishWord()
                index += 1
                if !words.isEmpty { ended = true }
            case UInt8(ascii: "#") where word == nil:
                while let next = at(), next != 10 { index += 1 }
            default:
                if ended, word == nil {
                    throw error(
                        .severalCommands, "a second line begins here that does not belong to the command",
                        hint: "give one command; end a line that goes on with a backslash")
                }
                switch try scanOperator(byte) {
                case .commandEnd: return words
                case .skipped: break
                case .noOperator: try scanWordByte(byte)
                }
            }
        }
        try finishWord()
        return words
    }

    private mutating func append(_ bytes: some Sequence<UInt8>) {
        if word == nil {
            word = []
            wordStart = index
            wordIsQuoted = false
        }
        word?.append(contentsOf: bytes)
    }

    private mutating func finishWord() throws(CurlCommandError) {
        guard let finished = word else { return }
        word = nil
        // A prompt copied along with the command.
        if words.isEmpty, !wordIsQuoted, finished == [UInt8(ascii: "$")] || finished == [UInt8(ascii: "%")] { return }
        guard words.count < Self.maxWords else {
            throw error(.tooLong, "more than \(Self.maxWords) words", hint: "give one curl command alone")
        }
        words.append(CommandWord(bytes: finished, offset: wordStart))
    }

    private mutating func scanWordByte(_ byte: UInt8) throws(CurlCommandError) {
        switch byte {
        case UInt8(ascii: "\\"): try scanBackslash()
        case UInt8(ascii: "'"):
            append([])
            wordIsQuoted = true
            let open = index
            index += 1
            let start = index
            while let next = at(), next != UInt8(ascii: "'") { index += 1 }
            guard at() != nil else { throw unterminated(open) }
            word?.append(contentsOf: text[start..<index])
            index += 1
        case UInt8(ascii: "\""): try scanDoubleQuotes()
        case UInt8(ascii: "$"):
            if at(1) == UInt8(ascii: "'") {
                append([])
                wordIsQuoted = true
                let decoded = try scanEscapedQuotes()
                word?.append(contentsOf: decoded)
            } else if at(1) == UInt8(ascii: "\"") {
                append([])
                index += 1
                try scanDoubleQuotes()
            } else {
                try refuseExpansion()
                append([byte])
                index += 1
            }
        case UInt8(ascii: "`"): try refuseExpansion()
        default:
            append([byte])
            index += 1
        }
    }

    private mutating func scanBackslash() throws(CurlCommandError) {
        switch at(1) {
        case nil:
            // A backslash at the very end continues with nothing.
            index += 1
        case 10: index += 2
        case 13 where at(2) == 10: index += 3
        case let next?:
            append([next])
            wordIsQuoted = true
            index += 2
        }
    }

    private mutating func scanDoubleQuotes() throws(CurlCommandError) {
        append([])
        wordIsQuoted = true
        let open = index
        index += 1
        while let byte = at() {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"):
                switch at(1) {
                case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    word?.append(text[index + 1])
                    index += 2
                case 10: index += 2
                case 13 where at(2) == 10: index += 3
                default:
                    word?.append(byte)
                    index += 1
                }
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                try refuseExpansion()
                word?.append(byte)
                index += 1
            default:
                word?.append(byte)
                index += 1
            }
        }
        throw unterminated(open)
    }

    func unterminated(_ open: Int) -> CurlCommandError {
        error(
            .unterminatedQuote, at: open, "the quote that begins here does not end",
            hint: "copy the whole command; a quote inside single quotes is written '\\''")
    }

    private enum Operator { case noOperator, skipped, commandEnd }

    /// Handles a shell operator at the current place.
    private mutating func scanOperator(_ byte: UInt8) throws(CurlCommandError) -> Operator {
        switch byte {
        case UInt8(ascii: "|") where at(1) != UInt8(ascii: "|"):
            try finishWord()
            warnings.append("what follows the pipe is left out")
            return .commandEnd
        case UInt8(ascii: "<") where at(1) == UInt8(ascii: "("), UInt8(ascii: ">") where at(1) == UInt8(ascii: "("):
            throw error(
                .expansion("process substitution"), "a process substitution, which is never run",
                hint: "write the value itself into the command")
        case UInt8(ascii: "<"), UInt8(ascii: ">"):
            try skipRedirection()
            return .skipped
        case UInt8(ascii: "&") where at(1) == UInt8(ascii: ">"):
            try skipRedirection()
            return .skipped
        case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: ")"):
            let place = index
            let rest = text[(index + 1)...]
            if byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&"),
                rest.allSatisfy({ $0 == 32 || (9...13).contains($0) })
            {
                try finishWord()
                return .commandEnd
            }
            let name = String(UnicodeScalar(byte))
            throw error(
                .shellOperator(name), at: place, "an unquoted '\(name)' that a shell would take as an operator",
                hint: "put the URL (and every value with such characters) in single quotes, and give one command alone")
        default: return .noOperator
        }
    }

    /// Leaves out `>file`, `2>&1` and the like.
    private mutating func skipRedirection() throws(CurlCommandError) {
        if let number = word, !wordIsQuoted, !number.isEmpty, number.allSatisfy({ (48...57).contains($0) }) {
            word = nil
        } else {
            try finishWord()
        }
        if at() == UInt8(ascii: "<") {
            throw error(
                .shellOperator("<"), "input from a file or here-document, which is never read",
                hint: "write the body itself into the command, in single quotes")
        }
        while at() == UInt8(ascii: ">") || at() == UInt8(ascii: "&") { index += 1 }
        while at() == 32 || at() == 9 { index += 1 }
        let before = words.count
        // The target is read as a word, so that its quotes are right, and dropped.
        while let byte = at(), !(9...13).contains(byte), byte != 32, !";&|<>()".utf8.contains(byte) {
            try scanWordByte(byte)
        }
        if word != nil {
            try finishWord()
            if words.count > before { words.removeLast() }
        }
        if !warnings.contains("redirections are left out") { warnings.append("redirections are left out") }
    }

    /// Throws when a shell would expand something at this `$` or backquote; returns when the `$` stands for itself.
    private func refuseExpansion() throws(CurlCommandError) {
        guard let name = expansionName() else { return }
        throw error(
            .expansion(name), "\(name), which only a shell could fill in",
            hint:
                "write the value itself into the command, or put the text in single quotes if it is meant as it stands")
    }

    private func expansionName() -> String? {
        guard at() == UInt8(ascii: "$") else { return "a command substitution (backquotes)" }
        switch at(1) {
        case UInt8(ascii: "("): return "a command substitution $(…)"
        case UInt8(ascii: "{"): return "a variable" + variable(from: index + 2)
        case let next? where next == UInt8(ascii: "_") || (65...90).contains(next & 0xDF):
            return "a variable" + variable(from: index + 1)
        case let next? where (48...57).contains(next) || "@*#?$!-".utf8.contains(next): return "a shell parameter"
        default: return nil
        }
    }

    /// The variable's name, shown only in the form of environment variables: anything else may be part of a password.
    private func variable(from start: Int) -> String {
        let name = text[start...].prefix(40).prefix { byte in
            byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte & 0xDF)
        }
        let isUpper = name.allSatisfy { !(97...122).contains($0) }
        return isUpper && !name.isEmpty ? " $" + String(decoding: name, as: UTF8.self) : ""
    }
}
