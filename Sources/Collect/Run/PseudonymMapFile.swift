internal import Platform
public import Redact
internal import SupportBundle
internal import SystemPackage

/// The sealed reverse map beside a bundle, never in it.
public struct PseudonymMapFile {
    private let path: String
    private let file: OutputFile
    private let older: [UInt8]?

    /// Opens the place before anything is collected, so that a wrong one ends the run at once. A map that is there
    /// already is added to.
    ///
    /// - Throws: ``CollectError`` `.usage` when there can be no map, or one of another key is there.
    public init(path: String, redactor: Redactor) throws(CollectError) {
        self.path = path
        older = try Self.read(path)
        if let older {
            do {
                _ = try redactor.pseudonyms?.openMap(older)
            } catch {
                throw CollectError(
                    .usage, "--pseudonym-map '\(path)'", error.reason,
                    hint: "name another file, or give the key of this map")
            }
        }
        do {
            let caller = CallingUser.current()
            file = try OutputFile(
                path: FilePath(path), owner: .init(user: caller.user, group: caller.group), replace: true)
        } catch {
            throw CollectError(
                .usage, "--pseudonym-map '\(path)'", error.description, hint: error.hint ?? "name another place")
        }
    }

    /// The map that is there already, if one is.
    private static func read(_ path: String) throws(CollectError) -> [UInt8]? {
        do {
            return try NodeFiles.open(userFile: path).readAll(limit: 64 << 20)
        } catch {
            if error.code == .notFound { return nil }
            throw CollectError(
                .usage, "--pseudonym-map '\(path)'", "can't be read: \(error.reason)", hint: "name another file")
        }
    }

    /// Writes what was replaced so far.
    public func write(_ redactor: Redactor) throws(CollectError) {
        guard let pseudonyms = redactor.pseudonyms else { return }
        do {
            try file.write(try pseudonyms.sealedMap(adding: older))
            try file.publish()
        } catch {
            throw CollectError(.failed, "--pseudonym-map '\(path)'", "\(error)")
        }
    }
}
