import Archive
import Foundation
import SupportBundle
import SystemPackage
import Testing

/// tar as an attacker writes it, byte by byte.
struct HostileTar {
    var bytes: [UInt8] = []

    static func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return Array((String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits).utf8.suffix(width - 1))
            + [0]
    }

    /// - Parameters:
    ///   - size: as the header tells it; nil: the content's.
    ///   - checksum: added to the right one.
    mutating func add(
        _ name: [UInt8], type: UInt8 = UInt8(ascii: "0"), content: [UInt8] = [], size: Int? = nil, link: String = "",
        checksum: Int = 0, sizeField: [UInt8]? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ value: [UInt8], at offset: Int, _ width: Int) {
            header.replaceSubrange(offset..<offset + min(width, value.count), with: value.prefix(width))
        }
        put(name, at: 0, 100)
        put(Self.octal(0o644, 8), at: 100, 8)
        put(Self.octal(0, 8), at: 108, 8)
        put(Self.octal(0, 8), at: 116, 8)
        put(sizeField ?? Self.octal(size ?? content.count, 12), at: 124, 12)
        put(Self.octal(1_795_428_000, 12), at: 136, 12)
        header[156] = type
        put(Array(link.utf8), at: 157, 100)
        put(Array("ustar\0".utf8) + Array("00".utf8), at: 257, 8)
        put(Array(repeating: 0x20, count: 8), at: 148, 8)
        put(Self.octal(header.reduce(checksum) { $0 + Int($1) }, 7) + [0x20], at: 148, 8)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func add(_ name: String, type: Character = "0", content: [UInt8] = [], size: Int? = nil, link: String = "")
    {
        add(Array(name.utf8), type: type.asciiValue ?? 0x30, content: content, size: size, link: link)
    }

    mutating func pax(_ records: [(String, [UInt8])], type: Character = "x") {
        var content: [UInt8] = []
        for (key, value) in records {
            let body = Array(" \(key)=".utf8) + value + [0x0a]
            var length = body.count
            while String(length).utf8.count + body.count != length { length = String(length).utf8.count + body.count }
            content += Array(String(length).utf8) + body
        }
        add("top/PaxHeaders/x", type: type, content: content)
    }

    mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }
}

@Suite("Hostile archives")
struct HostileArchiveTests {
    /// A generator that gives the same numbers for the same seed.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    static let kinds: [(name: String, make: @Sendable (inout HostileTar, inout Dice) -> Void)] = [
        (
            "traversal",
            { tar, dice in
                let up = String(repeating: "../", count: .random(in: 1...8, using: &dice))
                tar.add(
                    ["top/" + up, up, "top/./" + up, "top/a/" + up].randomElement(using: &dice)!
                        + "tmp/escaped-\(dice.next())")
            }
        ),
        ("absolute", { tar, dice in tar.add("/tmp/escaped-\(dice.next())", content: [1]) }),
        (
            "symbolic link",
            { tar, dice in
                tar.add(
                    "top/l\(dice.next())", type: "2",
                    link: ["/etc/passwd", "../..", "/tmp"].randomElement(using: &dice)!)
                tar.add("top/l/escaped", content: [1])
            }
        ),
        ("hard link", { tar, dice in tar.add("top/h\(dice.next())", type: "1", link: "top/../../etc/shadow") }),
        (
            "device",
            { tar, dice in tar.add("top/d\(dice.next())", type: ["3", "4", "6"].randomElement(using: &dice)!)
            }
        ),
        (
            "twice",
            { tar, dice in
                let name = "top/a\(dice.next() % 10)"
                tar.add(name, content: [1])
                tar.add(name, content: [2])
            }
        ),
        (
            "control characters",
            { tar, dice in
                let byte = UInt8([1, 7, 8, 0x0a, 0x0d, 0x1b, 0x7f].randomElement(using: &dice)!)
                tar.add(Array("top/a".utf8) + [byte] + Array("[31m\(dice.next())".utf8))
            }
        ),
        (
            "no UTF-8",
            { tar, dice in tar.add(Array("top/".utf8) + [0xff, 0xc0, UInt8.random(in: 0x80...0xff, using: &dice)]) }
        ),
        (
            "lying size, too large",
            { tar, dice in
                tar.add(
                    "top/a", content: [UInt8](repeating: 1, count: 100), size: .random(in: 2000...1 << 32, using: &dice)
                )
            }
        ),
        (
            "lying size, negative",
            { tar, dice in
                tar.add(
                    Array("top/a".utf8),
                    sizeField: [0xff] + (0..<11).map { _ in UInt8.random(in: 0x80...0xff, using: &dice) })
            }
        ),
        (
            "lying size, no number",
            { tar, dice in
                tar.add(
                    Array("top/a".utf8), sizeField: (0..<12).map { _ in UInt8.random(in: 0x20...0x7e, using: &dice) })
            }
        ),
        (
            "wrong header sum",
            { tar, dice in tar.add(Array("top/a".utf8), checksum: .random(in: 1...5000, using: &dice)) }
        ),
        (
            "truncated",
            { tar, dice in
                tar.add("top/a", content: (0..<4000).map { UInt8(truncatingIfNeeded: $0) })
                tar.bytes.removeLast(.random(in: 1...3000, using: &dice))
            }
        ),
        (
            "GNU sparse",
            { tar, dice in
                tar.pax([
                    ("GNU.sparse.major", Array("0".utf8)), ("GNU.sparse.minor", Array("1".utf8)),
                    ("GNU.sparse.name", Array("top/sparse".utf8)), ("GNU.sparse.size", Array("\(1 << 46)".utf8)),
                    ("GNU.sparse.numblocks", Array("1".utf8)), ("GNU.sparse.map", Array("0,10".utf8)),
                ])
                tar.add(
                    "top/GNUSparseFile/sparse",
                    content: Array(repeating: UInt8.random(in: 0...255, using: &dice), count: 10))
            }
        ),
        (
            "huge pax header",
            { tar, dice in
                tar.pax([("comment", [UInt8](repeating: 0x61, count: .random(in: 1 << 20...3 << 20, using: &dice)))])
                tar.add("top/a")
            }
        ),
        (
            "pax path",
            { tar, dice in
                let path = ["/etc/cron.d/x", "top/../../x", String(repeating: "a/", count: 3000) + "x", "other/x"]
                tar.pax([("path", Array(path.randomElement(using: &dice)!.utf8))])
                tar.add("top/innocent", content: [1])
            }
        ),
        (
            "pax size",
            { tar, dice in
                tar.pax([("size", Array("\(UInt64.random(in: 1 << 40...UInt64.max, using: &dice))".utf8))])
                tar.add("top/a", content: [1])
            }
        ),
        (
            "bad pax record",
            { tar, dice in
                tar.add(
                    "top/x", type: "x", content: Array("\(Int.random(in: 30...9999, using: &dice)) path=top/a\n".utf8))
                tar.add("top/b")
            }
        ),
        (
            "long link name",
            { tar, dice in
                tar.add(
                    "././@LongLink", type: "L",
                    content: [UInt8](repeating: 0x41, count: .random(in: 2000...200_000, using: &dice)))
                tar.add("top/short")
            }
        ),
        ("file as folder", { tar, _ in tar.add("top", content: [1]) }),
        ("another top", { tar, dice in tar.add("other\(dice.next())/x", content: [1]) }),
        (
            "deep",
            { tar, dice in tar.add("top/" + String(repeating: "d/", count: .random(in: 40...45, using: &dice)) + "/x") }
        ),
        (
            "noise behind the end",
            { tar, dice in
                tar.end()
                tar.bytes += (0..<2048).map { _ in UInt8.random(in: 0...255, using: &dice) }
            }
        ),
        (
            "flipped bits",
            { tar, dice in
                tar.add("top/a", content: Array("x".utf8))
                for _ in 0..<20 {
                    tar.bytes[.random(in: 512..<tar.bytes.count, using: &dice)] ^= UInt8(
                        1 << Int.random(in: 0...7, using: &dice))
                }
            }
        ),
    ]

    /// Those whose archive is sound, but for an entry.
    static let entryKinds: Set<String> = [
        "traversal", "absolute", "symbolic link", "hard link", "device", "twice", "control characters", "no UTF-8",
        "GNU sparse", "file as folder", "another top", "deep",
    ]

    /// - Parameter seed: even ones are packed as our own writer does it, closing member and all, odd ones by gzip.
    static func packed(_ tar: [UInt8], _ seed: Int, _ folder: URL) throws -> URL {
        let file = folder.appendingPathComponent("hostile.tar.gz")
        let packer = try GzipMemberPacker(level: 1)
        let members = stride(from: 0, to: tar.count, by: 1 << 20).flatMap {
            packer.pack(Array(tar[$0..<min(tar.count, $0 + (1 << 20))]))
        }
        var bytes = members
        if seed.isMultiple(of: 2) { bytes += try Closing.member(for: members) }
        try Data(bytes).write(to: file)
        return file
    }

    /// The closing member of docs/bundle-format.md, made by hand.
    enum Closing {
        static func member(for bytes: [UInt8]) throws -> [UInt8] {
            var front: [UInt8] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 48, 0, 0x41, 0x4f, 8, 0]
            front += (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
            front += [0x41, 0x43, 32, 0]
            let digest = try Tool.sha256(bytes + front)
            let raw = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
            return front + raw + [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        }
    }

    @Test("give a clear error each, in bounded time and memory, and touch nothing", arguments: kinds.indices)
    func thousand(index: Int) throws {
        let kind = Self.kinds[index]
        try withTemporaryFolder { folder in
            for seed in 0..<45 {
                var dice = Dice(state: UInt64(index * 1000 + seed))
                var tar = HostileTar()
                tar.add("top/", type: "5")
                for number in 0..<Int.random(in: 0...3, using: &dice) {
                    tar.add("top/file\(number)", content: [UInt8(number)])
                }
                kind.make(&tar, &dice)
                if seed % 3 != 0 { tar.end() }
                let file = try Self.packed(tar.bytes, seed, folder)
                let path = FilePath(file.path)
                do {
                    let report = try BundleVerifier.verify(path: path)
                    #expect(report.exitCode == 4, "\(kind.name) \(seed)")
                    // Not only that no manifest is there.
                    if Self.entryKinds.contains(kind.name) {
                        #expect(report.problems.contains { $0.kind == .entry }, "\(kind.name) \(seed)")
                    }
                    for problem in report.problems {
                        #expect(!"\(problem)".utf8.contains { $0 < 0x20 || $0 == 0x7f }, "\(kind.name) \(seed)")
                    }
                } catch let error as BundleError {
                    #expect(!error.reason.isEmpty)
                }
                let reader = try BundleReader(path: path)
                _ = try? reader.entries()
                _ = try? reader.manifest()
                var count = 0
                _ = try? reader.copy("a") { piece throws(BundleError) in
                    count += piece.count
                    if count > 1 << 22 { throw BundleError(.tooLarge, "a", "is too large") }
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["hostile.tar.gz"])
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "/tmp").allSatisfy { !$0.hasPrefix("escaped-") })
        }
    }

    @Test("that expand without end are given up")
    func bombs() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("bomb.tar.gz")
            let zeros = try GzipMemberPacker(level: 1).pack([UInt8](repeating: 0, count: 1 << 20))
            var tar = HostileTar()
            tar.add("top/", type: "5")
            tar.add("top/zeros", size: 6 << 30)
            var bytes = Data(try GzipMemberPacker(level: 1).pack(tar.bytes))
            for _ in 0..<1500 { bytes += zeros }
            try bytes.write(to: file)
            let reader = try BundleReader(path: FilePath(file.path))
            #expect { try reader.copy("zeros") { _ in } } throws: {
                ($0 as? BundleError)?.archive?.code == .suspiciousRatio
            }
        }
    }

    @Test("whose index lies are found, and never lead astray")
    func index() throws {
        // The index of one bundle behind another one: its places and sizes are wrong there.
        let first = try VerifierTests.pack(VerifierTests.content())
        let second = try VerifierTests.pack(
            VerifierTests.content(log: String(repeating: "2026-11-23 ERROR x\n", count: 9)))
        func place(_ bundle: [UInt8]) -> Int {
            let tail = bundle.suffix(70)
            return tail.dropFirst(16).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let members = Array(first[..<place(first)])
        let index = second[place(second)..<(second.count - 70)]
        var closing = try HostileArchiveTests.Closing.member(for: members + index)
        // Where the index begins, in the closing member, and the digest over it.
        closing.replaceSubrange(16..<24, with: (0..<8).map { UInt8(truncatingIfNeeded: members.count >> (8 * $0)) })
        let digest = try Tool.sha256(members + index + closing.prefix(28))
        let raw = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
        closing.replaceSubrange(28..<60, with: raw)
        let bundle = members + index + closing
        let report = try VerifierTests.verify(bundle)
        #expect(report.problems.map(\.text) == ["its index does not fit what is in it"])
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(bundle).write(to: file)
            let reader = try BundleReader(path: FilePath(file.path))
            let log = try VerifierTests.content()["items/error-message/records.log"]
            #expect(try reader.read("items/error-message/records.log", limit: 1000) == log)
        }
    }
}
