import Collect
import Crypto
import Fleet
import Foundation
import SupportBundle
import SystemPackage
import Testing

@Suite("One case bundle of several nodes")
struct MergeTests {
    @Test("Each node's files are in its folder, and its members are copied byte for byte")
    func copied() async throws {
        let scratch = try Scratch()
        var large = SampleNode.processor("mp01")
        var generator = SystemRandomNumberGenerator()
        // Packs badly, and fills several members.
        let noise = (0..<2_600_000).map { _ in
            Character(Unicode.Scalar(UInt8.random(in: 0x41...0x5A, using: &generator)))
        }
        large.files.append((.threads, "threads.txt", String(noise), .messageProcessor))
        let first = try large.write(scratch)
        let bundle = try await merge(scratch, [first, try SampleNode.router("r01").write(scratch)])
        for path in ["items/threads/threads.txt", "items/message-processor-log/system.log", "log/collect.jsonl"] {
            let own = try BundleReader(path: FilePath(first)).read(path, limit: 8 << 20)
            #expect(try bundle.bytes("nodes/mp01/\(path)") == own)
        }
        #expect(try bundle.bytes("nodes/r01/manifest.json").starts(with: Array("{".utf8)))
        // What was packed on the node stands in the case bundle as it was.
        let reader = try BundleReader(path: FilePath(first))
        let span = try #require(try reader.copyWithSpan("items/threads/threads.txt") { _ in }.span)
        #expect(span.count > 1 << 20)
        var packed: [UInt8] = []
        try reader.copyPacked(span) { packed += $0 }
        let whole = try Data(contentsOf: URL(fileURLWithPath: bundle.path))
        #expect(whole.range(of: Data(packed)) != nil)
    }

    @Test("The manifest holds all rows, in the form that others write it")
    func manifest() async throws {
        let scratch = try Scratch()
        let bundles = [
            try SampleNode.processor("mp01").write(scratch),
            try SampleNode.processor("mp02", fails: false).write(scratch),
        ]
        let bundle = try await merge(scratch, bundles) { $0.caseID = "7123456" }
        let manifest = try bundle.manifest
        #expect(try manifest.encoded() == bundle.bytes(Manifest.path))
        #expect(manifest.items.count == 4)
        #expect(manifest.items.allSatisfy { $0.path.hasPrefix("nodes/mp0") })
        #expect(manifest.nodes?.map(\.name) == ["mp01", "mp02"])
        #expect(manifest.case?.id == "7123456")
        #expect(manifest.complete)
        #expect(manifest == bundle.result.manifest)
    }

    @Test("Nodes that are damaged, missing, given twice or out of reach are named, and hold up nothing")
    func absent() async throws {
        let scratch = try Scratch()
        let good = try SampleNode.processor("mp01").write(scratch)
        let cut = try SampleNode.processor("mp02").write(scratch)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: cut))
        try bytes.dropLast(100).write(to: URL(fileURLWithPath: cut))
        let changed = try SampleNode.processor("mp03").write(scratch)
        var other = try Data(contentsOf: URL(fileURLWithPath: changed))
        other[other.count / 2] ^= 0x20
        try other.write(to: URL(fileURLWithPath: changed))
        let copy = scratch.path("copy.tar.gz")
        try FileManager.default.copyItem(atPath: good, toPath: copy)
        try Data("no bundle".utf8).write(to: URL(fileURLWithPath: scratch.path("text.tar.gz")))
        let list = """
            {"schema": 1, "nodes": [{"name": "mp01", "bundle": "mp01.tar.gz"},
             {"name": "r07", "state": "unreachable", "reason": "connect to port 22: no route to host"},
             {"name": "r08", "state": "refused"}, {"name": "r09", "bundle": "gone.tar.gz"}]}
            """
        let nodes = try NodeList(json: Array(list.utf8), path: scratch.path("nodes.json"))
        let bundle = try await merge(scratch, [good, cut, changed, copy, scratch.path("text.tar.gz")]) {
            $0.nodes = nodes
        }
        #expect(!bundle.result.isComplete)
        let states = (bundle.result.manifest.nodes ?? []).map { "\($0.name ?? "") \($0.state ?? "")" }
        #expect(
            states.sorted() == [
                "mp01 duplicate", "mp01 merged", "mp02.tar.gz damaged", "mp03.tar.gz damaged", "r07 unreachable",
                "r08 refused", "r09 missing", "text.tar.gz damaged",
            ])
        let table = try bundle.text("NODES.txt")
        #expect(table.contains("no route to host"))
        #expect(bundle.result.manifest.diagnosis.contains { $0.summary.contains("r07 (unreachable)") })
    }

    @Test("Nothing that can be read is an error, not an empty bundle")
    func nothing() async throws {
        let scratch = try Scratch()
        try Data("no bundle".utf8).write(to: URL(fileURLWithPath: scratch.path("a.tar.gz")))
        await #expect(throws: CollectError.self) { try await merge(scratch, [scratch.path("a.tar.gz")]) }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("case.tar.gz")))
    }

    @Test("An item whose check sum is wrong is left out and named; the rest of the node stays")
    func wrongSum() async throws {
        let scratch = try Scratch()
        var node = SampleNode.processor("mp01")
        let path = "items/configuration/message-processor.properties"
        node.lies[path] = String(repeating: "00", count: 32)
        let bundle = try await merge(scratch, [try node.write(scratch)])
        let item = try #require(bundle.result.manifest.items.first { $0.path == "nodes/mp01/\(path)" })
        #expect(item.state == .missing && item.reason?.contains("check sum") == true)
        #expect(bundle.result.manifest.nodes?.first?.state == "partly damaged")
        #expect(!bundle.result.isComplete)
        #expect(throws: (any Error).self) { try bundle.bytes("nodes/mp01/\(path)") }
        #expect(try bundle.text("nodes/mp01/items/message-processor-log/system.log").contains("bad_certificate"))
    }

    @Test("A bundle of version 0.1, one member and no index, is packed again")
    func withoutIndex() async throws {
        let scratch = try Scratch()
        let path = try SampleNode.processor("mp01").write(scratch)
        let old = scratch.path("old.tar.gz")
        let script = Process()
        script.executableURL = URL(fileURLWithPath: "/bin/sh")
        script.arguments = ["-c", "gunzip -c \"$1\" | gzip -n > \"$2\"", "sh", path, old]
        try script.run()
        script.waitUntilExit()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: old))
        let digest = SHA256.hash(data: bytes)
        bytes += [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, 36, 0, 0x41, 0x43, 32, 0] + Array(digest)
        bytes += [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        try bytes.write(to: URL(fileURLWithPath: old))
        let bundle = try await merge(scratch, [old])
        #expect(try bundle.text("nodes/mp01/items/message-processor-log/system.log").contains("bad_certificate"))
        #expect(bundle.result.manifest.nodes?.first?.state == "merged")
    }

    @Test("Two nodes of one name are both in it")
    func oneName() async throws {
        let scratch = try Scratch()
        let bundle = try await merge(
            scratch,
            [
                try SampleNode.processor("mp01").write(scratch, as: "a.tar.gz"),
                try SampleNode.processor("mp01", fails: false).write(scratch, as: "b.tar.gz"),
            ])
        #expect(bundle.result.manifest.nodes?.map(\.name) == ["mp01", "mp01-2"])
    }
}
