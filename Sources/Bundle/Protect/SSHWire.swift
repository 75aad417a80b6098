/// The data types of SSH's wire format (RFC 4251, section 5) that keys and signatures are made of.
struct SSHWire {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> [UInt8]? {
        guard let count = uint32(), rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }

    mutating func text() -> String? { string().flatMap { String(validating: $0, as: UTF8.self) } }

    mutating func take(_ bytes: [UInt8]) -> Bool {
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    static func uint32(_ value: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] { uint32(bytes.count) + bytes }
    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
}

/// An Ed25519 public key as SSH writes it.
struct SSHPublicKey: Sendable, Equatable {
    static let kind = "ssh-ed25519"
    let raw: [UInt8]

    var wire: [UInt8] { SSHWire.string(SSHPublicKey.kind) + SSHWire.string(raw) }

    init?(wire: [UInt8]) {
        var reader = SSHWire(wire)
        guard reader.text() == SSHPublicKey.kind, let raw = reader.string(), raw.count == 32, reader.rest.isEmpty else {
            return nil
        }
        self.raw = raw
    }

    init?(raw: [UInt8]) {
        guard raw.count == 32 else { return nil }
        self.raw = raw
    }
}
