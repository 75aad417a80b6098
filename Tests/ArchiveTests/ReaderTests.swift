import Archive
import Foundation
import Testing

@Suite("Archives from elsewhere")
struct ReaderTests {
    /// Reads everything; the number of entries and bytes.
    static func consume(
        _ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> (entries: Int, bytes: Int) {
        let reader = try ArchiveReader(bytes: bytes, limits: limits)
        var result = (entries: 0, bytes: 0)
        while try reader.next() != nil {
            result.entries += 1
            while true {
                let piece = try reader.read()
                if piece.isEmpty { break }
                result.bytes += piece.count
            }
        }
        return result
    }

    /// Packs by Python, which writes what our writer refuses to.
    static func python(_ script: String) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            let target = folder.appendingPathComponent("made")
            let prelude = "import sys,io,tarfile,zipfile,gzip,zlib,struct\nout=sys.argv[1]\n"
            let outcome = try Tool.run("python3", ["-c", prelude + script, target.path])
            try #require(outcome.status == 0, "\(outcome.text)")
            return [UInt8](try Data(contentsOf: target))
        }
    }

    @Test("of other programs are read", arguments: ["zip", "tar", "tar.gz", "pipe"])
    func foreign(kind: String) throws {
        try withTemporaryFolder { folder in
            try Data("hello".utf8).write(to: folder.appendingPathComponent("ä.txt"))
            let file = folder.appendingPathComponent("made")
            let script =
                switch kind {
                case "zip":
                    "import zipfile;z=zipfile.ZipFile('made','w',zipfile.ZIP_DEFLATED);z.write('ä.txt');z.close()"
                case "tar": "import tarfile;t=tarfile.open('made','w');t.add('ä.txt');t.close()"
                default: "import tarfile;t=tarfile.open('made','w:gz');t.add('ä.txt');t.close()"
                }
            #expect(try Tool.run("python3", ["-c", script], in: folder).status == 0)
            let handle = try FileHandle(forReadingFrom: file)
            let reader: ArchiveReader
            let pipe = Pipe()
            if kind == "pipe" {
                try pipe.fileHandleForWriting.write(contentsOf: Data(contentsOf: file))
                try pipe.fileHandleForWriting.close()
                reader = try ArchiveReader(descriptor: pipe.fileHandleForReading.fileDescriptor)
            } else {
                reader = try ArchiveReader(descriptor: handle.fileDescriptor)
            }
            let entry = try #require(try reader.next())
            #expect(entry.path == "ä.txt")
            #expect(try reader.readAll(limit: 10) == Array("hello".utf8))
            #expect(try reader.next() == nil)
            let expected: ArchiveReader.Format = kind == "zip" ? .zip : kind == "tar" ? .tar : .tarGzip
            #expect(reader.format == expected)
        }
    }

    @Test("in gzip alone are one entry without a name")
    func loneGzip() throws {
        for content in ["hello\n", ""] {
            let packed = try Self.python("open(out,'wb').write(gzip.compress(\(content.debugDescription).encode()))")
            let reader = try ArchiveReader(bytes: packed)
            let entry = try #require(try reader.next())
            #expect(entry.path == "")
            #expect(try reader.readAll(limit: 100) == Array(content.utf8))
            #expect(try reader.next() == nil)
            #expect(reader.format == .gzip)
        }
    }

    @Test("show kinds and link targets")
    func kinds() throws {
        let bytes = try Self.python(
            """
            t=tarfile.open(out,'w')
            def add(name,type,link=''):
                i=tarfile.TarInfo(name); i.type=type; i.linkname=link; t.addfile(i)
            add('d',tarfile.DIRTYPE); add('s',tarfile.SYMTYPE,'/etc/passwd'); add('h',tarfile.LNKTYPE,'../x')
            add('f',tarfile.FIFOTYPE); add('c',tarfile.CHRTYPE); t.close()
            """)
        let reader = try ArchiveReader(bytes: bytes)
        var kinds: [ArchiveEntry.Kind] = []
        var targets: [String?] = []
        while let entry = try reader.next() {
            kinds.append(entry.kind)
            targets.append(entry.linkTarget.map { String(decoding: $0, as: UTF8.self) })
        }
        #expect(kinds == [.directory, .symbolicLink, .hardLink, .other, .other])
        #expect(targets == [nil, "/etc/passwd", "../x", nil, nil])
    }

    @Test("keep names that are no UTF-8")
    func rawNames() throws {
        let bytes = try Self.python(
            """
            h=bytearray(512); h[0:5]=b'a\\xff\\xfeb'+b'\\0'; h[100:107]=b'0000644'; h[124:135]=b'00000000000'
            h[136:147]=b'00000000000'; h[156:157]=b'0'; h[257:265]=b'ustar\\x0000'; h[148:156]=b' '*8
            h[148:156]=b'%06o\\0 ' % sum(h)
            open(out,'wb').write(bytes(h)+bytes(1024))
            """)
        let entry = try ArchiveReader(bytes: bytes).next()
        #expect(entry?.pathBytes == [0x61, 0xff, 0xfe, 0x62])
    }

    @Test(
        "that are damaged, bombs or no archives give typed errors",
        arguments: [
            ("noise", "open(out,'wb').write(b'no archive at all'*100)", ArchiveError.Code.unrecognized),
            ("empty", "open(out,'wb')", .unrecognized),
            ("bomb", "open(out,'wb').write(gzip.compress(bytes(40<<20)))", .suspiciousRatio),
            (
                "bomb in tar",
                "t=tarfile.open(out,'w:gz'); i=tarfile.TarInfo('z'); i.size=40<<20; t.addfile(i,io.BytesIO(bytes(40<<20))); t.close()",
                .suspiciousRatio
            ),
            (
                "bomb in zip",
                "z=zipfile.ZipFile(out,'w',zipfile.ZIP_DEFLATED); z.writestr('z',bytes(40<<20)); z.close()",
                .suspiciousRatio
            ),
            ("cut gzip", "open(out,'wb').write(gzip.compress(b'hello world'*1000)[:-5])", .truncated),
            (
                "cut tar.gz",
                "t=tarfile.open(out,'w:gz'); i=tarfile.TarInfo('z'); i.size=5; t.addfile(i,io.BytesIO(b'hello')); t.close(); b=open(out,'rb').read(); open(out,'wb').write(b[:-9])",
                .truncated
            ),
            (
                "cut tar",
                "t=tarfile.open(out,'w'); i=tarfile.TarInfo('z'); i.size=5000; t.addfile(i,io.BytesIO(b'h'*5000)); t.close(); b=open(out,'rb').read(); open(out,'wb').write(b[:3000])",
                .truncated
            ),
            ("wrong crc", "b=bytearray(gzip.compress(b'hello')); b[-8]^=1; open(out,'wb').write(b)", .damaged),
            ("wrong length", "b=bytearray(gzip.compress(b'hello')); b[-1]^=1; open(out,'wb').write(b)", .damaged),
            ("tail", "open(out,'wb').write(gzip.compress(b'hello')+b'tail')", .trailingBytes),
            (
                "encrypted",
                "z=zipfile.ZipFile(out,'w'); z.writestr('z','secret'); z.close(); b=bytearray(open(out,'rb').read()); b[6]|=1; i=b.rfind(b'PK\\x01\\x02'); b[i+8]|=1; open(out,'wb').write(b)",
                .encrypted
            ),
            (
                "lying size",
                "t=tarfile.open(out,'w'); i=tarfile.TarInfo('z'); i.size=1<<40; t.fileobj.write(i.tobuf()); t.fileobj.write(b'x'*2048); t.fileobj.close()",
                .truncated
            ),
        ] as [(String, String, ArchiveError.Code)])
    func hostile(name: String, script: String, code: ArchiveError.Code) throws {
        let bytes = try Self.python(script)
        do {
            _ = try Self.consume(bytes)
            Issue.record("\(name) was read")
        } catch {
            #expect(error.code == code, "\(error)")
        }
    }

    @Test("with more entries than allowed are given up")
    func manyEntries() throws {
        let bytes = try Self.python(
            """
            t=tarfile.open(out,'w')
            for n in range(3000): t.addfile(tarfile.TarInfo(str(n)))
            t.close()
            """)
        #expect(try Self.consume(bytes).entries == 3000)
        #expect { try Self.consume(bytes, limits: ArchiveLimits(entries: 100)) } throws: {
            ($0 as? ArchiveError)?.code == .tooManyEntries
        }
        #expect { try Self.consume(bytes, limits: ArchiveLimits(entries: 100, totalBytes: 10)) } throws: {
            ($0 as? ArchiveError)?.code == .tooManyEntries
        }
    }

    @Test("never crash or hang when a byte is wrong", arguments: ["zip", "tar", "tar.gz"])
    func flips(kind: String) throws {
        let format: ArchiveWriter.Format = kind == "zip" ? .zip : kind == "tar" ? .tar : .tarGzip(level: 6)
        let writer = try ArchiveWriter(inMemory: format)
        try writer.add(ArchiveEntry(path: "a.txt"), bytes: Array("hello world".utf8))
        try writer.add(ArchiveEntry(path: "b/c.txt"), bytes: Array(repeating: 7, count: 700))
        let good = try writer.finish()
        for index in stride(from: 0, to: good.count, by: kind == "tar" ? 3 : 1) {
            var bad = good
            bad[index] ^= 0xff
            _ = try? Self.consume(bad, limits: ArchiveLimits(totalBytes: 1 << 20))
            _ = try? Self.consume(Array(good.prefix(index)))
        }
    }

    @Test("in several gzip members read as one stream")
    func members() throws {
        let bytes = try Self.python(
            "open(out,'wb').write(gzip.compress(b'one ')+gzip.compress(b'')+gzip.compress(b'two')+bytes(20))")
        let stream = try GzipStream(bytes: bytes)
        var all: [UInt8] = [], buffer: [UInt8] = []
        while try stream.read(into: &buffer, upTo: 3) > 0 { all += buffer }
        #expect(String(decoding: all, as: UTF8.self) == "one two")
        #expect(stream.members == 3)
        #expect(stream.trailingZeros == 20)
    }
}
