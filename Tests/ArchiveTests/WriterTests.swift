import Archive
import Foundation
import Testing

@Suite("Archives that we write")
struct WriterTests {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("apiproxy/default.xml", Array("<APIProxy name=\"orders\"/>".utf8)),
        ("apiproxy/empty.txt", []),
        ("apiproxy/Grüße/日本.txt", Array("non-ASCII name".utf8)),
        (
            "long/" + String(repeating: "n", count: 150) + "/file.bin",
            (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
        ),
    ]

    static func archive(_ format: ArchiveWriter.Format) throws -> [UInt8] {
        let writer = try ArchiveWriter(inMemory: format)
        try writer.add(ArchiveEntry(path: "apiproxy/", kind: .directory, mode: 0o755, modified: 1_700_000_000))
        for (name, bytes) in files { try writer.add(ArchiveEntry(path: name, modified: 1_700_000_000), bytes: bytes) }
        return try writer.finish()
    }

    @Test(
        "come back as they went in",
        arguments: [ArchiveWriter.Format.zip, .tar, .tarGzip(level: 1), .tarGzip(level: 9)])
    func roundTrip(format: ArchiveWriter.Format) throws {
        let reader = try ArchiveReader(bytes: try Self.archive(format))
        let folder = try #require(try reader.next())
        #expect(folder.kind == .directory)
        for (name, bytes) in Self.files {
            let entry = try #require(try reader.next())
            #expect(entry.path == name)
            #expect(entry.kind == .file)
            #expect(entry.size == bytes.count)
            #expect(entry.modified == 1_700_000_000)
            #expect(try reader.readAll(limit: 1 << 20) == bytes)
        }
        #expect(try reader.next() == nil)
        #expect(reader.warnings == [])
    }

    @Test("are the same bytes each time")
    func deterministic() throws {
        for format in [ArchiveWriter.Format.zip, .tarGzip(level: 6)] {
            #expect(try Self.archive(format) == Self.archive(format))
        }
    }

    @Test("are read by other programs")
    func otherPrograms() throws {
        try withTemporaryFolder { folder in
            let zip = folder.appendingPathComponent("a.zip"), tar = folder.appendingPathComponent("a.tar.gz")
            try Data(Self.archive(.zip)).write(to: zip)
            try Data(Self.archive(.tarGzip(level: 6))).write(to: tar)
            let judges: [(String, [String])] = [
                ("unzip", ["-tq", zip.path]), ("gzip", ["-t", tar.path]), ("tar", ["tzf", tar.path]),
                ("bsdtar", ["tf", tar.path]), ("bsdtar", ["tf", zip.path]), ("7z", ["t", tar.path]),
                (
                    "python3",
                    ["-c", "import sys,zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None", zip.path]
                ),
                (
                    "python3",
                    [
                        "-c",
                        "import sys,tarfile; t=tarfile.open(sys.argv[1]); assert all(m.uid==0 and m.uname=='' for m in t); print([m.name for m in t])",
                        tar.path,
                    ]
                ),
            ]
            for (name, arguments) in judges where Tool.path(of: name) != nil {
                let outcome = try Tool.run(name, arguments)
                #expect(outcome.status == 0, "\(name): \(outcome.text)")
            }
            let listed = try Tool.run("tar", ["--quoting-style=literal", "-tzf", tar.path])
            #expect(listed.text.contains("apiproxy/Grüße/日本.txt"))
            #expect(!listed.text.contains("hdrcharset"))
        }
    }

    static let javaReader = """
        import java.io.*; import java.util.zip.*;
        public class Reader {
            public static void main(String[] args) throws Exception {
                try (ZipInputStream in = new ZipInputStream(new FileInputStream(args[0]))) {
                    for (ZipEntry e; (e = in.getNextEntry()) != null; )
                        System.out.println(e.getName() + " " + in.readAllBytes().length + " " + e.getTime() / 1000);
                }
                try (ZipFile file = new ZipFile(args[0])) {
                    file.stream().forEach(e -> System.out.println(e.getName() + " " + e.getSize() + " " + e.isDirectory()));
                }
            }
        }
        """

    @Test("are read by Java as a stream and by directory, as Edge does", .enabled(if: Tool.path(of: "java") != nil))
    func java() throws {
        try withTemporaryFolder { folder in
            let zip = folder.appendingPathComponent("a.zip"), source = folder.appendingPathComponent("Reader.java")
            try Data(Self.archive(.zip)).write(to: zip)
            try Data(Self.javaReader.utf8).write(to: source)
            let outcome = try Tool.run("java", ["-Dsun.stdout.encoding=UTF-8", source.path, zip.path])
            #expect(outcome.status == 0, "\(outcome.text)")
            for (name, bytes) in Self.files {
                #expect(outcome.text.contains("\(name) \(bytes.count) 1700000000\n"), "\(outcome.text)")
                #expect(outcome.text.contains("\(name) \(bytes.count) false\n"))
            }
        }
    }

    @Test("refuse entries whose bytes don't match their size")
    func sizes() throws {
        let short = try ArchiveWriter(inMemory: .tar)
        try short.begin(ArchiveEntry(path: "a", size: 3))
        try short.write([1, 2])
        #expect { try short.end() } throws: { ($0 as? ArchiveError)?.code == .invalidEntry }
        let long = try ArchiveWriter(inMemory: .tar)
        try long.begin(ArchiveEntry(path: "a", size: 3))
        #expect { try long.write([1, 2, 3, 4]) } throws: { ($0 as? ArchiveError)?.code == .invalidEntry }
        let unsized = try ArchiveWriter(inMemory: .zip)
        #expect { try unsized.begin(ArchiveEntry(path: "a")) } throws: { ($0 as? ArchiveError)?.code == .invalidEntry }
        #expect { try unsized.add(ArchiveEntry(path: "")) } throws: { ($0 as? ArchiveError)?.code == .invalidEntry }
        #expect { try unsized.add(ArchiveEntry(path: "a\0b")) } throws: {
            ($0 as? ArchiveError)?.code == .invalidEntry
        }
        #expect { try unsized.add(ArchiveEntry(path: "a", kind: .other)) } throws: {
            ($0 as? ArchiveError)?.code == .invalidEntry
        }
    }

    @Test("hand a sink's failure back")
    func failingSink() throws {
        let full = ArchiveError(.io, subject: "x", reason: "no space left")
        var taken = 0
        let writer = try ArchiveWriter(.tarGzip(level: 1)) { bytes throws(ArchiveError) in
            taken += bytes.count
            if taken > 1000 { throw full }
        }
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(throws: full) {
            try writer.add(ArchiveEntry(path: "noise"), bytes: noise)
            try writer.finish()
        }
    }
}
