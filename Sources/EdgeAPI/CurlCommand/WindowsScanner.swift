/// Splits a curl command written for Windows' command prompt, such as browsers copy it: first carets as cmd.exe reads
/// them, then arguments as the C runtime splits them. Nothing is expanded.
struct WindowsScanner {
    private let text: [UInt8]
    /// Bytes left by the first step, each with its place in the text.
    private var bytes: [(byte: UInt8, offset: Int)] = []

    init(_ text: [UInt8]) { self.text = text }

    /// True for a text with a caret at the end of a line and no backslash there.
    static func recognises(_ text: [UInt8]) -> Bool {
        var caret = false
        for line in text.split(separator: 10) {
            let line = line.last == 13 ? line.dropLast() : line
            if line.last == UInt8(ascii: "\\") { return false }
            if line.last == UInt8(ascii: "^") { caret = true }
        }
        return caret
    }

    mutating func scan() throws(CurlCommandError) -> [CommandWord] {
        try removeCarets()
        return try split()
    }

    private mutating func removeCarets() throws(CurlCommandError) {
        var quoted = false
        var index = 0
        var ended = false
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "^") where !quoted:
                index += 1
                if index < text.count, text[index] == 13 { index += 1 }
                if index < text.count, text[index] == 10 {
                    index += 1
                    continue
                }
                // The character after a caret stands for itself; a line break after a caret stands for nothing.
                if index < text.count { bytes.append((text[index], index)) }
            case 10:
                quoted = false
                ended = !bytes.isEmpty
                bytes.append((32, index))
            case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                if !quoted {
                    throw CurlCommandError(
                        .shellOperator(String(UnicodeScalar(byte))), at: TextPosition(of: index, in: text),
                        "an unquoted operator of the command prompt",
                        hint: "put the URL in double quotes, and give one command alone")
                }
                bytes.append((byte, index))
            default:
                if ended, byte != 13, byte != 32, byte != 9 {
                    throw CurlCommandError(
                        .severalCommands, at: TextPosition(of: index, in: text),
                        "a second line begins here that does not belong to the command",
                        hint: "give one command; end a line that goes on with a caret")
                }
                if byte == UInt8(ascii: "\"") { quoted.toggle() }
                bytes.append((byte == 13 ? 32 : byte, index))
            }
            index += 1
        }
    }

    /// The C runtime's rules: backslashes count only before a quote; two quotes inside quotes are one.
    private func split() throws(CurlCommandError) -> [CommandWord] {
        var words: [CommandWord] = []
        var word: [UInt8]?
        var start = 0
        var quoteStart: Int?
        var index = 0
        while index < bytes.count {
            let (byte, offset) = bytes[index]
            if quoteStart == nil, byte == 32 || byte == 9 {
                if let finished = word {
                    words.append(CommandWord(bytes: finished, offset: start))
                }
                word = nil
                index += 1
                continue
            }
            if word == nil {
                word = []
                start = offset
            }
            switch byte {
            case UInt8(ascii: "\\"):
                var count = 0
                while index < bytes.count, bytes[index].byte == UInt8(ascii: "\\") {
                    count += 1
                    index += 1
                }
                let quote = index < bytes.count && bytes[index].byte == UInt8(ascii: "\"")
                word?.append(contentsOf: [UInt8](repeating: UInt8(ascii: "\\"), count: quote ? count / 2 : count))
                if quote, count % 2 == 1 {
                    word?.append(UInt8(ascii: "\""))
                    index += 1
                }
                continue
            case UInt8(ascii: "\""):
                if quoteStart == nil {
                    quoteStart = offset
                } else if index + 1 < bytes.count, bytes[index + 1].byte == UInt8(ascii: "\"") {
                    word?.append(byte)
                    index += 1
                } else {
                    quoteStart = nil
                }
            default: word?.append(byte)
            }
            index += 1
        }
        if let quoteStart {
            throw CurlCommandError(
                .unterminatedQuote, at: TextPosition(of: quoteStart, in: text),
                "the quote that begins here does not end",
                hint: "copy the whole command")
        }
        if let finished = word {
            words.append(CommandWord(bytes: finished, offset: start))
        }
        return words
    }
}
