import Platform

/// Turns the words of a curl command into the request they ask for.
struct CurlCommandParser {
    let text: [UInt8]
    let words: [CommandWord]
    let readFile: ((String) -> [UInt8]?)?
    var command = CurlCommand()
    var content = CurlContent()
    var urls: [(bytes: [UInt8], offset: Int)] = []
    var addedQuery: [[UInt8]] = []
    var explicitMethod: String?
    var isHead = false
    var sendsDataInURL = false
    var globs = true
    var resolvesDots = true
    private var index = 0
    private var warnedOptions: Set<String> = []

    init(text: [UInt8], words: [CommandWord], readFile: ((String) -> [UInt8]?)?) {
        self.text = text
        self.words = words
        self.readFile = readFile
    }

    mutating func parse() throws(CurlCommandError) -> CurlCommand {
        guard let first = words.first else {
            throw CurlCommandError(.empty, "there is no command", hint: "give the complete curl command")
        }
        let name = first.bytes.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.last.map(Array.init) ?? []
        guard ["curl", "curl.exe"].contains(String(decoding: name, as: UTF8.self).lowercased()) else {
            throw error(
                .notCurl, first.offset, "the first word is not curl", hint: "give the complete curl command alone")
        }
        index = 1
        var onlyURLs = false
        while index < words.count {
            let word = words[index]
            index += 1
            if onlyURLs || word.bytes.first != UInt8(ascii: "-") {
                urls.append((word.bytes, word.offset))
            } else if word.bytes == Array("--".utf8) {
                onlyURLs = true
            } else if word.bytes.starts(with: "--".utf8) {
                try readLong(word)
            } else {
                try readShort(word)
            }
        }
        return try finish()
    }

    func error(
        _ code: CurlCommandError.Code, _ offset: Int, _ reason: String, hint: String
    ) -> CurlCommandError {
        CurlCommandError(code, at: TextPosition(of: offset, in: text), reason, hint: hint)
    }

    private mutating func readLong(_ word: CommandWord) throws(CurlCommandError) {
        let bytes = word.bytes.dropFirst(2)
        let equals = bytes.firstIndex(of: UInt8(ascii: "="))
        let name = String(decoding: bytes[..<(equals ?? bytes.endIndex)], as: UTF8.self)
        let attached = equals.map { Array(bytes[($0 + 1)...]) }
        if let option = CurlOption.byLong[name] {
            try use(option, attached: attached, word.offset)
        } else if name.hasPrefix("no-"), let option = CurlOption.byLong[String(name.dropFirst(3))], !option.takesValue {
            if option.treatment == .used { setFlag(option.long, to: false) }
        } else {
            throw unknown("--" + Self.harmless(name), word.offset)
        }
    }

    /// Of a word that is no option: what an option's name may consist of, cut where a known option's value may begin.
    private static func harmless(_ name: String) -> String {
        let plain = name.prefix(40).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
        let known = CurlOption.byLong.values.filter { $0.takesValue && plain.hasPrefix($0.long) }.map(\.long)
        return known.max { $0.count < $1.count } ?? String(plain)
    }

    private mutating func readShort(_ word: CommandWord) throws(CurlCommandError) {
        guard word.bytes.count > 1 else {
            throw error(.unsupportedOption("-"), word.offset, "a lone dash", hint: "give the URL itself")
        }
        var place = 1
        while place < word.bytes.count {
            let letter = word.bytes[place]
            place += 1
            guard let option = CurlOption.byShort[letter] else {
                throw unknown((33...126).contains(letter) ? "-\(UnicodeScalar(letter))" : "-?", word.offset)
            }
            if option.takesValue {
                let rest = Array(word.bytes[place...])
                return try use(option, attached: rest.isEmpty ? nil : rest, word.offset)
            }
            try use(option, attached: nil, word.offset)
        }
    }

    private func unknown(_ name: String, _ offset: Int) -> CurlCommandError {
        error(
            .unknownOption(name), offset, "curl has no option \(name)",
            hint: "correct it, or leave it out if the request fails without it too")
    }

    private mutating func use(_ option: CurlOption, attached: [UInt8]?, _ offset: Int) throws(CurlCommandError) {
        let name = "--" + option.long
        if option.treatment == .unsupported {
            throw error(
                .unsupportedOption(name), offset, "the option \(name) is not supported",
                hint: "give a command that sends one plain HTTP request with its values in the command itself")
        }
        guard option.takesValue else {
            guard attached == nil else {
                throw error(
                    .invalidValue(name), offset, "the option \(name) takes no value", hint: "leave the value out")
            }
            if option.treatment == .warned { warn(name) }
            return setFlag(option.long, to: true)
        }
        var value = attached
        if value == nil, index < words.count {
            value = words[index].bytes
            index += 1
        }
        guard let value else {
            throw error(
                .missingValue(name), offset, "the option \(name) lacks its value", hint: "copy the whole command")
        }
        switch option.treatment {
        case .used: try setValue(CurlValue(option: name, bytes: value, offset: offset))
        case .warned: warn(name)
        case .ignored, .unsupported: break
        }
    }

    private mutating func warn(_ name: String) {
        if warnedOptions.insert(name).inserted { command.warnings.append("the option \(name) is left out") }
    }

    private mutating func setFlag(_ name: String, to value: Bool) {
        switch name {
        case "get": sendsDataInURL = value
        case "head": isHead = value
        case "location", "location-trusted": command.followsRedirects = value
        case "insecure": command.isInsecure = value
        case "compressed": command.isCompressed = value
        case "http1.0": command.version = .http10
        case "http1.1": command.version = .http11
        case "http2", "http2-prior-knowledge": command.version = .http2
        case "ipv4": command.family = .ipv4
        case "ipv6": command.family = .ipv6
        case "netrc", "netrc-optional":
            if case .none = command.login, value { command.login = .netrc(file: nil) }
        case "globoff": globs = !value
        case "path-as-is": resolvesDots = !value
        default: break
        }
    }
}

/// The value of an option with the place to blame.
struct CurlValue {
    /// `--name`.
    var option: String
    var bytes: [UInt8]
    var offset: Int
}
