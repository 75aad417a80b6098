import Foundation
import SupportBundle
import SystemPackage
import Testing

@Suite("The work folder")
struct WorkFolderTests {
    static let secretText = Array("planted-secret-7f3a".utf8)

    static func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    /// Without the journal, which is there from the beginning.
    static func allFiles(below folder: URL) -> [URL] {
        let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        return (walker?.allObjects as? [URL] ?? []).filter {
            !$0.hasDirectoryPath && $0.lastPathComponent != "journal"
        }
    }

    @Test("is private and goes away whole")
    func life() throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            #expect(try Self.mode(work.path.string) == 0o700)
            let file = try work.makeFinished("items/trace/trace.xml")
            try file.write(Array("<x/>".utf8))
            #expect(work.finishedFiles().isEmpty)
            let digest = try file.close()
            #expect(digest.bytes == 4)
            #expect(try work.readFinished("items/trace/trace.xml") == Array("<x/>".utf8))
            // Packed as it will stand in the bundle: the content and the zeros that tar has behind it.
            let plain = try Tool.run("gzip", ["-dc", work.path.string + "/finished/items/trace/trace.xml"])
            #expect(plain.output == Array("<x/>".utf8) + [UInt8](repeating: 0, count: 508))
            #expect(try digest.sha256 == Tool.sha256(Array("<x/>".utf8)))
            #expect(try Self.mode(work.path.string + "/finished/items/trace/trace.xml") == 0o600)
            try work.remove()
            #expect(!FileManager.default.fileExists(atPath: work.path.string))
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
        }
    }

    @Test("seals what waits: no plain byte on disk, everything back", arguments: [0, 1, 65535, 65536, 65537, 300_000])
    func sealed(size: Int) throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            let plain = (0..<size).map { Self.secretText[$0 % Self.secretText.count] }
            let writer = try work.makeSealedItem("items/log/a.log")
            for start in stride(from: 0, to: size, by: 7001) {
                try writer.write(plain[start..<min(size, start + 7001)])
            }
            // Also while the run is going on.
            let during = Self.allFiles(below: parent)
            #expect(!during.isEmpty)
            for file in during where size > 20 {
                #expect(try Data(contentsOf: file).range(of: Data(Self.secretText)) == nil)
            }
            #expect(work.sealedItems().isEmpty)
            #expect(try writer.close() == size)
            #expect(work.sealedItems() == ["items/log/a.log"])
            for file in Self.allFiles(below: parent) where size > 20 {
                #expect(try Data(contentsOf: file).range(of: Data(Self.secretText)) == nil)
            }
            #expect(try work.openSealedItem("items/log/a.log").readAll(limit: 1 << 20) == plain)
            try work.removeSealed("items/log/a.log")
            #expect(Self.allFiles(below: parent).isEmpty)
        }
    }

    /// What a log is cut to: whole lines only, none of the last one that may not be whole.
    private static func border(_ piece: [UInt8]) -> Int { (piece.lastIndex(of: 0x0a) ?? -1) + 1 }

    @Test(
        "on a full disk a sealed file ends early, whole up to a border", .enabled(if: mayMount, "mounting needs root"))
    func early() throws {
        try withTemporaryFolder { place in
            guard try Tool.run("mount", ["-t", "tmpfs", "-o", "size=900k", "tmpfs", place.path]).status == 0 else {
                try Test.cancel("no tmpfs can be mounted here")
            }
            defer { _ = try? Tool.run("umount", ["-l", place.path]) }
            let lines = (0..<60_000).map { "2026-11-23 line \($0)\n" }.joined()
            let text = Array(lines.utf8)
            for (threads, reserve) in [(1, 0), (2, 0), (1, Int.min / 4), (2, Int.min / 4)] {
                let work = try WorkFolder.create(parent: FilePath(place.path), reserve: reserve, threads: threads)
                let writer = try work.makeSealedItem("a.log")
                #expect {
                    for start in stride(from: 0, to: text.count, by: 10_000) {
                        try writer.write(text[start..<min(text.count, start + 10_000)])
                    }
                    try writer.close()
                } throws: { ($0 as? BundleError)?.code == .diskFull }
                #expect(throws: BundleError.self) { try writer.close() }
                let kept = try writer.closeEarly(Self.border)
                #expect(kept > 300_000 && kept < text.count)
                let read = try work.openSealedItem("a.log").readAll(limit: 1 << 20)
                #expect(read.count == kept && read.last == 0x0a && read.elementsEqual(text.prefix(kept)))
                if reserve == 0 {
                    // There is room left to pack what is sealed.
                    let packed = try work.makeFinished("a.log")
                    try packed.write(read)
                    #expect(try packed.close().bytes == kept)
                }
                try work.remove()
            }
            let work = try WorkFolder.create(parent: FilePath(place.path), reserve: 0)
            let writer = try work.makeSealedItem("none")
            #expect(throws: BundleError.self) { while true { try writer.write(text) } }
            #expect(try writer.closeEarly { _ in 0 } == 0)
            #expect(work.sealedItems().isEmpty)
        }
    }

    @Test("seals the same on a thread of its own, which a dropped file ends")
    func threaded() throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0, threads: 2)
            let plain = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for name in ["a", "b"] {
                let writer = try work.makeSealedItem(name)
                for start in stride(from: 0, to: plain.count, by: 70_001) {
                    try writer.write(plain[start..<min(plain.count, start + 70_001)])
                }
                if name == "a" { #expect(try writer.close() == plain.count) }
            }
            #expect(work.sealedItems() == ["a"])
            #expect(try work.openSealedItem("a").readAll(limit: 1 << 22) == plain)
            #expect(Self.allFiles(below: parent).count == 1)
        }
    }

    enum Attack: String, CaseIterable { case flip, cut, cutAtChunk, reorder, swapFiles, append }

    @Test("notices every change of a sealed file", arguments: Attack.allCases)
    func tampering(attack: Attack) throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            for name in ["a", "b"] {
                let writer = try work.makeSealedItem(name)
                try writer.write(Array(repeating: 7, count: 200_000))
                try writer.close()
            }
            let file = URL(fileURLWithPath: work.path.string + "/sealed/a")
            let good = [UInt8](try Data(contentsOf: file))
            let chunk = 65536 + 16
            var bad = good
            switch attack {
            case .flip: bad[100_000] ^= 1
            case .cut: bad.removeLast(5)
            case .cutAtChunk: bad = Array(good.prefix(16 + 2 * chunk))
            case .reorder:
                let first = 16..<(16 + chunk), second = (16 + chunk)..<(16 + 2 * chunk)
                bad.replaceSubrange(first, with: good[second])
                bad.replaceSubrange(second, with: good[first])
            case .swapFiles: bad = [UInt8](try Data(contentsOf: URL(fileURLWithPath: work.path.string + "/sealed/b")))
            case .append: bad += [1, 2, 3]
            }
            try Data(bad).write(to: file)
            #expect { try work.openSealedItem("a").readAll(limit: 1 << 20) } throws: {
                ($0 as? BundleError)?.code == .sealBroken
            }
        }
    }

    @Test("counts no half file")
    func halfFiles() throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            do {
                let dropped = try work.makeFinished("items/x")
                try dropped.write([1, 2, 3])
                let sealed = try work.makeSealedItem("items/y")
                try sealed.write([1, 2, 3])
            }
            #expect(work.finishedFiles().isEmpty && work.sealedItems().isEmpty)
            #expect(Self.allFiles(below: parent).isEmpty)
            try work.makeFinished("items/x").close()
            #expect { try work.makeFinished("items/x") } throws: { ($0 as? BundleError)?.code == .exists }
        }
    }

    @Test(
        "refuses paths that lead elsewhere",
        arguments: [
            "", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a\nb", "a\0b", "a\\b", "a/",
            String(repeating: "x", count: 300),
        ])
    func paths(path: String) throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            #expect { try work.makeFinished(path) } throws: { ($0 as? BundleError)?.code == .invalidPath }
            #expect { try work.makeSealedItem(path) } throws: { ($0 as? BundleError)?.code == .invalidPath }
        }
    }

    @Test("follows no planted link")
    func links() throws {
        try withTemporaryFolder { place in
            let real = place.appendingPathComponent("real"), link = place.appendingPathComponent("link")
            try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
            #expect(throws: BundleError.self) { try WorkFolder.create(parent: FilePath(link.path), reserve: 0) }
            let work = try WorkFolder.create(parent: FilePath(real.path), reserve: 0)
            try FileManager.default.createSymbolicLink(
                atPath: work.path.string + "/finished/items", withDestinationPath: place.path)
            #expect(throws: BundleError.self) { try work.makeFinished("items/x") }
            try work.remove()
            #expect(FileManager.default.fileExists(atPath: place.path))
        }
    }

    @Test("refuses a place where everybody may exchange files")
    func openPlace() throws {
        try withTemporaryFolder { place in
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: place.path)
            #expect { try WorkFolder.create(parent: FilePath(place.path), reserve: 0) } throws: {
                ($0 as? BundleError)?.code == .unsafePlace
            }
        }
    }

    @Test("keeps the promised space free")
    func reserve() throws {
        try withTemporaryFolder { parent in
            let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: Int.max / 2)
            let file = try work.makeFinished("x")
            #expect { try file.write([1]) } throws: {
                ($0 as? BundleError)?.code == .diskFull && ($0 as? BundleError)?.hint != nil
            }
            #expect(throws: BundleError.self) { try file.close() }
            #expect { try work.makeSealedItem("y") } throws: { ($0 as? BundleError)?.code == .diskFull }
            #expect(work.finishedFiles().isEmpty)
        }
    }

    static let mayMount = getuid() == 0

    @Test("says so when the disk is full", .enabled(if: mayMount, "mounting a small disk needs root"))
    func fullDisk() throws {
        try withTemporaryFolder { place in
            guard try Tool.run("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", place.path]).status == 0 else {
                try Test.cancel("no tmpfs can be mounted here")
            }
            defer { _ = try? Tool.run("umount", ["-l", place.path]) }
            // A negative reserve switches the guard off, so that the system's own ENOSPC is met.
            for reserve in [100 << 10, Int.min] {
                let work = try WorkFolder.create(parent: FilePath(place.path), reserve: reserve)
                let file = try work.makeFinished("big")
                let small = try work.makeFinished("small")
                try small.write([1])
                try small.close()
                // What can't be packed smaller.
                var random = SystemRandomNumberGenerator()
                let noise = (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &random) }
                #expect { while true { try file.write(noise) } } throws: {
                    ($0 as? BundleError)?.code == .diskFull
                }
                #expect(work.finishedFiles().map(\.path) == ["small"])
                try work.remove()
            }
        }
    }
}
