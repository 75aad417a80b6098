internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Synchronization
public import SystemPackage

/// Lines about a run, kept in its work folder, so that a run that was killed can be finished by another.
///
/// Each line is on the disk before the call returns. Nothing secret may stand in it: it is not sealed.
final class WorkJournal: Sendable {
    static let name = "journal"
    static let maxBytes = 64 << 20
    private let file: Descriptor
    private let subject: String
    /// Lines come from several threads.
    private let writing = Mutex(())

    init(in folder: Folder) throws(BundleError) {
        file = try folder.makeFile(WorkJournal.name)
        subject = folder.subject(WorkJournal.name)
    }

    func append(_ line: [UInt8]) throws(BundleError) {
        try writing.withLock { _ throws(BundleError) in
            try file.write((line + [0x0a])[...], subject: subject)
            fdatasync(file.number)
        }
    }
}

/// The work folder of a run that ended without removing it.
public final class StaleWork: Sendable {
    /// Of the folder.
    public let path: FilePath
    /// What the run has noted, line by line; a last line that was not written whole is left out.
    public let journal: [[UInt8]]
    private let parent: Folder
    private let name: String
    private let folder: Folder

    /// - Throws: ``BundleError`` `.notFound` where there is none, or a link, `.unsafePlace` for a folder that belongs to
    ///   somebody else or is open to others, `.notABundle` if it is no work folder, `.exists` if its run is still at work.
    public init(_ path: FilePath) throws(BundleError) {
        guard let last = path.lastComponent?.string, WorkFolder.isName(last) else {
            throw BundleError(.notABundle, path.string, "is no work folder: its name is not apigee-collect-…")
        }
        let above = path.removingLastComponent()
        parent = try Folder(opening: above.isEmpty ? "." : above)
        folder = try parent.folder(last)
        name = last
        self.path = path
        let status = try folder.descriptor.status(subject: path.string)
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw BundleError(.unsafePlace, path.string, "belongs to somebody else, or others may enter it")
        }
        guard folder.lock() else { throw BundleError(.exists, path.string, "the run is still at work") }
        let file = try folder.openFile(WorkJournal.name)
        let bytes = try file.read(upTo: WorkJournal.maxBytes, subject: folder.subject(WorkJournal.name))
        journal = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }

    /// Reads a finished file.
    /// - Parameters:
    ///   - content: what the journal says of its content; another file is refused.
    ///   - body: takes the content piece by piece. What it made of it counts only when this returns.
    /// - Throws: ``BundleError`` `.misuse` if it is not the file that was written.
    public func readFinished(
        _ path: String, content: FileDigest, _ body: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        try BundlePath.check(path)
        var place = try folder.folder("finished")
        var names = path.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { throw BundleError(.invalidPath, path, "is empty") }
        for name in names { place = try place.folder(name) }
        let reader = try FinishedReader(file: place.openFile(last), path: path, bytes: content.bytes)
        var hash = SHA256()
        while true {
            let piece = try reader.read()
            if piece.isEmpty { break }
            hash.update(data: piece)
            try body(piece)
        }
        guard hex(hash.finalize()) == content.sha256 else {
            throw BundleError(.misuse, path, "changed on disk after it was written")
        }
    }

    public func remove() throws(BundleError) { try parent.removeTree(name, last: WorkJournal.name) }

    /// Work folders of this user below `parent` whose runs are over, oldest first.
    public static func find(in parent: FilePath) -> [StaleWork] {
        guard let folder = try? Folder(opening: parent), let names = try? folder.names() else { return [] }
        return names.filter { $0.isFolder && WorkFolder.isName($0.name) }.map(\.name).sorted()
            .compactMap { try? StaleWork(parent.appending($0)) }
    }
}
