import Foundation

/// The package as files.
enum House {
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
    }

    /// Swift files below a folder, by their paths in the package.
    static func swiftFiles(_ folder: String) -> [String] {
        let names =
            (try? FileManager.default.subpathsOfDirectory(atPath: package.appendingPathComponent(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }.sorted()
    }

    static func folders(_ folder: String) -> [String] {
        let place = package.appendingPathComponent(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(
                atPath: place.appendingPathComponent(name).path, isDirectory: &isFolder)
            return isFolder.boolValue
        }.sorted()
    }
}
