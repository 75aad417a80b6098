internal import Crypto
internal import FoundationEssentials

/// The header of an encrypted file.
struct AgeHeader {
    static let version = "age-encryption.org/v1"
    /// Nobody's header is longer.
    static let maxBytes = 64 << 10

    var stanzas: [AgeStanza]

    private var unsigned: [UInt8] { Array((AgeHeader.version + "\n" + stanzas.map(\.text).joined() + "---").utf8) }

    private func code(_ fileKey: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: AgeCrypto.derive(fileKey, salt: [], info: "header"))
        return Array(HMAC<SHA256>.authenticationCode(for: unsigned, using: key))
    }

    func bytes(fileKey: [UInt8]) -> [UInt8] {
        unsigned + Array((" " + Base64.encode(code(fileKey), padded: false) + "\n").utf8)
    }

    init(stanzas: [AgeStanza]) { self.stanzas = stanzas }

    /// The header at the front of `bytes`, its message authentication code, and its size; nil if it breaks a rule.
    static func parse(_ bytes: [UInt8]) -> (header: AgeHeader, code: [UInt8], count: Int)? {
        var stanzas: [AgeStanza] = []
        var position = 0
        func line() -> String? {
            guard let end = bytes[position...].firstIndex(of: 0x0a) else { return nil }
            defer { position = end + 1 }
            let text = bytes[position..<end]
            return text.allSatisfy { (0x20...0x7e).contains($0) } ? String(decoding: text, as: UTF8.self) : nil
        }
        guard line() == version else { return nil }
        while let text = line() {
            if text.hasPrefix("--- ") {
                guard !stanzas.isEmpty, let code = Base64.decode(text.dropFirst(4), padded: false), code.count == 32
                else { return nil }
                return (AgeHeader(stanzas: stanzas), code, position)
            }
            let arguments = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard arguments.count > 1, arguments[0] == "->", !arguments.contains("") else { return nil }
            var body: [UInt8] = []
            while true {
                guard let text = line(), text.utf8.count <= 64, let piece = Base64.decode(text, padded: false) else {
                    return nil
                }
                body += piece
                if text.utf8.count < 64 { break }
            }
            stanzas.append(AgeStanza(arguments: Array(arguments.dropFirst()), body: body))
        }
        return nil
    }

    /// The file key, if one of the identities is meant and nothing of the header was changed.
    func open(_ identities: [AgeIdentity], code: [UInt8]) -> [UInt8]? {
        for stanza in stanzas {
            for identity in identities {
                guard let key = identity.unwrap(stanza) else { continue }
                let own = self.code(key)
                return zip(own, code).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0 ? key : nil
            }
        }
        return nil
    }
}

/// Encrypts a stream to recipients, chunk by chunk.
final class AgeWriter {
    private let chunks: ChunkCipher
    private var pending: [UInt8] = []
    private var counter: UInt64 = 0
    private let sink: MemberStream.Sink

    /// Writes the header. What `sink` throws, all calls throw.
    init(recipients: [AgeRecipient], sink: @escaping MemberStream.Sink) throws(BundleError) {
        guard !recipients.isEmpty else { throw BundleError(.badKey, "recipients", "there are none") }
        self.sink = sink
        let fileKey = AgeCrypto.random(16)
        var stanzas: [AgeStanza] = []
        for recipient in recipients { stanzas.append(try recipient.wrap(fileKey)) }
        let nonce = AgeCrypto.random(16)
        chunks = ChunkCipher(key: AgeCrypto.derive(fileKey, salt: nonce, info: "payload"))
        try sink(AgeHeader(stanzas: stanzas).bytes(fileKey: fileKey) + nonce)
    }

    func write(_ bytes: [UInt8]) throws(BundleError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full chunk is held back until more comes: the last one is marked.
            if pending.count == ChunkCipher.chunkBytes { try flush(isLast: false) }
            let piece = rest.prefix(ChunkCipher.chunkBytes - pending.count)
            pending += piece
            rest = rest.dropFirst(piece.count)
        }
    }

    func finish() throws(BundleError) { try flush(isLast: true) }

    private func flush(isLast: Bool) throws(BundleError) {
        try sink(try chunks.close(pending[...], counter: counter, isLast: isLast, subject: "bundle"))
        pending.removeAll(keepingCapacity: true)
        counter += 1
    }
}

/// The plain bytes of an encrypted file, from any place: a chunk is opened when it is needed, and checked then.
final class AgeBytes: BundleBytes {
    let count: Int
    private let outer: any BundleBytes
    private let name: String
    private let chunks: ChunkCipher
    /// Where the chunks begin.
    private let start: Int
    private let lastChunk: Int
    private var held: (number: Int, bytes: [UInt8])?

    static func recognizes(_ bytes: any BundleBytes) throws(BundleError) -> Bool {
        try bytes.read(at: 0, upTo: AgeHeader.version.utf8.count).elementsEqual(AgeHeader.version.utf8)
    }

    /// - Throws: ``BundleError`` `.encrypted` if no identity opens it, or the header was changed.
    init(_ outer: any BundleBytes, identities: [AgeIdentity], name: String) throws(BundleError) {
        guard !identities.isEmpty else {
            throw BundleError(
                .encrypted, name, "it is encrypted",
                hint: "give the key with --identity FILE, or open it with: age -d -i KEY -o FILE.tar.gz FILE.tar.gz.age"
            )
        }
        let head = try outer.read(at: 0, upTo: AgeHeader.maxBytes)
        guard let (header, code, size) = AgeHeader.parse(head) else {
            throw BundleError(.encrypted, name, "its header is no header of age")
        }
        guard let fileKey = header.open(identities, code: code) else {
            throw BundleError(
                .encrypted, name, "none of the identities opens it, or its header was changed",
                hint: "use the private key of one of its recipients")
        }
        let nonce = try outer.read(at: size, upTo: 16)
        start = size + 16
        let sealed = outer.count - start
        let step = ChunkCipher.chunkBytes + ChunkCipher.tagBytes
        guard nonce.count == 16, sealed >= ChunkCipher.tagBytes,
            sealed % step == 0 || sealed % step >= ChunkCipher.tagBytes
        else { throw BundleError(.encrypted, name, "it is cut off") }
        self.outer = outer
        self.name = name
        chunks = ChunkCipher(key: AgeCrypto.derive(fileKey, salt: nonce, info: "payload"))
        let number = (sealed + step - 1) / step
        lastChunk = number - 1
        count = sealed - number * ChunkCipher.tagBytes
        // The last chunk tells whether the file ends where it ended when it was written.
        _ = try chunk(lastChunk)
    }

    func read(at offset: Int, upTo wanted: Int) throws(BundleError) -> [UInt8] {
        var result: [UInt8] = []
        let end = min(count, offset + wanted)
        var position = offset
        while position < end {
            let number = position / ChunkCipher.chunkBytes
            let bytes = try chunk(number)
            let from = position - number * ChunkCipher.chunkBytes
            let piece = bytes[from..<min(bytes.count, from + end - position)]
            guard !piece.isEmpty else { throw BundleError(.encrypted, name, "it became shorter while it was read") }
            result += piece
            position += piece.count
        }
        return result
    }

    private func chunk(_ number: Int) throws(BundleError) -> [UInt8] {
        if let held, held.number == number { return held.bytes }
        let step = ChunkCipher.chunkBytes + ChunkCipher.tagBytes
        let sealed = try outer.read(at: start + number * step, upTo: step)
        guard
            let bytes = chunks.open(sealed, counter: UInt64(number), isLast: number == lastChunk),
            // An empty last chunk is only right in an empty file.
            !bytes.isEmpty || number == 0
        else { throw BundleError(.encrypted, name, "it was changed or cut after it was encrypted") }
        held = (number, bytes)
        return bytes
    }
}
