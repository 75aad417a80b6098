import ArgumentParser
import Attach
import Collect
import Documents
import EdgeAPI
import Platform
import SupportBundle
import SystemPackage

extension AttachError: Reportable {
    var text: String { description }

    var status: ExitStatus {
        switch code {
        case .usage: .usage
        case .failed: .failed
        case .refused: .refused
        case .unsound: .bad
        }
    }
}

/// Uploads a bundle to a support case.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Upload a bundle to a support case, or to another desk's URL.",
        discussion: """
            The bundle is verified first, and you are shown what is inside and where it goes. What was sent by a try that \
            was cut short is not lost: the same command goes on. A receipt is written beside the bundle.

            A token is taken from --token-file, GOOGLE_OAUTH_ACCESS_TOKEN, --service-account-file, or \
            'gcloud auth print-access-token', in this order.

            Examples:
              apigee-collect attach BUNDLE --case projects/my-project/cases/12345678
              apigee-collect attach BUNDLE --case organizations/1234/cases/12345678 --comment --yes --token-file token
              apigee-collect attach BUNDLE --to 'https://storage.googleapis.com/…?X-Goog-Signature=…'
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("projects/P/cases/N or organizations/O/cases/N.", valueName: "name"))
    var caseName: String?

    @Option(help: ArgumentHelp("A URL that takes the file: signed, or of a resumable session.", valueName: "url"))
    var to: String?

    @Option(
        name: .customLong("to-file"),
        help: ArgumentHelp("Read that URL from a file: command lines can be seen by others.", valueName: "file"))
    var toFile: String?

    @Option(
        name: .customLong("accept-finding"),
        help: ArgumentHelp("Send it although verify suspects this; may be given again.", valueName: "id"))
    var acceptFinding: [String] = []

    @Flag(help: "Add a comment with START-HERE.txt to the case.")
    var comment = false

    @Flag(help: "Send a second copy where there is one already.")
    var again = false

    @Option(name: .customLong("limit-rate"), help: ArgumentHelp("Bytes a second at most.", valueName: "size"))
    var limitRate: ByteSize?

    @Option(name: .customLong("part-size"), help: ArgumentHelp("Attach it in parts of this size.", valueName: "size"))
    var partSize: ByteSize?

    @Option(
        name: .customLong("token-file"), help: ArgumentHelp("Read the access token from a file.", valueName: "file"))
    var tokenFile: String?

    @Option(
        name: .customLong("service-account-file"),
        help: ArgumentHelp("Key file of a service account (JSON).", valueName: "file"))
    var serviceAccountFile: String?

    @Option(help: ArgumentHelp("Address of the Support API, where it is reached by another one.", valueName: "url"))
    var endpoint = "https://cloudsupport.googleapis.com"

    @Option(help: ArgumentHelp("CA certificates to trust.", valueName: "file"))
    var cacert: String?

    @Option(name: .customLong("http-proxy"), help: ArgumentHelp("HTTP proxy (no user info).", valueName: "url"))
    var httpProxy: String?

    @Flag(help: "Send without asking.")
    var yes = false

    @Flag(help: "Print the receipt as JSON.")
    var json = false

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        var options = AttachOptions(bundle: bundle, target: try target())
        if options.target.isCase { options.token = try token() }
        if case .startSession = options.target { options.token = try givenToken() }
        options.endpoint = try checkedEndpoint()
        options.http.caFile = cacert
        options.http.proxy = httpProxy
        options.rate = limitRate?.bytes
        options.partSize = partSize?.bytes
        options.sendsAgain = again
        let (report, manifest) = try verified()
        if comment { options.comment = try commentText() }
        let attacher = try Attacher(options)
        guard report.encrypted == true || attacher.sha256 == report.sha256 else {
            throw AttachError(.refused, bundle, "it changed while it was verified; nothing was sent")
        }
        try consent(attacher, report, manifest, options.target)

        let interrupts = Interrupts()
        interrupts.listen()
        interrupts.onFirst { kind in
            Messages.warning("interrupted; run the same command again: it goes on where it was")
            ExitStatus.interrupted(kind).leave()
        }
        let meter = UploadMeter(total: attacher.bytes, quiet: common.quiet)
        do {
            let receipt = try await attacher.send { meter.show($0) }
            meter.end()
            printed(receipt)
            if let problem = receipt.problem {
                Messages.warning("it is sent, but its receipt could not be kept: \(problem)")
            }
        } catch {
            meter.end()
            throw error
        }
    }

    // MARK: Where to, and as whom

    private func target() throws -> AttachTarget {
        guard [caseName, to, toFile].compactMap(\.self).count == 1 else {
            throw CollectError(.usage, "attach", "needs one of --case, --to and --to-file")
        }
        if let caseName { return try AttachTarget(supportCase: caseName) }
        if let toFile {
            let line = try InputFiles.secret(toFile).withBytes { String(decoding: $0, as: UTF8.self) }
            return try AttachTarget(url: line, allowHTTP: Loopback.isOwn(line))
        }
        if let to, to.lowercased().contains("signature=") || to.contains("upload_id=") {
            Messages.warning("others on this machine can see the command line, and with it the URL; use --to-file")
        }
        return try AttachTarget(url: to ?? "", allowHTTP: Loopback.isOwn(to ?? ""))
    }

    private func checkedEndpoint() throws -> String {
        guard endpoint.hasPrefix("https://") || Loopback.isOwn(endpoint) else {
            throw CollectError(.usage, "--endpoint", "needs an https URL")
        }
        return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    }

    private func givenToken() throws -> TokenSource? {
        if let tokenFile { return .file { try InputFiles.secret(tokenFile) } }
        if let token = environment("GOOGLE_OAUTH_ACCESS_TOKEN"), !token.isEmpty { return .fixed(Secret(token)) }
        if let serviceAccountFile {
            return .serviceAccount(
                try ServiceAccount(json: InputFiles.privateKey(serviceAccountFile), name: serviceAccountFile))
        }
        return nil
    }

    private func token() throws -> TokenSource { try givenToken() ?? .gcloud }

    // MARK: What

    private func verified() throws -> (VerifyReport, Manifest) {
        guard !BundlePart.isPart(bundle) else {
            throw CollectError(
                .usage, bundle, "it is a part of a split bundle",
                hint: "join the parts as the .sha256 file says; --part-size splits it on the way")
        }
        let identities = try opening.identities()
        let report = try BundleVerifier().verify(path: FilePath(bundle), identities: identities)
        guard report.problems.isEmpty else {
            for problem in report.problems.prefix(10) { Messages.error("\(problem)") }
            throw AttachError(
                .unsound, bundle, "nothing was sent: it is damaged or unsafe",
                hint: "look closer with: apigee-collect verify '\(bundle)'")
        }
        return (report, try BundleReader(path: FilePath(bundle), identities: identities).manifest())
    }

    private func commentText() throws -> String {
        let reader = try BundleReader(path: FilePath(bundle), identities: opening.identities())
        let text = String(decoding: try reader.read("START-HERE.txt", limit: 1 << 20), as: UTF8.self)
        var lines = TerminalText.harmlessLines(text, maxColumns: 200, maxLines: 60)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    // MARK: Consent

    /// Shows what goes where, and asks.
    private func consent(
        _ attacher: Attacher, _ report: VerifyReport, _ manifest: Manifest, _ target: AttachTarget
    ) throws {
        let open = report.suspicions.filter { !acceptFinding.contains($0.id) }
        let isTerminal = Terminal.isTerminal(0) && Terminal.isTerminal(2)
        if !common.quiet || (isTerminal && !yes) { show(attacher, manifest, report, target) }
        for suspicion in open { Messages.warning("looks like a secret: \(suspicion.named)") }
        if let time = attacher.sentBefore, !again {
            throw AttachError(
                .refused, bundle, "it was sent to \(target.shown) before (\(time))", hint: "--again sends a second copy"
            )
        }
        if !open.isEmpty || report.omitted > 0 {
            guard isTerminal, !yes, report.omitted == 0 else {
                throw AttachError(
                    .refused, bundle, "\(open.count + report.omitted) places in it look like secrets; nothing was sent",
                    hint: "look at each with `show`, then accept it: "
                        + open.prefix(3).map { "--accept-finding \($0.id)" }.joined(separator: " "))
            }
        }
        if yes { return }
        guard isTerminal else {
            throw AttachError(.refused, bundle, "nobody can be asked here; nothing was sent", hint: "add --yes")
        }
        let question = open.isEmpty ? "Send it? Type yes: " : "Send it with these findings? Type yes: "
        guard Terminal.readLine(prompt: question)?.lowercased() == "yes" else {
            throw AttachError(.refused, bundle, "nothing was sent")
        }
    }

    private func show(_ attacher: Attacher, _ manifest: Manifest, _ report: VerifyReport, _ target: AttachTarget) {
        let request = manifest.request
        let names = [request.org, request.env, request.api].filter { !$0.isEmpty }.joined(separator: " / ")
        let removed = manifest.redaction.findings.values.reduce(0, +)
        var lines = [
            "\(manifest.bundle.name): \(ByteText.short(attacher.bytes)), \(report.files) files, SHA-256 \(attacher.sha256)",
            "  about \(names.isEmpty ? "no known request" : names), \(manifest.playbook.title)",
            "  \(removed) secret values were replaced, level \(manifest.redaction.level)",
            "  verified: whole, no known secret\(report.suspicions.isEmpty ? "" : ", \(report.suspicions.count) suspicions")",
            "goes to \(target.shown)",
        ]
        let parts = attacher.filenames
        if parts.count > 1 { lines.append("  as \(parts.count) parts, \(parts[0]) and so on") }
        if comment { lines.append("  with a comment: START-HERE.txt") }
        if attacher.continuesEarlier { lines.append("  an earlier try is continued") }
        Terminal.writeError(lines.map { TerminalText.harmless($0, maxColumns: 300) }.joined(separator: "\n") + "\n")
    }

    private func printed(_ receipt: Receipt) {
        if json {
            Terminal.write(bytes: receipt.json.encoded(pretty: true)[...] + [0x0A], to: 1)
            return
        }
        guard !common.quiet else { return }
        var lines = ["sent to \(receipt.target) at \(receipt.time)"]
        lines += receipt.attachments.map { "  \($0.filename)\($0.name.map { " as \($0)" } ?? "")" }
        if receipt.attachments.count > 1 {
            lines.append("  joined with: cat \(receipt.bundle).[0-9][0-9][0-9] > \(receipt.bundle)")
        }
        lines.append("  compared by \(receipt.compared); receipt: \(Receipt.path(bundle))")
        Terminal.writeOutput(lines.map { TerminalText.harmless($0, maxColumns: 400) }.joined(separator: "\n") + "\n")
    }
}

/// Addresses of this machine, which need no TLS.
enum Loopback {
    static func isOwn(_ url: String) -> Bool {
        ["http://127.0.0.1:", "http://127.0.0.1/", "http://[::1]:", "http://localhost:"].contains { url.hasPrefix($0) }
    }
}
