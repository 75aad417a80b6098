import Foundation
import SupportBundle
import SystemPackage
import Testing

/// What other programs make of a bundle: all of them the same tree.
@Suite("Other programs")
struct ReaderProgramTests {
    /// Names of all scripts, a long one that needs a pax header, files of more than one member.
    static func bundle(_ folder: URL, level: Int = 6, threads: Int = 1) throws -> URL {
        let work = try WorkFolder.create(parent: FilePath(folder.path), reserve: 0, level: level, threads: threads)
        defer { try? work.remove() }
        var names = PortableName()
        let log = (0..<120_000).map { "2026-11-23 10:00:00 line \($0 &* 7919 % 104_729)\n" }.joined()
        for (foreign, content) in [
            ("system.log", log), ("Grüße 日本語 🚀.txt", "x"), ("SYSTEM.log", "other"), ("empty", ""),
            (String(repeating: "länge", count: 60) + ".log", "long"), ("../../etc/passwd", "y"),
            ("a\u{1B}[31m\nb", "z"),
        ] {
            let file = try work.makeFinished("items/message-processor-log/" + names.unique(foreign))
            try file.write(Array(content.utf8))
            try file.close()
        }
        let path = folder.appendingPathComponent("b-\(level)-\(threads).tar.gz")
        let output = try OutputFile(path: FilePath(path.path))
        try BundleWriter(name: Sample.name, modified: Sample.time, level: level, threads: threads)
            .write(work, memory: Sample.memory, to: output)
        try output.publish()
        return path
    }

    /// Path and content of every file below a folder.
    static func tree(_ folder: URL) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(name)
            if !file.hasDirectoryPath, let data = try? Data(contentsOf: file) { result[name] = data }
        }
        return result
    }

    static let java = """
        import java.io.*; import java.util.zip.*;
        public class Unpack { public static void main(String[] a) throws Exception {
            try (InputStream in = new GZIPInputStream(new FileInputStream(a[0]))) {
                OutputStream out = new FileOutputStream(a[1]); in.transferTo(out); out.close(); } } }
        """

    /// Each unpacks the bundle `$1` in the current folder.
    static let unpackers: [(tool: String, script: String)] = [
        ("tar", "tar xzf \"$1\""), ("bsdtar", "bsdtar -xf \"$1\""), ("busybox", "busybox tar xzf \"$1\""),
        ("7z", "7z x -so \"$1\" | 7z x -si -ttar -bso0 -bsp0"),
        ("python3", "python3 -c 'import tarfile,sys; tarfile.open(sys.argv[1]).extractall()' \"$1\""),
        ("java", "java Unpack.java \"$1\" b.tar && tar xf b.tar && rm b.tar Unpack.java"),
        ("pigz", "pigz -dc \"$1\" | tar xf -"), ("gzip", "gzip -dc \"$1\" | tar xf -"),
    ]

    @Test("unpack the same tree, whatever the locale", arguments: ["C", "C.UTF-8"])
    func sameTree(locale: String) throws {
        try withTemporaryFolder { folder in
            let file = try Self.bundle(folder)
            let reader = try BundleReader(path: FilePath(file.path))
            var expected: [String: Data] = [:]
            for entry in try reader.entries() where !entry.isFolder {
                expected[Sample.name + "/" + entry.path] = Data(try reader.read(entry.path, limit: 1 << 24))
            }
            #expect(expected.count == 10)
            #expect(expected.keys.allSatisfy { !$0.contains("../") && !$0.utf8.contains { $0 < 0x20 } })
            for (tool, script) in Self.unpackers where Tool.path(of: tool) != nil {
                let place = folder.appendingPathComponent(tool)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
                if tool == "java" {
                    try Self.java.write(
                        to: place.appendingPathComponent("Unpack.java"), atomically: true, encoding: .utf8)
                }
                let done = try Tool.run("env", ["LC_ALL=\(locale)", "sh", "-c", script, "sh", file.path], in: place)
                // 7-Zip spells names in the locale; in C it can't.
                if tool == "7z", locale == "C" { continue }
                // bsdtar says in C that it can't show the names, and unpacks them.
                #expect(done.status == 0 || tool == "bsdtar" && locale == "C", "\(tool): \(done.text)")
                #expect(try Self.tree(place) == expected, "\(tool)")
            }
        }
    }

    @Test("see the same bytes whatever the threads, and fewer at a higher level", arguments: [1, 6, 12])
    func threads(level: Int) throws {
        try withTemporaryFolder { folder in
            let one = try Data(contentsOf: Self.bundle(folder, level: level, threads: 1))
            for threads in [2, 5] {
                #expect(try Data(contentsOf: Self.bundle(folder, level: level, threads: threads)) == one)
            }
            if level > 1 { #expect(try one.count < Data(contentsOf: Self.bundle(folder, level: 1)).count) }
        }
    }

    @Test("make nothing smaller with gzip's own default")
    func size() throws {
        try withTemporaryFolder { folder in
            let file = try Self.bundle(folder)
            let unpacked = folder.appendingPathComponent("t")
            try FileManager.default.createDirectory(at: unpacked, withIntermediateDirectories: false)
            #expect(try Tool.run("tar", ["xzf", file.path], in: unpacked).status == 0)
            #expect(try Tool.run("tar", ["czf", "ref.tar.gz", "t"], in: folder).status == 0)
            let theirs = try Data(contentsOf: folder.appendingPathComponent("ref.tar.gz")).count
            #expect(try Data(contentsOf: file).count <= theirs)
        }
    }

    @Test("find a bundle of version 0.1 sound, and so do we")
    func earlier() throws {
        // One member, no index, the older closing member: as version 0.1 wrote it.
        let bundle = try VerifierTests.pack(VerifierTests.content())
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(bundle).write(to: file)
            let tar = try Tool.run("gzip", ["-dc", file.path]).output
            let plain = folder.appendingPathComponent("b.tar")
            try Data(tar).write(to: plain)
            let packed = try Tool.run("gzip", ["-nc", plain.path]).output
            let digest = try Tool.sha256(packed)
            let raw = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
            let head: [UInt8] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 36, 0, 0x41, 0x43, 32, 0]
            try Data(packed + head + raw + [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]).write(to: file)
            #expect(try BundleVerifier.verify(path: FilePath(file.path)).exitCode == 0)
            #expect(try BundleReader(path: FilePath(file.path)).manifest().bundle.name == VerifierTests.name)
            try Data(packed + head + raw.reversed() + [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]).write(to: file)
            #expect(try BundleVerifier.verify(path: FilePath(file.path)).exitCode == 4)
        }
    }
}
