import Foundation
import Glibc

/// A private folder that goes with its owner.
final class Scratch: Sendable {
    let url: URL
    var path: String { url.path }

    /// - Parameter mode: rights of the folder; 0o711 lets another user reach what is named below it.
    init(mode: Int = 0o700) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("collect-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A new folder.
    func folder(_ name: String, mode: Int = 0o700) throws -> URL {
        let folder = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        return folder
    }

    @discardableResult
    func write(_ data: Data, to name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try data.write(to: file)
        return file
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> URL { try write(Data(text.utf8), to: name) }

    func newFile(_ name: String) throws -> FileHandle { try FileHandle(forWritingTo: write(Data(), to: name)) }

    func bytes(_ name: String) -> [UInt8] {
        (try? Data(contentsOf: url.appendingPathComponent(name))).map { [UInt8]($0) } ?? []
    }
}

/// What lies below a folder.
enum Tree {
    /// Paths of everything below a folder, sorted, hidden files too.
    static func list(_ folder: URL) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    /// Regular files below a folder, with their content. Files that vanish meanwhile are left out.
    static func files(_ folder: URL) -> [(path: String, bytes: [UInt8])] {
        list(folder).compactMap { name in
            let file = folder.appendingPathComponent(name)
            var status = stat()
            guard unsafe lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                let data = try? Data(contentsOf: file)
            else { return nil }
            return (name, [UInt8](data))
        }
    }

    /// Paths, kinds, rights, sizes and times of change: what "touches nothing" must leave alike.
    static func picture(_ folder: URL) -> [String] {
        list(folder).map { name in
            var status = stat()
            _ = unsafe lstat(folder.appendingPathComponent(name).path, &status)
            return "\(name) \(status.st_mode) \(status.st_uid) \(status.st_size) \(status.st_mtim.tv_sec)"
                + ".\(status.st_mtim.tv_nsec)"
        }
    }

    /// The mode bits of a file, links followed.
    static func mode(_ file: URL) -> UInt32? {
        var status = stat()
        return unsafe stat(file.path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }
}
