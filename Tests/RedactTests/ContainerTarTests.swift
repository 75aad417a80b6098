import Archive
import Foundation
import Redact
import Testing

/// Archives of GNU tar, bsdtar and Info-ZIP's zip, with what they hold beside their files' content.
@Suite struct ContainerTarTests {
    /// Runs a shell script in a fresh folder and hands on the file that it makes.
    private func make(_ file: String, by script: String) throws -> [UInt8] {
        try withFile(Array(script.utf8), name: "script") { path in
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-eu", path]
            process.currentDirectoryURL = URL(filePath: path).deletingLastPathComponent()
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw ToolFailure(description: script) }
            return [UInt8](
                try Data(contentsOf: URL(filePath: path).deletingLastPathComponent().appending(path: file)))
        }
    }

    private static let tree = """
        mkdir -p top/sub/empty; printf 'password=hunter22\\n' > top/a.log; ln -s a.log top/link
        long=$(printf 'd%.0s' $(seq 90)); mkdir -p top/$long/$long; printf '{"secret":"f3b1c9d2e8a74"}' > top/$long/$long/ü.json
        printf 'x' > top/sub/mode; chmod 750 top/sub/mode; ln top/a.log top/z-hard; mkfifo top/fifo; : > top/none
        find top -exec touch -h -d @1700000001 {} +

        """

    /// Names, kinds, modes and times as GNU tar lists them, without the FIFO and without owners.
    private func listing(_ bytes: [UInt8]) throws -> [String] {
        let text = string(try output(of: ["tar", "--utc", "--full-time", "-tvf", "-"], input: bytes))
        return text.split(separator: "\n").filter { !$0.contains("fifo") }.map { line in
            let parts = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            return ([parts[0]] + parts[3...]).joined(separator: " ")
        }
    }

    @Test(arguments: ["gnu", "pax", "ustar", "v7", "oldgnu"]) func aTarStaysOne(form: String) throws {
        // The old formats have no room for the long names.
        let short = ["ustar", "v7"].contains(form) ? "rm -rf top/ddd* top/fifo\n" : ""
        let input = try make(
            "a.tar", by: Self.tree + short + "tar --format=\(form) --sort=name --owner=hunter22 -cf a.tar top")
        for chunk in [Int.max, 100, 513] {
            let redactor = try makeRedactor()
            let result = try redactor.run(redactor.makeStream(.auto, name: "a.tar"), input, chunk: chunk)
            #expect(result.summary.format == .tar && result.summary.withheld == nil)
            #expect(try listing(result.bytes) == (try listing(input)))
            #expect(result.summary.notes == (short.isEmpty ? ["top/fifo: left out, no file"] : []))
            #expect(!contains(result.bytes, Array("hunter22".utf8)) && !contains(result.bytes, Array("f3b1c9d".utf8)))
            #expect(try makeRedactor().redact(result.bytes).bytes == result.bytes)
        }
    }

    @Test func aSparseFileIsLeftOut() throws {
        for form in ["gnu", "pax"] {
            let input = try make(
                "a.tar",
                by:
                    "truncate -s 1M s; printf 'password=hunter22' >> s; echo b > t; tar -S --format=\(form) -cf a.tar s t"
            )
            let result = try makeRedactor().redact(input)
            #expect(!contains(result.bytes, Array("hunter22".utf8)) && result.summary.isPartial)
            #expect(try entries(result.bytes).map(\.0) == ["t"], "\(result.summary.notes)")
        }
    }

    @Test func aCutTarKeepsItsWholeEntries() throws {
        let log = secretLog(lines: 300)
        let input = try archive(.tar, [("a.log", log), ("b.log", log), ("c.log", log)])
        for cut in [input.count / 2, 512 + log.count + 700, input.count - 11_000] {
            let result = try makeRedactor().redact(Array(input.prefix(cut)))
            #expect(result.summary.isPartial && result.summary.withheld == nil)
            let kept = try entries(result.bytes)
            #expect(kept.first?.0 == "a.log" && kept.count < 3)
            for (_, bytes) in kept { #expect(lineBreaks(bytes) == 300 && !contains(bytes, Array("hunter22".utf8))) }
            #expect(try run(["tar", "tf", "-"], input: result.bytes) == 0)
        }
        #expect(try makeRedactor().redact(Array(input.prefix(2_000))).summary.withheld != nil)
        var broken = input
        broken[512 + (log.count + 511) / 512 * 512 + 10] ^= 1
        let result = try makeRedactor().redact(broken)
        #expect(try entries(result.bytes).count == 1 && result.summary.isPartial)
    }

    @Test func aCutZipKeepsItsWholeEntries() throws {
        var random = SystemRandomNumberGenerator()
        let logs = (0..<4).map { index -> (String, [UInt8]) in
            let lines = (0..<500).map { _ in "\(random.next()) password=hunter22\n" }.joined()
            return ("\(index).log", Array(lines.utf8))
        }
        let input = try archive(.zip, logs)
        let result = try makeRedactor().redact(Array(input.prefix(input.count * 6 / 10)))
        #expect(result.summary.isPartial && result.summary.withheld == nil)
        let kept = try entries(result.bytes)
        #expect(kept.map(\.0) == ["0.log", "1.log"])
        for (_, bytes) in kept { #expect(lineBreaks(bytes) == 500 && !contains(bytes, Array("hunter22".utf8))) }
        #expect(try makeRedactor().redact(Array(input.prefix(40))).summary.withheld != nil)
    }

    @Test func aZipCarriesNothingBesideItsEntries() throws {
        let input = try make(
            "a.zip",
            by: Self.tree + """
                rm top/fifo; printf 'password=hunter22' > top/token=f3b1c9d2e8a74x.txt
                printf 'comment hunter22\\n' | zip -qrz -y a.zip top
                """)
        let result = try makeRedactor().redact(input, name: "a.zip")
        #expect(contains(input, Array("comment hunter22".utf8)))
        #expect(!contains(result.bytes, Array("hunter22".utf8)) && !contains(result.bytes, Array("f3b1c9d2e8a74".utf8)))
        let before = try entries(input).map(\.0)
        let after = try entries(result.bytes).map(\.0)
        #expect(after.count == before.count && after.filter { !before.contains($0) }.count == 1)
        let status = try withFile(result.bytes, name: "a.zip") { path in try run(["unzip", "-tqq", path], input: []) }
        #expect(status == 0)
        #expect(try makeRedactor().redact(result.bytes).bytes == result.bytes)
    }

    @Test func aZipWithAPasswordIsWithheld() throws {
        let input = try make(
            "a.zip", by: "echo password=hunter22 > a; echo b > b; zip -q a.zip b; zip -q -P geheim a.zip a")
        let result = try makeRedactor().redact(input)
        #expect(result.bytes.isEmpty && result.summary.withheld?.contains("password") == true)
    }

    @Test func capturesInArchivesAreScrubbed() throws {
        let payload = Array("GET /?apikey=f3b1c9d2e8a74 HTTP/1.1\r\nAuthorization: Bearer x9f8e7d6c5b4a3\r\n\r\n".utf8)
        // A raw IP capture (LINKTYPE_RAW, 101) of one TCP segment.
        var packet: [UInt8] = [
            0x45, 0, 0, UInt8(40 + payload.count), 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ]
        packet += [0x30, 0x39, 0, 80, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0] + payload
        let size = UInt8(packet.count)
        let capture: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0, 0, 1, 0, 101, 0, 0, 0]
            + [1, 0, 0, 0, 0, 0, 0, 0, size, 0, 0, 0, size, 0, 0, 0] + packet
        let zip = try archive(.zip, [("dump.pcap", capture), ("dump.pcap.gz", try pack(capture, .gzip))])
        let tar = try pack(try archive(.tar, [("in.zip", zip)]), .zstd)
        let result = try makeRedactor().redact(tar, name: "captures.tar.zst")
        let out = try entries(try entries(try unpack(result.bytes, .zstd))[0].1)
        let alone = try makeRedactor().redact(capture).bytes
        #expect(out.count == 2 && out[0].1 == alone)
        #expect(try unpack(out[1].1, .gzip) == alone)
        #expect(alone.count == capture.count && !contains(alone, Array("f3b1c9d2".utf8)))
    }
}
