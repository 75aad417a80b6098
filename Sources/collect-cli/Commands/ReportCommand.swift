import ArgumentParser
import Collect
import Documents
import Glibc
import Platform
import Report
import SupportBundle
import SystemPackage

/// Writes the report anew.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the HTML report of a bundle into a file, in either language.",
        discussion: """
            Examples:
              apigee-collect report BUNDLE -o report.html
              apigee-collect report BUNDLE --lang zh-CN --open
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "File to write (default: standard output; with --open NAME-report.html in this folder).",
            valueName: "file"))
    var output: String?

    @Flag(help: "Open the report in the browser.")
    var open = false

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments
    @OptionGroup var language: LanguageArguments
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        let reader = try BundleReader(path: FilePath(bundle), identities: opening.identities())
        let manifest = try reader.manifest()
        var material = ReportMaterial(diagnosis: try DiagnosisSource.pictures(reader, manifest))
        if let log = try? reader.read("log/collect.jsonl", limit: 8 << 20) { material.toolLog = log }
        let page = try ReportPage.html(manifest, material, language: language.chosen)
        guard let path = output ?? (open ? Self.fileName(bundle) : nil), path != "-" else {
            Terminal.write(bytes: page[...], to: 1)
            return
        }
        let caller = CallingUser.current()
        let file = try OutputFile(
            path: FilePath(path), owner: .init(user: caller.user, group: caller.group), replace: true)
        try file.write(page)
        try file.publish()
        if !common.quiet { Terminal.writeError("written: \(TerminalText.harmless(path))\n") }
        if open { Self.show(path) }
    }

    /// `NAME-report.html` for `…/NAME.tar.gz`.
    private static func fileName(_ bundle: String) -> String {
        var name = bundle.split(separator: "/").last.map { String($0) } ?? "bundle"
        for ending in [".age", ".gz", ".tar", ".tgz"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
        return name + "-report.html"
    }

    /// Hands the file to the desktop's browser; where that does not work the file is there all the same.
    private static func show(_ path: String) {
        let place = path.hasPrefix("/") ? path : PathText.absolute(path)
        guard geteuid() != 0 else {
            Messages.warning(
                "a browser is not started as root", hint: "open it as your own user: \(place)")
            return
        }
        let named = environment("BROWSER").flatMap { $0.isEmpty || $0.contains(":") ? nil : $0 }
        for program in [named, "xdg-open", "wslview", "open"].compactMap(\.self) where start(program, place) { return }
        Messages.warning("no browser could be started", hint: "open it by hand: \(place)")
    }

    /// Whether the program started, and did not fail within two seconds.
    private static func start(_ program: String, _ argument: String) -> Bool {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup(program), strdup(argument), nil]
        defer {
            unsafe free(words[0])
            unsafe free(words[1])
        }
        guard unsafe posix_spawnp(&process, program, nil, nil, &words, environ) == 0 else { return false }
        for _ in 0..<20 {
            var status: Int32 = 0
            let ended = unsafe waitpid(process, &status, WNOHANG)
            if ended == process { return status == 0 }
            usleep(100_000)
        }
        return true
    }
}
