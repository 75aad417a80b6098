import Foundation
import SupportBundle
import SystemPackage
import Testing

@Suite("The output file")
struct OutputFileTests {
    static func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("appears whole, private, in one step")
    func publish() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("out.tar.gz").path
            let file = try OutputFile(path: FilePath(path))
            try file.write(Array("hello".utf8))
            #expect(try Self.names(folder).allSatisfy { $0.hasPrefix(".out.tar.gz.partial-") })
            try file.publish()
            #expect(try Self.names(folder) == ["out.tar.gz"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello")
            #expect(try WorkFolderTests.mode(path) == 0o600)
            #expect(throws: BundleError.self) { try file.write([1]) }
        }
    }

    @Test("leaves nothing when it was not published")
    func dropped() throws {
        try withTemporaryFolder { folder in
            do {
                let file = try OutputFile(path: FilePath(folder.appendingPathComponent("x").path))
                try file.write([1])
            }
            #expect(try Self.names(folder).isEmpty)
        }
    }

    @Test("never replaces unasked, also when the other came later")
    func noReplace() throws {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("x")
            let file = try OutputFile(path: FilePath(place.path))
            try Data("theirs".utf8).write(to: place)
            #expect { try file.publish() } throws: { ($0 as? BundleError)?.code == .exists }
            #expect { try OutputFile(path: FilePath(place.path)) } throws: { ($0 as? BundleError)?.code == .exists }
            #expect(try String(contentsOf: place, encoding: .utf8) == "theirs")
            let replacing = try OutputFile(path: FilePath(place.path), replace: true)
            try replacing.write(Array("ours".utf8))
            try replacing.publish()
            file.discard()
            #expect(try Self.names(folder) == ["x"])
            #expect(try String(contentsOf: place, encoding: .utf8) == "ours")
        }
    }

    @Test("follows no planted link")
    func links() throws {
        try withTemporaryFolder { folder in
            let victim = folder.appendingPathComponent("victim")
            try Data("victim".utf8).write(to: victim)
            let link = folder.appendingPathComponent("out")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: victim)
            #expect(throws: BundleError.self) { try OutputFile(path: FilePath(link.path)) }
            #expect(throws: BundleError.self) { try OutputFile(path: FilePath(link.path), replace: true) }
            // A dangling link counts as taken, too.
            let dangling = folder.appendingPathComponent("dangling")
            try FileManager.default.createSymbolicLink(atPath: dangling.path, withDestinationPath: "/nonexistent/x")
            #expect(throws: BundleError.self) { try OutputFile(path: FilePath(dangling.path)) }
            let elsewhere = folder.appendingPathComponent("folder")
            try FileManager.default.createSymbolicLink(at: elsewhere, withDestinationURL: folder)
            #expect { try OutputFile(path: FilePath(elsewhere.path + "/new")) } throws: {
                ($0 as? BundleError)?.code == .unsafePlace && ($0 as? BundleError)?.hint != nil
            }
            #expect(try String(contentsOf: victim, encoding: .utf8) == "victim")
        }
    }

    @Test("belongs to the calling user", .enabled(if: getuid() == 0, "giving files away needs root"))
    func owner() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("x").path
            let file = try OutputFile(path: FilePath(path), owner: OutputFile.Owner(user: 1234, group: 2345))
            try file.write([1])
            try file.publish()
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.ownerAccountID] as? Int == 1234)
            #expect(attributes[.groupOwnerAccountID] as? Int == 2345)
        }
    }

    @Test("refuses what is no file name", arguments: ["", "/", "..", "a/..", "/nonexistent/x"])
    func names(path: String) {
        #expect(throws: BundleError.self) { try OutputFile(path: FilePath(path)) }
    }
}
