import Foundation
import Glibc
import Platform
import Testing

/// A folder that goes with the test.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "platform-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/node/logs", withIntermediateDirectories: true)
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    var files: NodeFiles { NodeFiles(root: path + "/node") }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct NodeFilesTests {
    private func text(_ files: NodeFiles, _ path: String) throws -> String {
        String(decoding: try files.open(path).readAll(limit: 1000), as: UTF8.self)
    }

    @Test func readsARegularFile() throws {
        let scratch = try Scratch()
        try scratch.write("node/logs/system.log", "hello\n")
        #expect(try text(scratch.files, "/logs/system.log") == "hello\n")
        #expect(try text(scratch.files, "logs//./system.log") == "hello\n")
    }

    @Test func resolvesLinkedFoldersInsideTheRootOnly() throws {
        let scratch = try Scratch()
        try scratch.write("node/logs/system.log", "inside\n")
        try scratch.link("node/relative", to: "logs")
        try scratch.link("node/absolute", to: "/logs")
        try scratch.link("node/climbing", to: "../../../../../logs")
        for folder in ["relative", "absolute", "climbing"] {
            #expect(try text(scratch.files, "/\(folder)/system.log") == "inside\n")
        }
    }

    @Test func neverLeavesTheRoot() throws {
        let scratch = try Scratch()
        try scratch.write("secret", "outside\n")
        try scratch.link("node/logs/out", to: scratch.path)
        try scratch.link("node/logs/up", to: "../../")
        for path in ["/logs/out/secret", "/logs/up/secret", "/../secret", "/logs/../../secret"] {
            #expect(throws: PlatformError.self) { try scratch.files.open(path) }
        }
    }

    @Test func refusesALinkAsTheFileItself() throws {
        let scratch = try Scratch()
        try scratch.write("node/logs/system.log", "x")
        try scratch.link("node/logs/system.log.1", to: "system.log")
        #expect { try scratch.files.open("/logs/system.log.1") } throws: {
            ($0 as? PlatformError)?.code == .symbolicLink
        }
    }

    @Test func refusesAHardLink() throws {
        let scratch = try Scratch()
        try scratch.write("other", "someone else's")
        #expect(unsafe link(scratch.path + "/other", scratch.path + "/node/logs/system.log") == 0)
        #expect { try scratch.files.open("/logs/system.log") } throws: { ($0 as? PlatformError)?.code == .hardLink }
    }

    @Test(.timeLimit(.minutes(1))) func doesNotWaitForAFIFO() throws {
        let scratch = try Scratch()
        #expect(unsafe mkfifo(scratch.path + "/node/logs/system.log", 0o600) == 0)
        #expect { try scratch.files.open("/logs/system.log") } throws: { ($0 as? PlatformError)?.code == .notRegular }
    }

    @Test func endsOnLinksThatGoInCircles() throws {
        let scratch = try Scratch()
        try scratch.link("node/a", to: "b")
        try scratch.link("node/b", to: "a")
        #expect { try scratch.files.open("/a/file") } throws: { ($0 as? PlatformError)?.code == .symbolicLink }
    }

    @Test func listsNamesWithoutFollowingThem() throws {
        let scratch = try Scratch()
        try scratch.write("node/logs/b.log", "12345")
        try scratch.link("node/logs/a.log", to: "/etc/passwd")
        let entries = try scratch.files.list("/logs")
        #expect(entries.map(\.name) == ["a.log", "b.log"])
        #expect(entries.map(\.isRegular) == [false, true])
        #expect(entries[1].size == 5)
        #expect(try scratch.files.list("/nowhere").isEmpty)
    }

    /// The kernel, not we, must say no: so the check needs root and another user.
    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func readsWithTheRightsOfTheReader() throws {
        let scratch = try Scratch()
        try scratch.write("node/logs/system.log", "open\n")
        try scratch.write("node/logs/private.log", "closed\n")
        unsafe chmod(scratch.path, 0o755)
        unsafe chmod(scratch.path + "/node", 0o755)
        unsafe chmod(scratch.path + "/node/logs", 0o755)
        unsafe chmod(scratch.path + "/node/logs/system.log", 0o644)
        unsafe chmod(scratch.path + "/node/logs/private.log", 0o600)
        let nobody = try #require(ReaderIdentity.lookUp(name: "nobody"))
        let files = NodeFiles(root: scratch.path + "/node", reader: nobody)
        #expect(try text(files, "/logs/system.log") == "open\n")
        #expect { try files.open("/logs/private.log") } throws: { ($0 as? PlatformError)?.code == .denied }
        // The thread is root again.
        #expect(try text(scratch.files, "/logs/private.log") == "closed\n")
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func readsAsTheOwnerOfTheTree() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/node/opt/apigee"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        unsafe chown(folder, 65534, 65534)
        #expect(ReaderIdentity.forTree(root: scratch.path + "/node")?.user == 65534)
    }
}
