import ArgumentParser
import Collect
import Glibc
import Platform
import SupportBundle
import SystemPackage

/// The key of markers and pseudonyms, and the map that leads back.
struct PseudonymArguments: ParsableArguments {
    @Option(
        name: .customLong("pseudonym-key-file"),
        help: ArgumentHelp(
            "16 bytes or more that key markers and pseudonyms, so that runs and nodes agree.", valueName: "file"))
    var pseudonymKeyFile: String?

    @Option(
        name: .customLong("pseudonym-map"),
        help: ArgumentHelp(
            "Write a sealed map from pseudonyms back to names, for 'reveal'; needs a key file.", valueName: "file"))
    var pseudonymMap: String?

    /// The key, or nil without a key file.
    /// - Parameter level: what is removed; a map makes sense only where there are pseudonyms.
    func key(level: String) throws(CollectError) -> Secret? {
        if pseudonymMap != nil {
            guard level == "strict" else {
                throw CollectError(
                    .usage, "--pseudonym-map", "there are no pseudonyms at level '\(level)'",
                    hint: "add --redaction strict")
            }
            guard pseudonymKeyFile != nil else {
                throw CollectError(
                    .usage, "--pseudonym-map", "needs a key that you keep, or nobody could open the map",
                    hint: "give --pseudonym-key-file FILE; make one with: \(Self.recipe)")
            }
        }
        return try pseudonymKeyFile.map { path throws(CollectError) in try Self.key(path, isStrict: pseudonymMap != nil)
        }
    }

    private static let recipe = "(umask 077; head -c 32 /dev/urandom > FILE)"

    /// A key of 32 bytes out of a key file of any form and at least 16 bytes.
    ///
    /// - Parameter isStrict: whether to refuse a file that others can read; else there is a warning.
    static func key(_ path: String, isStrict: Bool) throws(CollectError) -> Secret {
        var bytes = try InputFiles.read(path, limit: 65_536)
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard bytes.count >= 16 else {
            throw CollectError(
                .usage, "--pseudonym-key-file '\(path)'", "holds less than 16 bytes", hint: "make one with: \(recipe)")
        }
        if isOpenToOthers(path) {
            let reason = "can be read by every user of this machine, who could undo pseudonyms with it"
            let hint = "chmod 600 '\(path)'"
            if isStrict { throw CollectError(.refused, "--pseudonym-key-file '\(path)'", reason, hint: hint) }
            Messages.warning("--pseudonym-key-file '\(path)' \(reason); do: \(hint)")
        }
        return Secret(PseudonymKey.derived(from: bytes))
    }

    private static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o007 != 0
    }
}
