/// Names in packets must be as long as what they stand for. Each label of a host shows the first digits of the pseudonym
/// that text gives it, so that `mp-5f2a9c31…` in a log and `5f2a` in a capture can be told to be the same.
extension Pseudonymizer: PacketPseudonyms {
    func captured(host name: String) -> String {
        var host = name.lowercased()
        var (before, after) = ("", "")
        if host.hasPrefix("*.") { (before, host) = ("*.", String(host.dropFirst(2))) }
        if host.hasSuffix(".") { (after, host) = (".", String(host.dropLast())) }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard !host.isEmpty, !KnownNames.keeps(host: host, labels: labels) else { return name }
        guard labels.count > 1 else { return before + filled(digits(.host, host), like: host) + after }
        let count = KnownNames.registeredLabels(labels)
        let registered = labels.suffix(count)
        let whole = registered.joined(separator: ".")
        var text = filled(digits(.domain, whole), like: whole)
        if let top = labels.last, KnownNames.isTopLevel(top) { text = String(text.dropLast(top.count)) + String(top) }
        var rest = labels.dropLast(count)
        let first = before.isEmpty ? rest.popFirst() : nil
        if !rest.isEmpty {
            let middle = rest.joined(separator: ".")
            text = filled(digits(.subdomain, middle), like: middle) + "." + text
        }
        if let first { text = filled(digits(.host, String(first)), like: String(first)) + "." + text }
        return before + text + after
    }

    func captured(commonName name: String) -> String {
        let host = name.lowercased()
        let isName = host.utf8.allSatisfy {
            $0.isAlphanumeric || $0 == .dash || $0 == .dot || $0 == UInt8(ascii: "_") || $0 == 0x2A
        }
        if host.contains("@") { return captured(person: name) }
        if isName, host.contains(".") || KnownNames.isMachine(host) { return captured(host: name) }
        return KnownNames.isPerson(name) ? captured(person: name) : name
    }

    func captured(person name: String) -> String {
        guard let at = name.lastIndex(of: "@") else { return filled(digits(.user, name.lowercased()), like: name) }
        let host = String(name[name.index(after: at)...])
        return filled(digits(.user, name[..<at].lowercased()), like: String(name[..<at])) + "@" + captured(host: host)
    }

    /// The digits over and over, as many bytes as the text has, with its dots in their places.
    private func filled(_ digits: String, like text: String) -> String {
        let digits = Array(digits.utf8)
        var index = 0
        let bytes = text.utf8.map { byte -> UInt8 in
            guard byte != .dot else { return byte }
            defer { index += 1 }
            return digits[index % digits.count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
