/// An address and a port as a log prints them.
public struct LoggedEndpoint: Hashable, Sendable {
    /// An IP address as a rule, without brackets; a name where the log prints one.
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// The two ends of a connection to a backend, from the dump of a channel in a log record.
///
/// Two forms are known: `SSLClientChannel[C:ADDR:PORT Remote host:ADDR:PORT]` and
/// `SSLClientChannel[Connected: Remote:ADDR:PORT Local:ADDR:PORT]`. In the second one the backend is the remote end. It
/// is not settled which of the first form's two is the backend, so there the ports decide.
public struct ChannelAddresses: Hashable, Sendable {
    /// The address after `Remote:` or `Remote host:`.
    public let remote: LoggedEndpoint?
    /// The address after `C:` or `Local:`.
    public let other: LoggedEndpoint?
    /// Whether the form tells for certain which end is the backend.
    public let isRemoteCertain: Bool

    /// Both ends, the likely backend first.
    public var candidates: [LoggedEndpoint] {
        let backend = backend(knownPorts: [])
        return [remote, other].compactMap(\.self).sorted { $0 == backend && $1 != backend }
    }

    /// Whether neither the form nor the ports tell which end is the backend.
    var isUndecided: Bool {
        guard let remote, let other, !isRemoteCertain else { return false }
        return (remote.port < Self.firstEphemeralPort) == (other.port < Self.firstEphemeralPort)
    }

    /// Linux gives connecting sockets ports from here on (net.ipv4.ip_local_port_range).
    private static let firstEphemeralPort = 32_768

    /// The backend's end.
    ///
    /// - Parameter knownPorts: ports of the target endpoint or target server, when they are known: an end with such a
    ///   port is the backend. Otherwise it is the end whose port is not ephemeral, otherwise the remote one.
    public func backend(knownPorts: Set<Int>) -> LoggedEndpoint? {
        guard let remote, let other else { return remote ?? other }
        if isRemoteCertain { return remote }
        let known = [remote, other].filter { knownPorts.contains($0.port) }
        if known.count == 1 { return known[0] }
        let service = [remote, other].filter { $0.port < Self.firstEphemeralPort }
        return service.count == 1 ? service[0] : remote
    }

    /// Finds the first dump of a client channel in a record.
    init?(_ bytes: Span<UInt8>) {
        guard let mark = bytes.firstIndex(of: Self.mark) else { return nil }
        let start = mark + Self.mark.count
        let dump = bytes.extracting(start..<min(bytes.count, start + 512))
        let words = Self.words(dump)
        var remote: LoggedEndpoint?
        var other: LoggedEndpoint?
        var isConnectedForm = false
        for (index, word) in words.enumerated() {
            if let value = Self.value(word, after: "Remote:") {
                remote = remote ?? Self.endpoint(value.isEmpty ? words[safe: index + 1] ?? "" : value)
                isConnectedForm = true
            } else if let value = Self.value(word, after: "host:") {
                remote = remote ?? Self.endpoint(value)
            } else if let value = Self.value(word, after: "Local:") {
                other = other ?? Self.endpoint(value.isEmpty ? words[safe: index + 1] ?? "" : value)
            } else if let value = Self.value(word, after: "C:") {
                other = other ?? Self.endpoint(value)
            }
        }
        guard remote != nil || other != nil else { return nil }
        self.remote = remote
        self.other = other
        isRemoteCertain = isConnectedForm && remote != nil
    }

    private static let mark = Array("ClientChannel[".utf8)

    /// The words of the dump up to the bracket that closes it; brackets of IPv6 addresses may stand inside.
    private static func words(_ bytes: Span<UInt8>) -> [String] {
        var depth = 1
        var end = 0
        while end < bytes.count {
            if bytes[end] == UInt8(ascii: "[") { depth += 1 }
            if bytes[end] == UInt8(ascii: "]") { depth -= 1 }
            if depth == 0 { break }
            end += 1
        }
        return bytes.bytes(0..<end).split(whereSeparator: \.isSpace).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func value(_ word: String, after label: String) -> String? {
        word.hasPrefix(label) ? String(word.dropFirst(label.count)) : nil
    }

    /// Splits `ADDR:PORT`; Java's `name/ADDR:PORT` and `/ADDR:PORT` give the address.
    private static func endpoint(_ text: String) -> LoggedEndpoint? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = Int(digits),
            (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if let slash = host.lastIndex(of: "/"), host.index(after: slash) < host.endIndex {
            host = host[host.index(after: slash)...]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        return LoggedEndpoint(host: String(host), port: port)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
