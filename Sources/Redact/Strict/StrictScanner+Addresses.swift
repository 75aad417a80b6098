/// IP and hardware addresses.
extension StrictScanner {
    /// An address that starts with the word, or with the colons before it.
    mutating func address(_ start: Int, _ end: Int) -> Int? {
        guard window[start].isHex else { return embedded(start, end) }
        let before = window[start - 1]
        if before == .colon, window[start - 2] == .colon, !window[start - 3].isWord, window[start - 3] != .colon,
            let v6 = AddressText.ipv6(window, start - 2)
        {
            return take(v6: v6.value, start - 2, v6.end)
        }
        let isFirst = before != .colon || !window[start - 2].isHex || isLabel(start - 1)
        if isFirst,
            window[start + 2] == .colon || window[start + 2] == .dash || window[start + 2] == .percent
                || window[start + 4] == .dot, let mac = AddressText.mac(window, start), !isNumbered(start)
        {
            replace(start, mac.end, pseudonyms.text(mac: mac.value), "mac-address")
            return mac.end
        }
        if isFirst, let v6 = AddressText.ipv6(window, start) { return take(v6: v6.value, start, v6.end) }
        return (window[start].isDigit ? numbers(start, end) : nil) ?? embedded(start, end)
    }

    /// An IPv4 address behind the dash or underscore of a word: `tcpdump_10.1.2.3.pcap`. Public ones are versions there.
    private mutating func embedded(_ start: Int, _ end: Int) -> Int? {
        guard end - start >= 9, (start..<end).contains(where: { window[$0] == .dot }) else {
            return nil
        }
        for place in (start + 1)..<end where window[place].isDigit && window[place - 1].isOne(of: "-_") {
            guard let v4 = AddressText.ipv4(window, place), Self.isPrivate(v4.value) || isOfFile(v4.end),
                !window[v4.end].isLetter,
                !(window.has("ip-", at: place - 3) && !window[place - 4].isAlphanumeric)
            else { continue }
            replace(place, v4.end, pseudonyms.text(ipv4: v4.value), "ip-address")
            return v4.end
        }
        return nil
    }

    /// Whether a file's name goes on: `_8443.txt`, `.log`.
    private func isOfFile(_ end: Int) -> Bool {
        if window[end] == 0x5F { return window[end + 1].isDigit }
        return window[end] == .dot
            && ["log", "txt", "pcap", "pcapng", "pem", "json"].contains(folded(end + 1, wordEnd(end)))
    }

    /// Whether the colon at `place` ends a word such as `Remote:`, not a group of an address.
    private func isLabel(_ place: Int) -> Bool {
        var first = place
        while place - first < 24, WordBytes.holds(window[first - 1]) { first -= 1 }
        return place - first > 4 || (first..<place).contains { !window[$0].isHex }
    }

    /// Groups of digits behind `serial` and the like are no hardware address.
    private func isNumbered(_ start: Int) -> Bool {
        let context = folded(max(start - 48, window.lineStart(start)), start)
        return ["serial", "fingerprint", "sha", "md5", "digest", "keyid", "key id"].contains { context.contains($0) }
    }

    private mutating func take(v6 value: UInt128, _ start: Int, _ end: Int) -> Int {
        var text = pseudonyms.text(ipv6: value)
        if let length = prefixLength(end, most: 128), let network = network(value, length, of: 128) {
            text = pseudonyms.text(network: network)
        }
        replace(start, end, text, "ip-address")
        return end
    }

    /// IPv4 addresses in a word: at its start, and behind a dash or underscore.
    private mutating func numbers(_ start: Int, _ end: Int) -> Int? {
        guard let v4 = AddressText.ipv4(window, start) else { return endpoint(start, end) }
        // The word goes on: `10.1.2.3-10.1.2.9`, `10.1.2.3.log`, but not `1.2.3.4a`.
        let next = window[v4.end]
        let isPrivate = Self.isPrivate(v4.value)
        guard !next.isWord || next == 0x5F, !isOfVersion(start, v4.end, isPrivate: isPrivate) else { return end }
        if next == .dot, window[v4.end + 1].isLetter, !isPrivate, !isFileEnding(v4.end + 1) { return end }
        var text = pseudonyms.text(ipv4: v4.value)
        if let length = prefixLength(v4.end, most: 32), let network = network(UInt128(v4.value), length, of: 32) {
            text = pseudonyms.text(network: network)
        }
        replace(start, v4.end, text, "ip-address")
        if next.isBlank, let last = hostsLine(start, v4.end) { return last }
        return v4.end + (next == .dash || next == 0x5F ? 1 : 0)
    }

    /// `10.1.2.3.8443 >`, as tcpdump writes an address and a port.
    private mutating func endpoint(_ start: Int, _ end: Int) -> Int? {
        guard let dot = portDot(start, end), let v4 = AddressText.ipv4(window.upTo(dot), start), v4.end == dot else {
            return nil
        }
        replace(start, dot, pseudonyms.text(ipv4: v4.value), "ip-address")
        return end
    }

    /// The dot before a port, where tcpdump names an end of a connection.
    func portDot(_ start: Int, _ end: Int) -> Int? {
        guard window[end] == .colon || window.has(" >", at: end), window[start - 1] == .space,
            window.has("IP ", at: start - 3) || window.has("> ", at: start - 2)
                || window.has("IP6 ", at: start - 4), let dot = (start..<end).last(where: { window[$0] == .dot })
        else { return nil }
        return end - dot <= 6 && ((dot + 1)..<end).allSatisfy { window[$0].isDigit } && dot + 1 < end ? dot : nil
    }

    private func isFileEnding(_ start: Int) -> Bool { KnownNames.fileEndings.contains(folded(start, wordEnd(start))) }

    static func isPrivate(_ address: UInt32) -> Bool {
        address >> 24 == 10 || address >> 20 == 0xAC1 || address >> 16 == 0xC0A8 || address >> 22 == 0x6440_0000 >> 22
    }

    /// Numbers of versions and object identifiers look like addresses.
    private func isOfVersion(_ start: Int, _ end: Int, isPrivate: Bool) -> Bool {
        // Attribute types and certificate extensions (RFC 4514, RFC 5280).
        if window.has("2.5.4.", at: start) || window.has("2.5.29.", at: start) { return window[end] != .colon }
        if window[end] == .colon, window[end + 1].isDigit { return false }
        let before = window[start - 1]
        if before == .slash, !isPrivate {
            // `Chrome/119.0.0.0`, but Java's `host/203.0.113.7`.
            var first = start - 1
            while start - first < 40, window[first - 1].isLetter { first -= 1 }
            return first < start - 1 && !WordBytes.holds(window[first - 1])
                && (window[first].isUpper
                    || ["curl", "openssl", "nginx", "wget", "java", "jdk", "okhttp", "php"].contains(
                        folded(first, start - 1)))
        }
        let context = folded(max(window.lineStart(start), start - 24), start)
        let words = context.split { !$0.isLetter }
        guard let last = words.last else { return false }
        if !isPrivate, last == "edge" || last == "apigee" { return true }
        let marks = ["ver", "versions", "release", "revision", "build", "jvm", "runtime", "kernel"]
        return last.hasSuffix("version") || marks.contains { last == $0 }
    }

    /// `/24` behind an address.
    private func prefixLength(_ end: Int, most: Int) -> Int? {
        guard window[end] == .slash, window[end + 1].isDigit else { return nil }
        var position = end + 1
        var length = 0
        while window[position].isDigit, position - end < 5 {
            length = length * 10 + Int(window[position] - 0x30)
            position += 1
        }
        return length <= most && !window[position].isWord ? length : nil
    }

    private func network(_ value: UInt128, _ length: Int, of width: Int) -> Pseudonymizer.Network? {
        let hosts: UInt128 = width == length ? 0 : UInt128.max >> UInt128(128 - width + length)
        return value & hosts == 0 ? .init(value: value, hosts: hosts, isIPv6: width == 128) : nil
    }

    /// `10.1.2.3 mp01.acme.com mp01`, a line of `/etc/hosts`: nothing but names behind an address.
    private mutating func hostsLine(_ start: Int, _ end: Int) -> Int? {
        guard window.lineStart(start) == start else { return nil }
        var found: [(start: Int, end: Int)] = []
        var position = window.skipBlanks(end)
        let line = window.lineEnd(end)
        while position < line, window[position] != UInt8(ascii: "#") {
            let last = wordEnd(position)
            guard last > position, window[last].isBlank || last == line, found.count < 16 else { return nil }
            found.append((position, last))
            position = window.skipBlanks(last)
        }
        let words = found.map { folded($0.start, $0.end) }
        let dotted = words.filter { $0.utf8.contains(.dot) && !$0.utf8.allSatisfy { $0.isDigit || $0 == .dot } }
        guard !words.isEmpty,
            words.allSatisfy({ word in
                dotted.contains(word) || KnownNames.isMachine(word) || dotted.contains { $0.hasPrefix(word + ".") }
            })
        else { return nil }
        for place in found { certainHost(place.start, place.end) }
        return found.last?.end
    }
}
