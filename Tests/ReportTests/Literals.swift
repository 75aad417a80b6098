/// The sentences in Swift sources: string literals, joined where they are added up, with `Ab1` for what is put in.
enum Literals {
    /// Pieces of sentences and words that tests look for: they never stand alone in a verdict.
    private static let pieces: Set<String> = [
        "the client", " and Ab1 more", "not found", "does not exist", "speaks plain HTTP",
        "No client certificate CA names sent",
        "certificate 1", "Verify return code", "it could not be encoded", "an encrypted alert", " of any issuer",
        " of one of Ab1 issuer(s)", "the Ab1 sends ", "the Ab1 alert Ab1", "the backend asks for a client certificate",
        ", no server name", ", server name Ab1", "the backend says so", "on Ab1", "Ab1 (Ab1)", "Ab1: Ab1", "Ab1, Ab1",
        "cipher suites: ", "accepted issuers: ", "Ab1: Ab1 connections are not told of, there were too many",
        "the client certificate may not be used for client authentication: its extended key usage is ",
        "the key of the client certificate may not sign, as client authentication needs: its key usage is ",
        "the alias Ab1 of keystore Ab1 has no Ab1", "the client offers Ab1Ab1",
    ]

    static func sentences(in source: String) -> [String] {
        joined(tokens(Array(source.unicodeScalars))).filter { text in
            text.contains(" ") && text.utf8.count > 8 && !pieces.contains(text)
                && text.contains { $0.isLetter && $0.isLowercase && $0.isASCII }
        }
    }

    private enum Token: Equatable {
        case text(String)
        case other(Unicode.Scalar)
    }

    private static func tokens(_ source: [Unicode.Scalar]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < source.count {
            if source[index] == "/", index + 1 < source.count, source[index + 1] == "/" {
                while index < source.count, source[index] != "\n" { index += 1 }
            } else if source[index] == "\"" {
                tokens.append(.text(literal(source, &index)))
            } else {
                if !source[index].properties.isWhitespace { tokens.append(.other(source[index])) }
                index += 1
            }
        }
        return tokens
    }

    private static func literal(_ source: [Unicode.Scalar], _ index: inout Int) -> String {
        var text = String.UnicodeScalarView()
        index += 1
        while index < source.count, source[index] != "\"" {
            guard source[index] == "\\", index + 1 < source.count else {
                text.append(source[index])
                index += 1
                continue
            }
            if source[index + 1] == "(" {
                index += 2
                skipExpression(source, &index)
                text += "Ab1".unicodeScalars
            } else {
                text.append(source[index + 1])
                index += 2
            }
        }
        index += 1
        return String(text)
    }

    private static func skipExpression(_ source: [Unicode.Scalar], _ index: inout Int) {
        var depth = 1
        while index < source.count, depth > 0 {
            switch source[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "\"":
                _ = literal(source, &index)
                continue
            default: break
            }
            index += 1
        }
    }

    private static func joined(_ tokens: [Token]) -> [String] {
        var texts: [String] = []
        var index = 0
        while index < tokens.count {
            guard case .text(var text) = tokens[index] else {
                index += 1
                continue
            }
            while index + 2 < tokens.count, tokens[index + 1] == .other("+"), case .text(let more) = tokens[index + 2] {
                text += more
                index += 2
            }
            texts.append(text)
            index += 1
        }
        return texts
    }
}
