/// Follows the fields of a ClientHello or ServerHello byte by byte (RFC 8446 section 4.1) and tells which to keep.
///
/// All is kept but the contents of extensions that let a session be resumed.
struct HelloWalker {
    private enum Field {
        case version, random
        case sessionLength, session
        case suitesLength, suites
        case compressionLength, compression
        case extensionsLength
        case extensionType, extensionLength, extensionBody
    }

    /// srp (a user name), session_ticket, pre_shared_key, cookie: bearer material of the one or the other side.
    private static func isSecret(_ type: Int) -> Bool { type == 12 || type == 35 || type == 41 || type == 44 }

    private let isClient: Bool
    private var field = Field.version
    /// Bytes of the field that are still to come.
    private var remaining = 2
    private var number = 0
    private var extensionType = 0
    private var isSecret: Bool { HelloWalker.isSecret(extensionType) }

    /// Bytes of secret extensions seen.
    private(set) var secretBytes = 0

    init(isClient: Bool) { self.isClient = isClient }

    /// Takes the next byte of the message and tells whether it may stay.
    mutating func keeps(_ byte: UInt8) -> Bool {
        let keep = field != .extensionBody || !isSecret
        if !keep { secretBytes += 1 }
        number = (number << 8 | Int(byte)) & 0xFF_FFFF
        remaining -= 1
        while remaining <= 0 { advance() }
        return keep
    }

    private mutating func enter(_ next: Field, _ length: Int) {
        field = next
        remaining = length
        number = 0
    }

    private mutating func advance() {
        let value = number
        switch field {
        case .version: enter(.random, 32)
        case .random: enter(.sessionLength, 1)
        case .sessionLength: enter(.session, value)
        case .session: if isClient { enter(.suitesLength, 2) } else { enter(.suites, 2) }
        case .suitesLength: enter(.suites, value)
        case .suites: if isClient { enter(.compressionLength, 1) } else { enter(.compression, 1) }
        case .compressionLength: enter(.compression, value)
        case .compression: enter(.extensionsLength, 2)
        case .extensionsLength: enter(.extensionType, 2)
        case .extensionType:
            extensionType = value
            enter(.extensionLength, 2)
        case .extensionLength: enter(.extensionBody, value)
        case .extensionBody: enter(.extensionType, 2)
        }
    }
}
