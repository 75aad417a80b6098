import Glibc
import SupportBundle

/// A bundle that somebody else made or changed: `verify` sees each change of what is inside, and a known secret.
enum BundleFuzz: FuzzTarget {
    private static let name = "apigee-support-acme-prod-20261123T100000Z"

    static func bundle(_ content: [UInt8]) -> [UInt8] {
        do {
            var out: [UInt8] = []
            let memory: [String: [UInt8]] = [
                "START-HERE.txt": Array("read me\n".utf8), "items/error-message/records.log": content,
                "manifest.json": Array("{\"schema\":1}".utf8),
            ]
            try BundleWriter(name: name, modified: 1_795_428_000, level: 1, threads: 1).write(nil, memory: memory) {
                (bytes) throws(BundleError) in out += bytes
            }
            return out
        } catch {
            fatalError("\(error)")
        }
    }

    static var seeds: [[UInt8]] {
        let whole = bundle(Array("a line of a log\n".utf8))
        return [
            [0, 0, 0, 0, 1, 0, 0] + Array("text\n".utf8), [0, 1, 0, 200, 7, 0, 0] + Array("text\n".utf8), [1] + whole,
        ]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        guard input.byte() & 1 == 0 else {
            _ = verify(input.rest(), literal: "no such thing")
            return
        }
        let damage = input.byte()
        let place = Int(input.byte()) << 8 | Int(input.byte())
        let mask = input.byte() | 1
        let secret = input.secret
        let content = input.rest(with: secret)
        let whole = bundle(content)
        guard let report = verify(whole, literal: secret) else { fatalError("promise broken: our own bundle is read") }
        promise(report.problems.contains { $0.kind == .secret }, "a known secret is found")
        promise(!report.problems.contains { $0.kind == .checksum || $0.kind == .archive }, "our own bundle is whole")
        var changed = whole
        switch damage % 3 {
        case 0: changed[place % changed.count] ^= mask
        case 1: changed.removeLast(1 + place % (changed.count - 1))
        default: changed.insert(contentsOf: content.prefix(1 + place % 64), at: place % (changed.count + 1))
        }
        guard changed != whole, let after = verify(changed, literal: secret) else { return }
        // The sum over the whole file, in its closing member, sees each byte.
        promise(after.problems != report.problems, "a change is seen")
    }

    private static func verify(_ bytes: [UInt8], literal: String) -> VerifyReport? {
        let file = MemoryFile(bytes)
        guard let reader = try? BundleReader(descriptor: file.descriptor, name: "fuzz.tar.gz") else { return nil }
        if let manifest = try? reader.manifest() {
            let again = try? Manifest(decoding: (try? manifest.encoded()) ?? [])
            promise(again == manifest, "a manifest that was written is what was read")
        }
        for entry in (try? reader.entries()) ?? [] {
            promise(!entry.path.hasPrefix("/") && !entry.path.split(separator: "/").contains(".."), "no path leads out")
        }
        return try? BundleVerifier(literals: [Array(literal.utf8)], threads: 1).verify(reader)
    }
}

/// Manifests: what is read and written again is the same.
enum ManifestFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let identity = Manifest.Identity(id: "0", name: "n", createdAt: "2026-11-23T10:00:00Z")
        let head = "\"schema\":1,\"tool\":{\"name\":\"a\",\"version\":\"1\"},\"bundle\":{\"id\":\"\(identity.id)\"}"
        return [Array("{\(head)}".utf8), Array("{\"schema\":2}".utf8)]
    }

    static func run(_ input: FuzzInput) {
        guard let manifest = try? Manifest(decoding: input.rest()) else { return }
        promise((try? Manifest(decoding: manifest.encoded())) == manifest, "what was written is what was read")
    }
}
