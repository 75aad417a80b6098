import Archive
import Redact

/// Containers: whole ones with a secret inside, cut or changed ones, and bytes that only begin like one.
enum ContainerFuzz: FuzzTarget {
    private static let kinds = ["zip", "tar", "gzip", "zstd", "bzip2", "xz", "raw"]

    static var seeds: [[UInt8]] {
        kinds.indices.flatMap { kind -> [[UInt8]] in
            if kinds[kind] == "raw" {
                return kinds.dropLast().map { [6, 50, 0] + pack($0, Array("a\npassword=hunter22\n".utf8)) }
            }
            return (0..<4).map { [UInt8(kind), 50, UInt8($0), 10, 10, 0, 9] + Array("<a>some text</a>".utf8) }
        }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let kind = input.choice(kinds)
        let chunk = Int(input.byte()) * 7 + 1
        let damage = input.byte()
        let secret = input.secret
        guard kind != "raw" else {
            check(input.rest(), .auto, secret: secret, chunk: chunk)
            return
        }
        let place = Int(input.byte()) << 8 | Int(input.byte())
        let planted = "\npassword=\(secret)\n"
        var packed = pack(kind, input.rest(with: planted))
        let isPlain = holds(packed, planted)
        switch damage & 3 {
        case 1: packed = Array(packed.prefix(place % packed.count))
        case 2: packed[place % packed.count] ^= damage >> 2 | 1
        case 3: packed += Array(planted.utf8)
        default: break
        }
        // A changed name gives nothing away; nor does one that a packer only refers to, where a changed byte keeps the
        // container from being read: then the value stands in its bytes without a name.
        let isNamed = damage & 3 != 2 || holds(packed, planted)
        if isPlain, !isNamed { return }
        let once = check(packed, .auto, secret: isNamed ? secret : nil, chunk: chunk)
        for text in unpack(once) { promise(!holds(text, secret), "the secret inside is gone") }
    }

    static func pack(_ kind: String, _ bytes: [UInt8]) -> [UInt8] {
        do {
            switch kind {
            case "zip", "tar":
                let writer = try ArchiveWriter(inMemory: kind == "zip" ? .zip : .tar)
                try writer.add(ArchiveEntry(path: "first.txt"), bytes: Array("first".utf8))
                try writer.add(ArchiveEntry(path: "in/a.log"), bytes: bytes)
                return try writer.finish()
            default:
                let compression: Compression =
                    kind == "gzip" ? .gzip : kind == "zstd" ? .zstd : kind == "bzip2" ? .bzip2 : .xz
                let packer = try StreamPacker(compression)
                var out: [UInt8] = []
                try packer.append(bytes[...], to: &out)
                try packer.finish(to: &out)
                return out
            }
        } catch {
            fatalError("\(error)")
        }
    }

    /// Everything that is in a container, as far as it can be read.
    private static func unpack(_ bytes: [UInt8]) -> [[UInt8]] {
        var all: [[UInt8]] = []
        for compression in Compression.allCases {
            guard let unpacker = try? StreamUnpacker(compression) else { continue }
            var text: [UInt8] = []
            _ = try? unpacker.append(bytes[...]) { piece throws(ArchiveError) in text += piece }
            all.append(text)
        }
        guard let reader = try? ArchiveReader(bytes: bytes) else { return all }
        while let entry = try? reader.next() {
            all.append(entry.pathBytes)
            all.append((try? reader.readAll(limit: 1 << 24)) ?? [])
        }
        return all
    }
}

/// Texts that are encoded as a whole.
enum EncodedFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        (0..<4).map { [UInt8($0), 30, 0, 4] + Array("{\"user\":\"joe\", \"text\": \"a b c\"}".utf8) }
            + ["cGFzc3dvcmQ9aHVudGVyMjI=\n", "70617373776f72643d68756e7465723232", "password%3Dhunter22%20and%0Amore"]
            .map { [4, 30] + Array($0.utf8) }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let kind = input.byte() % 5
        let chunk = Int(input.byte()) + 1
        let secret = input.secret
        guard kind < 4 else {
            check(input.rest(), .auto, secret: secret, chunk: chunk)
            return
        }
        // Only text is recognised as encoded text.
        var text = input.rest(with: "\npassword=\(secret)\n")
        text = text.map { $0 == 0x0A || (0x20..<0x7F).contains($0) ? $0 : 0x2E }
        let digits = Array("0123456789ABCDEF".utf8)
        let hex = text.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let encoded: [UInt8] =
            switch kind {
            case 0: hex
            case 1: Array(hex.enumerated().map { $0.offset % 60 == 59 ? [$0.element, 0x0A] : [$0.element] }.joined())
            case 2: text.flatMap { [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            default: base64(text)
            }
        let once = check(encoded, .auto, secret: secret, chunk: chunk)
        // What is encoded is decoded by the leak scanner's own code in the other target; here the length tells.
        promise(once != encoded, "an encoded secret is gone")
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let sum = (0..<3).reduce(UInt32(0)) { $0 << 8 | UInt32($1 < group.count ? group[$1] : 0) }
            for index in 0..<4 {
                out.append(index <= group.count ? letters[Int(sum >> UInt32(18 - 6 * index)) & 63] : 0x3D)
            }
        }
        return out
    }
}
