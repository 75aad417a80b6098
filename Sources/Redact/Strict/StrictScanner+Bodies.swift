/// Where bodies of requests and responses start.
extension StrictScanner {
    /// Members of JSON documents, such as traces and HAR files, whose text is a body.
    private static let members: Set<String> = [
        "content", "body", "payload", "requestbody", "responsebody", "request_body", "response_body", "postdata",
        "rawbody", "request.content", "response.content", "message.content", "error.content",
    ]

    /// Sets ``body`` if one starts behind the word.
    mutating func bodyStart(_ start: Int, _ end: Int) -> Int? {
        let next = window[end]
        var place = element(start, end) ?? argument(start, end)
        if place == nil, next == .equals || next.isQuote || next == .backslash || next == .ampersand || next == .percent
        {
            place = variable(start, end) ?? member(start, end)
        }
        if let place {
            body = place
            return place.start
        }
        return nil
    }

    /// `<Content>…</Content>` of a trace, also with attributes.
    private func element(_ start: Int, _ end: Int) -> StrictBody? {
        guard end - start == 7, window[start - 1] == .less, window.has("Content", at: start) else { return nil }
        guard let close = Angle.spellings[0].tagEnd(in: window, from: end), window[close - 1] != .slash else {
            return nil
        }
        return text(close + 1)
    }

    private func text(_ start: Int) -> StrictBody {
        let first = window.skipBlanks(start, lines: true)
        if window.has("<![CDATA[", at: first) { return StrictBody(end: .cdata, at: first + 9) }
        return StrictBody(end: .tag, at: start)
    }

    /// A variable of a trace that holds a body: `name="request.content"`, with the value behind or before it.
    private func variable(_ start: Int, _ end: Int) -> StrictBody? {
        if window.has("value", at: start), end - start == 5, let place = value(behind: end, isOption: false),
            let quote = place.quote
        {
            // `<Get value="…" name="request.content"/>`
            guard window[start - 1] == .space else { return nil }
            guard case .closed(_, let after) = quote.end(in: window, from: place.start, multiline: true) else {
                // The name is out of sight: nothing but a body is that long.
                let isVariable = window.endsFolded("<get ", before: start) || window.endsFolded("<set ", before: start)
                return isVariable ? StrictBody(end: .quote(quote, isAttribute: true), at: place.start) : nil
            }
            let name = window.skipBlanks(after)
            guard window.has("name=", at: name), let open = Quote(in: window, at: name + 5) else { return nil }
            let first = name + 5 + open.length(in: window, at: name + 5)
            return isBodyVariable(folded(first, wordEnd(first)))
                ? StrictBody(end: .quote(quote, isAttribute: true), at: place.start) : nil
        }
        guard isBodyVariable(folded(start, end)), Quote.before(start, in: window) != nil else { return nil }
        guard let place = value(behind: end, isOption: false) else { return nil }
        if place.separator == .markup { return text(place.start) }
        return place.quote.map {
            StrictBody(end: .quote($0, isAttribute: place.separator == .equals), at: place.start)
        }
    }

    private func isBodyVariable(_ name: String) -> Bool {
        name.hasSuffix(".content") || name.hasSuffix(".payload") || name.hasSuffix(".body")
    }

    private func member(_ start: Int, _ end: Int) -> StrictBody? {
        guard end - start >= 4, end - start <= 16 else { return nil }
        let name = folded(start, end)
        guard Self.members.contains(name) || name == "text" && isHAR(start) || name == "value" && isParameter(start),
            let before = Quote.before(start, in: window), before.quote.mark != .single,
            let place = value(behind: end, isOption: false), place.separator == .colon, let quote = place.quote
        else { return nil }
        return StrictBody(end: .quote(quote, isAttribute: false), at: place.start)
    }

    /// In HAR, texts belong to `content` and `postData`, both of which name a media type.
    private func isHAR(_ start: Int) -> Bool {
        format == .har || window.findFolded("\"mimetype\"", from: start - 512, to: start) != nil
    }

    /// In HAR, the values of `params` are parts of a form.
    private func isParameter(_ start: Int) -> Bool {
        guard format == .har else { return false }
        func last(_ name: StaticString) -> Int {
            var found = -1
            var from = start - 2_048
            while let next = window.findFolded(name, from: from, to: start) { (found, from) = (next, next + 1) }
            return found
        }
        let params = last("\"params\"")
        return params >= 0 && params > last("\"headers\"") && params > last("\"cookies\"")
            && params > last("\"querystring\"")
    }

    // MARK: - curl

    private static let options: Set<String> = [
        "--data", "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode", "--json", "--form",
        "--form-string",
        "-d", "-F",
    ]

    /// `curl … -d '…'`, up to the end of the command.
    private mutating func argument(_ start: Int, _ end: Int) -> StrictBody? {
        if end - start == 4, window.has("curl", at: start), window[end].isSpace, !window[start - 1].isWord {
            state.commandUntil = commandEnd(end)
            return nil
        }
        guard start < state.commandUntil, window[start] == .dash else { return nil }
        let option = text(start, end)
        var position: Int
        if Self.options.contains(option) || Self.isCluster(option) {
            position = window[end] == .equals && option.hasPrefix("--") ? end + 1 : window.skipBlanks(end)
            guard position > end || Quote(in: window, at: end) != nil else { return nil }
        } else if option.hasPrefix("-d"), !option.hasPrefix("--"), option.utf8.count > 2 {
            position = start + 2
        } else {
            return nil
        }
        if window[position] == .dollar, window[position + 1] == .singleQuote { position += 1 }
        if let quote = Quote(in: window, at: position) {
            return StrictBody(
                end: .quote(quote, isAttribute: false), at: position + quote.length(in: window, at: position))
        }
        return position < window.upper && !window[position].isSpace ? StrictBody(end: .blank, at: position) : nil
    }

    /// `-sd`: switches without a value before the one that has one.
    private static func isCluster(_ option: String) -> Bool {
        let letters = option.utf8.dropFirst()
        return option.utf8.count <= 6 && letters.last == UInt8(ascii: "d")
            && letters.dropLast().allSatisfy { $0.isOne(of: "sSkivLfgGN") }
    }

    /// The end of the line, or of the last one that a backslash continues.
    private func commandEnd(_ start: Int) -> Int {
        var end = window.lineEnd(start)
        while end < window.upper,
            window[end - 1] == .backslash || window[end - 1] == .carriageReturn && window[end - 2] == .backslash
        {
            end = window.lineEnd(end + 1)
        }
        return end
    }
}
