import ArgumentParser
import Collect
import Documents
import Platform
import SupportBundle
import SystemPackage

extension BundleError: Reportable {
    var text: String { description }
    var status: ExitStatus { code == .unsafePlace ? .refused : .failed }
}

/// Prints one entry.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print one entry of a bundle without unpacking the rest.",
        discussion: """
            Example:
              apigee-collect show BUNDLE items/error-message/records.log
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @Argument(help: ArgumentHelp("Path below the top folder, as 'inspect' lists it.", valueName: "path"))
    var path: String

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        let reader = try BundleReader(path: FilePath(bundle), identities: opening.identities())
        let isTerminal = Terminal.isTerminal(1)
        try reader.copy(path) { bytes in
            // What a log holds may drive a terminal; a file or a pipe gets the bytes as they are.
            let shown = isTerminal ? Self.harmless(bytes) : bytes
            if !Terminal.write(bytes: shown[...], to: 1) { ExitStatus.done.leave() }
        }
    }

    /// Control characters but tab and line feed become `.`; bytes above 0x7F stay, since they may be UTF-8.
    private static func harmless(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { byte in
            byte >= 0x20 && byte != 0x7F && !(0x80...0x9F).contains(byte) || byte == 0x09 || byte == 0x0A ? byte : 0x2E
        }
    }
}

/// Checks a bundle.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a bundle: checksums, manifest, structure, and an independent scan for leaks.",
        discussion: """
            Exit codes: 0 right; 4 damaged, unsafe or holding a known secret; 6 only something that looks like a secret.

            Example:
              apigee-collect verify apigee-support-acme-prod-20261123T100000Z.tar.gz

            A split bundle is given by its first part, an encrypted one with --identity; a signature is looked for \
            beside it (NAME.sig).
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Option(
        name: .customLong("allowed-signers"),
        help: ArgumentHelp("Who may sign, in the form of ssh-keygen's allowed signers.", valueName: "file"))
    var allowedSigners: String?

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        let identities = try opening.identities()
        let signers = try allowedSigners.map { AllowedSigners(file: try InputFiles.read($0, limit: 1 << 20)) }
        let report: VerifyReport
        do throws(BundleError) {
            report = try BundleVerifier().verify(
                path: FilePath(bundle), identities: identities, allowedSigners: signers)
        } catch {
            // A file that is there and can't be read as a bundle is a damaged bundle.
            guard [.archive, .notABundle, .tooLarge, .invalidPath].contains(error.code) else { throw error }
            Messages.error(error.description, hint: error.hint)
            throw ExitStatus.bad
        }
        if json {
            try JSONPrinter.print(report)
        } else {
            for problem in report.problems { Messages.error("\(problem)") }
            for suspicion in report.suspicions { Messages.warning("looks like a secret: \(suspicion.named)") }
            if report.problems.isEmpty, !common.quiet {
                let words = report.suspicions.isEmpty ? "right" : "whole, but look at the warnings before you send it"
                Terminal.writeOutput("\(TerminalText.harmless(bundle)): \(words)\n")
                if let signature = report.signature {
                    let whose = signature.principals ?? "whose key it is was not checked, see --allowed-signers"
                    Terminal.writeOutput(TerminalText.harmless("signed by \(signature.key): \(whose)") + "\n")
                }
            }
        }
        let status = ExitStatus(code: Int32(report.exitCode))
        if status != .done { throw status }
    }
}
