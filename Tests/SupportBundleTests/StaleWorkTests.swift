import Foundation
import SupportBundle
import SystemPackage
import Testing

@Suite("Work folders of runs that were killed")
struct StaleWorkTests {
    private static let content = String(repeating: "a line of a log\n", count: 40_000)

    /// Leaves a work folder as a killed run does.
    private func abandon(in parent: URL) throws -> (path: FilePath, digest: FileDigest) {
        let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0, note: Array("begin".utf8))
        let file = try work.makeFinished("items/trace/trace.xml")
        try file.write(Array(Self.content.utf8))
        let digest = try file.close()
        try work.note(Array("finished trace".utf8))
        return (work.path, digest)
    }

    private func code(_ body: () throws -> Void) -> BundleError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? BundleError)?.code
        }
    }

    @Test("are found only once their run is over, and give back what was finished")
    func found() throws {
        try withTemporaryFolder { parent in
            let alive = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
            let (path, digest) = try abandon(in: parent)
            try FileManager.default.createDirectory(
                at: parent.appendingPathComponent("apigee-collect-0123"), withIntermediateDirectories: false)
            let found = StaleWork.find(in: FilePath(parent.path))
            #expect(found.map(\.path) == [path])
            let stale = try #require(found.first)
            #expect(stale.journal.map { String(decoding: $0, as: UTF8.self) } == ["begin", "finished trace"])
            var read: [UInt8] = []
            try stale.readFinished("items/trace/trace.xml", content: digest) { read += $0 }
            #expect(String(decoding: read, as: UTF8.self) == Self.content)
            // While somebody looks at it, nobody else does.
            #expect(code { _ = try StaleWork(path) } == .exists)
            #expect(code { _ = try StaleWork(alive.path) } == .exists)
            try stale.remove()
            #expect(!FileManager.default.fileExists(atPath: path.string))
            try alive.remove()
            #expect(StaleWork.find(in: FilePath(parent.path)).isEmpty)
            #expect(StaleWork.find(in: FilePath(parent.path + "/nowhere")).isEmpty)
        }
    }

    @Test("a line that was not written whole does not count")
    func halfLine() throws {
        try withTemporaryFolder { parent in
            let path = try abandon(in: parent).path
            let journal = URL(fileURLWithPath: path.string + "/journal")
            try (Data(contentsOf: journal) + Data("finished lo".utf8)).write(to: journal)
            #expect(try StaleWork(path).journal.count == 2)
        }
    }

    @Test("what was changed since is refused")
    func changed() throws {
        try withTemporaryFolder { parent in
            let (path, digest) = try abandon(in: parent)
            let stale = try StaleWork(path)
            func read(_ name: String, _ digest: FileDigest) -> BundleError.Code? {
                code { try stale.readFinished(name, content: digest) { _ in } }
            }
            let name = "items/trace/trace.xml"
            #expect(read(name, FileDigest(bytes: digest.bytes, sha256: String(repeating: "0", count: 64))) == .misuse)
            #expect(read(name, FileDigest(bytes: digest.bytes + 9_999, sha256: digest.sha256)) == .misuse)
            #expect(read("items/trace/other.xml", digest) == .notFound)
            #expect(read("../journal", digest) == .invalidPath)
            let file = path.string + "/finished/" + name
            var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
            bytes[bytes.count / 2] ^= 0xFF
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            #expect(read(name, digest) != nil)
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/etc/hostname")
            #expect(read(name, digest) == .unsafePlace)
        }
    }

    @Test("folders that others may enter, links and other names are no work folders")
    func foreign() throws {
        try withTemporaryFolder { parent in
            let path = try abandon(in: parent).path
            #expect(code { _ = try StaleWork(FilePath(parent.path)) } == .notABundle)
            let name = parent.path + "/apigee-collect-0123456789abcdef"
            try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: path.string)
            #expect(code { _ = try StaleWork(FilePath(name)) } == .notFound)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.string)
            #expect(code { _ = try StaleWork(path) } == .unsafePlace)
            #expect(StaleWork.find(in: FilePath(parent.path)).isEmpty)
        }
    }
}
