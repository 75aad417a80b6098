import Archive
import Foundation
import SupportBundle
import SystemPackage
import Testing

/// Hands on the members of another bundle, as a merge does.
private final class Copied: PackedSource {
    let packedFiles: [String: FileDigest]
    private let reader: BundleReader
    private let spans: [String: PackedSpan]

    init(_ reader: BundleReader, _ files: [String: (digest: FileDigest, span: PackedSpan)]) {
        self.reader = reader
        packedFiles = files.mapValues(\.digest)
        spans = files.mapValues(\.span)
    }

    func copyPacked(_ path: String, to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        guard let span = spans[path] else { throw BundleError(.notFound, path, "is not there") }
        try reader.copyPacked(span, to: sink)
    }
}

@Suite("Members of one bundle in another")
struct PackedContentTests {
    private static let texts = [
        "items/message-processor-log/system.log": String(repeating: "line of a log\n", count: 30_000),
        "items/error-message/records.log": "2026-11-23 10:00:00 ERROR handshake_failure\n", "items/empty.txt": "",
    ]

    /// Hands a folder with a bundle in it, and its reader, to `body`.
    private func withBundle(_ body: (URL, URL, BundleReader) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("a.tar.gz")
            try Sample.bundle(Sample.work(folder), at: file)
            try body(folder, file, BundleReader(path: FilePath(file.path)))
        }
    }

    @Test("are copied as they are, and the new bundle is whole")
    func copied() throws {
        try withBundle { folder, _, reader in
            #expect(try reader.hasIndex())
            let sums = try #require(try reader.checkSums())
            var files: [String: (digest: FileDigest, span: PackedSpan)] = [:]
            for (path, text) in Self.texts {
                var read: [UInt8] = []
                let (digest, span) = try reader.copyWithSpan(path) { read += $0 }
                #expect(String(decoding: read, as: UTF8.self) == text)
                #expect(try digest == FileDigest(bytes: text.utf8.count, sha256: Tool.sha256(Array(text.utf8))))
                #expect(sums[path] == digest.sha256)
                files["node/" + path] = (digest, try #require(span))
            }
            let second = folder.appendingPathComponent("b.tar.gz")
            let output = try OutputFile(path: FilePath(second.path))
            try BundleWriter(name: Sample.name, modified: Sample.time).write(
                nil, memory: Sample.memory, packed: Copied(reader, files), to: output)
            try output.publish()
            let tar = try Tool.run("tar", ["-xzf", second.path, "-C", folder.path])
            #expect(tar.status == 0, "\(tar.text)")
            for (path, text) in Self.texts {
                let unpacked = folder.appendingPathComponent("\(Sample.name)/node/\(path)")
                #expect(try String(contentsOf: unpacked, encoding: .utf8) == text)
            }
            let check = try Tool.run(
                "sha256sum", ["-c", "--quiet", "SHA256SUMS"], in: folder.appendingPathComponent(Sample.name))
            #expect(check.status == 0, "\(check.text)")
        }
    }

    @Test("a bundle that changes between the two readings is refused")
    func changed() throws {
        try withBundle { _, file, reader in
            let (_, found) = try reader.copyWithSpan("items/message-processor-log/system.log") { _ in }
            let span = try #require(found)
            var copied: [UInt8] = []
            try reader.copyPacked(span) { copied += $0 }
            #expect(copied.count == span.count)
            let handle = try FileHandle(forWritingTo: file)
            try handle.seek(toOffset: UInt64(span.offset + span.count / 2))
            try handle.write(contentsOf: Data([0xAA, 0x55, 0xAA]))
            try handle.close()
            let error = #expect(throws: BundleError.self) { try reader.copyPacked(span) { _ in } }
            #expect(error?.code == .misuse && error?.reason.contains("changed on disk") == true)
            #expect(throws: BundleError.self) {
                _ = try reader.copyWithSpan("items/message-processor-log/system.log") { _ in }
            }
        }
    }

    @Test("a bundle that another program has packed has no members to copy, but its content")
    func repacked() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("a.tar.gz")
            try Sample.bundle(Sample.work(folder), at: file)
            #expect(try Tool.run("tar", ["-xzf", file.path, "-C", folder.path]).status == 0)
            let again = folder.appendingPathComponent("b.tar.gz")
            #expect(try Tool.run("tar", ["-czf", again.path, "-C", folder.path, Sample.name]).status == 0)
            let reader = try BundleReader(path: FilePath(again.path))
            #expect(try !reader.hasIndex())
            for (path, text) in Self.texts {
                var read: [UInt8] = []
                let (digest, span) = try reader.copyWithSpan(path) { read += $0 }
                #expect(String(decoding: read, as: UTF8.self) == text && span == nil)
                #expect(digest.bytes == text.utf8.count)
            }
            let error = #expect(throws: BundleError.self) { _ = try reader.copyWithSpan("items/none") { _ in } }
            #expect(error?.code == .notFound)
        }
    }

    @Test("a path that two sources want is refused")
    func twice() throws {
        try withBundle { _, _, reader in
            let (digest, span) = try reader.copyWithSpan("items/empty.txt") { _ in }
            let source = Copied(reader, ["report.html": (digest, try #require(span))])
            let error = #expect(throws: BundleError.self) {
                try BundleWriter(name: Sample.name, modified: Sample.time).write(
                    nil, memory: Sample.memory, packed: source
                ) { _ in }
            }
            #expect(error?.code == .invalidPath && error?.subject == "report.html")
        }
    }
}
