internal import Crypto
internal import FoundationEssentials

/// The reverse map: which name each pseudonym stands for. The customer keeps it; it never is part of a bundle, and holds
/// no secret. It is sealed with a key that is derived from the pseudonym key, so who has the key file can open it.
extension Pseudonymizer {
    private static let magic = Array("apigee-collect pseudonym map 1\n".utf8)

    /// The sealed map of what was replaced so far.
    ///
    /// - Parameter older: a map of the same key that this one adds to.
    /// - Throws: ``RedactionError`` `.badMap` when `older` can't be opened.
    public func sealedMap(adding older: [UInt8]? = nil) throws(RedactionError) -> [UInt8] {
        var names = try older.map { bytes throws(RedactionError) in try openMap(bytes) } ?? [:]
        names.merge(journal?.originals ?? [:]) { old, _ in old }
        // A name with a tab or line break is no name.
        let lines = names.filter { !$0.value.utf8.contains { $0 < 0x20 } }.map { "\($0.key)\t\($0.value)\n" }.sorted()
        do {
            let box = try ChaChaPoly.seal(
                Array(lines.joined().utf8), using: Self.derived(mapKey, "map"), authenticating: Self.magic)
            return Self.magic + box.combined
        } catch {
            throw RedactionError(.badMap, subject: "pseudonym map", reason: "it can't be sealed")
        }
    }

    /// What a sealed map says: originals by pseudonym.
    /// - Throws: ``RedactionError`` `.badMap` when it is no map, of another key, or changed.
    public func openMap(_ bytes: [UInt8]) throws(RedactionError) -> [String: String] {
        guard bytes.starts(with: Self.magic) else {
            throw RedactionError(
                .badMap, subject: "pseudonym map", reason: "the file is none",
                hint: "a map is written with --pseudonym-map FILE")
        }
        let text: [UInt8]
        do {
            let box = try ChaChaPoly.SealedBox(combined: bytes.dropFirst(Self.magic.count))
            text = Array(try ChaChaPoly.open(box, using: Self.derived(mapKey, "map"), authenticating: Self.magic))
        } catch {
            throw RedactionError(
                .badMap, subject: "pseudonym map", reason: "it was made with another key, or is damaged",
                hint: "give the key file of the run that wrote it: --pseudonym-key-file FILE")
        }
        var names: [String: String] = [:]
        for line in text.split(separator: .lineFeed) {
            let parts = line.split(separator: 0x09, maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
            if parts.count == 2 { names[parts[0]] = parts[1] }
        }
        return names
    }

    /// What a pseudonym stands for: addresses by the key alone, as text or captures show them; names by the map.
    public func original(of pseudonym: String, in map: [String: String]) -> String? {
        let name = pseudonym.lowercased()
        if let known = map[name] { return known }
        if name.hasPrefix("*.") { return original(of: String(name.dropFirst(2)), in: map).map { "*." + $0 } }
        if let address = originalAddress(name) { return address }
        if let at = name.firstIndex(of: "@") {
            guard let user = map[String(name[..<at])],
                let host = original(of: String(name[name.index(after: at)...]), in: map)
            else { return nil }
            return user + "@" + host
        }
        return originalHost(name, map)
    }

    private func originalAddress(_ name: String) -> String? {
        for prefix in [Self.addressPrefix, Self.macPrefix, ""] where name.hasPrefix(prefix) {
            var text = name.dropFirst(prefix.utf8.count)
            var length: Int?
            if let slash = text.firstIndex(of: "/") {
                length = Int(text[text.index(after: slash)...])
                text = text[..<slash]
            }
            let original: String? = Window.over(Array(text.utf8)) { window in
                if let mac = AddressText.mac(window, 0), mac.end == window.upper, prefix != Self.addressPrefix {
                    return Self.description(mac: originalMAC(mac.value))
                }
                if prefix == Self.macPrefix { return nil }
                if let v4 = AddressText.ipv4(window, 0), v4.end == window.upper {
                    return network(UInt128(originalIPv4(v4.value)), length, width: 32)
                }
                if let v6 = AddressText.ipv6(window, 0), v6.end == window.upper {
                    return network(originalIPv6(v6.value), length, width: 128)
                }
                return nil
            }
            if let original { return original }
        }
        return nil
    }

    private func network(_ value: UInt128, _ length: Int?, width: Int) -> String? {
        guard let length else { return Self.description(value, width: width) }
        guard (0...width).contains(length) else { return nil }
        let hosts: UInt128 = length == width ? 0 : UInt128.max >> UInt128(128 - width + length)
        return Self.description(value & ~hosts, width: width) + "/\(length)"
    }

    /// The parts of a host's name one by one: the whole may never have been seen.
    private func originalHost(_ name: String, _ map: [String: String]) -> String? {
        var parts: [String] = []
        for label in name.split(separator: ".") {
            guard let part = map[String(label)] else {
                // The readable top-level domain is part of what the domain's pseudonym stands for.
                guard !parts.isEmpty, KnownNames.isTopLevel(label) else { return nil }
                continue
            }
            parts.append(part)
        }
        return parts.isEmpty ? nil : parts.joined(separator: ".")
    }
}
