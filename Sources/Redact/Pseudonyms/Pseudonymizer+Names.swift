internal import Packets

extension Pseudonymizer {
    /// The prefixes of addresses in text.
    static let addressPrefix = "ip-"
    static let macPrefix = "mac-"

    /// `ip-10.81.3.77`: how an IPv4 address is shown. Addresses that stay as they are have no prefix.
    public func text(ipv4 address: UInt32) -> String {
        remembered(address) {
            shown(IPAddress(v4: address), IPAddress(v4: ipv4(address)), prefix: Self.addressPrefix)
        }
    }

    /// `ip-2001:db8::1`: how an IPv6 address is shown.
    public func text(ipv6 address: UInt128) -> String {
        shown(IPAddress(v6: address), IPAddress(v6: ipv6(address)), prefix: Self.addressPrefix)
    }

    /// `mac-02:5e:10:00:00:53`.
    public func text(mac address: UInt64) -> String {
        let result = mac(address)
        let (before, after) = (Self.description(mac: address), Self.description(mac: result))
        guard before != after else { return before }
        journal?.note(Self.macPrefix + after, before)
        return Self.macPrefix + after
    }

    static func description(mac address: UInt64) -> String {
        (0..<6).map { RuleSet.hex([UInt8(truncatingIfNeeded: address >> UInt64(40 - 8 * $0))]) }.joined(separator: ":")
    }

    static func description(_ value: UInt128, width: Int) -> String {
        (width == 128 ? IPAddress(v6: value) : IPAddress(v4: UInt32(truncatingIfNeeded: value))).description
    }

    fileprivate func shown(_ before: IPAddress, _ after: IPAddress, prefix: String) -> String {
        guard before != after else { return before.description }
        let text = prefix + after.description
        journal?.note(text, before.description)
        return text
    }

    /// What stands for a host name, or the name itself if it tells nothing (`localhost`, `api.enterprise.apigee.com`).
    ///
    /// `mp01.dc1.acme.com` becomes `mp-<hex>.sub-<hex>.dom-<hex>.com`: the first part stands for `mp01` and is the same
    /// for the short name; the parts behind are the same for all hosts below; role and top-level domain stay readable.
    public func text(host name: String) -> String {
        remembered(name) { made(host: name) }
    }

    private func made(host name: String) -> String {
        var host = name.lowercased()
        if host.hasPrefix(Self.addressPrefix), Self.isShownAddress(host) { return name }
        var before = ""
        var after = ""
        if host.hasPrefix("*.") { (before, host) = ("*.", String(host.dropFirst(2))) }
        if host.hasSuffix(".") { (after, host) = (".", String(host.dropLast())) }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard !host.isEmpty, labels.allSatisfy({ !$0.isEmpty }), !KnownNames.keeps(host: host, labels: labels),
            !Self.isPseudonym(host: host)
        else { return name }
        let text = pseudonym(host, labels, isName: before.isEmpty)
        journal?.note(text, host)
        return before + text + after
    }

    private func pseudonym(_ host: String, _ labels: [Substring], isName: Bool) -> String {
        guard labels.count > 1 else { return single(labels[0]) }
        let registered = labels.suffix(KnownNames.registeredLabels(labels)).joined(separator: ".")
        var text = "dom-" + digits(.domain, registered)
        journal?.note(text, registered)
        if let top = labels.last, KnownNames.isTopLevel(top) { text += ".\(top)" }
        var rest = labels.dropLast(KnownNames.registeredLabels(labels))
        let first = isName ? rest.popFirst() : nil
        if !rest.isEmpty {
            let middle = rest.joined(separator: ".")
            let label = "sub-" + digits(.subdomain, middle)
            journal?.note(label, middle)
            text = label + "." + text
        }
        return first.map { single($0) + "." + text } ?? text
    }

    /// The pseudonym of a first label or short name.
    private func single(_ label: Substring) -> String {
        let text = KnownNames.role(label) + "-" + digits(.host, String(label))
        journal?.note(text, String(label))
        return text
    }

    /// What stands for a user, or the name itself where every installation has it (`root`, `apigee`).
    public func text(user name: String) -> String {
        let user = name.lowercased()
        guard !user.isEmpty, !KnownNames.keeps(user: user), !Self.isPseudonym(label: user) else { return name }
        let text = "user-" + digits(.user, user)
        journal?.note(text, name)
        return text
    }

    /// What stands for an e-mail address in a distinguished name.
    public func text(email address: String) -> String {
        guard let at = address.lastIndex(of: "@") else { return text(user: address) }
        return text(user: String(address[..<at])) + "@" + text(host: String(address[address.index(after: at)...]))
    }

    /// True for a name whose parts all are pseudonyms, but for a public top-level domain.
    static func isPseudonym(host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, let first = labels.first, isPseudonym(label: first) else { return false }
        return labels.dropLast().allSatisfy { isPseudonym(label: $0) }
            && (isPseudonym(label: last) || KnownNames.isTopLevel(last))
    }

    /// `ip-10.1.2.3`
    private static func isShownAddress(_ text: String) -> Bool {
        let start = addressPrefix.utf8.count
        return Window.over(Array(text.utf8)) { window in
            let end = AddressText.ipv4(window, start)?.end ?? AddressText.ipv6(window, start)?.end
            return end == window.upper
        }
    }

    static func isPseudonym(user: [UInt8]) -> Bool { user.starts(with: "user-".utf8) && isPseudonym(label: user.text) }

    /// `<word>-<16 hex>`.
    static func isPseudonym(label: some StringProtocol) -> Bool {
        let bytes = Array(label.utf8)
        guard bytes.count >= 18, bytes[bytes.count - 17] == .dash, bytes[0].isLower else { return false }
        return bytes.suffix(16).allSatisfy { $0.isDigit || (0x61...0x66).contains($0) }
            && bytes.dropLast(17).allSatisfy { $0.isLower || $0 == .dash }
    }
}

extension IPAddress {
    init(v6 address: UInt128) {
        self.init(v6High: UInt64(truncatingIfNeeded: address >> 64), low: UInt64(truncatingIfNeeded: address))
    }
}

extension Pseudonymizer {
    /// A range of addresses that is written with a prefix length.
    struct Network {
        let value: UInt128
        /// The bits below the prefix.
        let hosts: UInt128
        let isIPv6: Bool
    }

    /// The network in which the pseudonyms of a network's addresses lie.
    func text(network: Network) -> String {
        let mapped = network.isIPv6 ? ipv6(network.value) : UInt128(ipv4(UInt32(truncatingIfNeeded: network.value)))
        func address(_ value: UInt128) -> IPAddress {
            network.isIPv6 ? IPAddress(v6: value) : IPAddress(v4: UInt32(truncatingIfNeeded: value))
        }
        return shown(address(network.value), address(mapped & ~network.hosts), prefix: Self.addressPrefix)
    }
}
