internal import Glibc
internal import Logs
internal import Platform
internal import Redact
internal import SupportBundle
internal import SystemPackage

/// `doctor`: what this machine and this user can and cannot collect, and how to mend it.
public struct Doctor: Sendable {
    public struct Finding: Sendable {
        public enum State: String, Sendable { case ok, limited, missing }
        public let state: State
        public let subject: String
        public let text: String
        public let hint: String?
    }

    let options: CollectOptions

    public init(options: CollectOptions) { self.options = options }

    /// Looks at everything; changes nothing.
    public func examine() async -> [Finding] {
        let reader = ReaderIdentity.forTree(root: options.root)
        let files = NodeFiles(root: options.root, reader: reader)
        var findings = [user(reader), redactor(), workFolder()]
        if files.isFolder("/opt/apigee") {
            findings.append(logs(files))
        } else {
            findings.append(
                Finding(
                    state: .ok, subject: "mode",
                    text: "no /opt/apigee here: the management API alone is used (public cloud)", hint: nil))
        }
        let tools = ToolPath()
        findings.append(await capture(tools))
        findings.append(
            tool(tools, "openssl", "the issuers that the backend accepts can't be asked for", "install openssl"))
        if files.isFolder("/opt/apigee"), let sources = try? ItemSources() {
            findings += await DoctorSources(files: files, tools: tools, options: options).examine(sources)
        }
        return findings
    }

    private func user(_ reader: ReaderIdentity?) -> Finding {
        let caller = CallingUser.current()
        if let reader {
            return Finding(
                state: .ok, subject: "user",
                text: "runs as root; the node's files are read and Edge's tools run as user \(reader.name)", hint: nil)
        }
        return Finding(state: .ok, subject: "user", text: "runs as \(caller.name)", hint: nil)
    }

    /// Every rule's own examples, on this machine.
    private func redactor() -> Finding {
        do {
            var rules = try RuleSet.builtIn()
            for file in options.ruleFiles { rules = try rules.adding((name: file.path, bytes: file.bytes)) }
            let failures = rules.selfTest()
            if failures.isEmpty {
                return Finding(
                    state: .ok, subject: "redactor", text: "all examples of \(rules.count) rules come out right",
                    hint: nil)
            }
            return Finding(
                state: .missing, subject: "redactor",
                text: "\(failures.count) examples fail: \(failures.prefix(3).map { "\($0)" }.joined(separator: "; "))",
                hint: "do not collect with this build; reinstall it, or leave out own rules")
        } catch {
            return Finding(state: .missing, subject: "redactor", text: "\(error)", hint: error.hint)
        }
    }

    private func workFolder() -> Finding {
        do {
            let work = try WorkPlace(options: options).create { _ in }
            let path = work.path.string
            try? work.remove()
            return Finding(state: .ok, subject: "work folder", text: "one can be made at \(path)", hint: nil)
        } catch {
            return Finding(
                state: .missing, subject: "work folder", text: "\(error)", hint: error.hint)
        }
    }

    private func logs(_ files: NodeFiles) -> Finding {
        let (logs, notes) = LogSources(files: files).systemLogs(component: "edge-message-processor")
        guard let newest = logs.first else {
            return Finding(
                state: .missing, subject: "Message Processor log",
                text: (["no system.log can be read"] + notes).joined(separator: "; "),
                hint: "run it on a Message Processor, with sudo or as user apigee")
        }
        return Finding(
            state: notes.isEmpty ? .ok : .limited, subject: "Message Processor log",
            text: (["\(logs.count) files, newest \(newest.path)"] + notes).joined(separator: "; "), hint: nil)
    }

    private func capture(_ tools: ToolPath) async -> Finding {
        let subject = "packet capture"
        switch tools.find("tcpdump") {
        case .missing:
            return Finding(
                state: .missing, subject: subject, text: "there is no tcpdump on PATH", hint: "install tcpdump")
        case .unsafe(let path):
            return Finding(
                state: .missing, subject: subject, text: "\(path) can be written by others than root",
                hint: "install tcpdump from your system's packages")
        case .found(let path):
            // -D lists devices and captures nothing; without the right to capture the list is empty or refused.
            let probe = try? await ToolRunner().output(
                path, ["-i", "any", "-s", "0", "-w", "-", "-c", "0", "-d", "host", "127.0.0.1"], seconds: 5,
                limit: 65_536)
            let allowed = geteuid() == 0 || probe?.outcome.exitCode == 0
            return Finding(
                state: allowed ? .ok : .limited, subject: subject,
                text: allowed ? "\(path) may capture" : "this user may not capture packets",
                hint: allowed ? nil : "run it with sudo")
        }
    }

    private func tool(_ tools: ToolPath, _ name: String, _ loss: String, _ hint: String) -> Finding {
        switch tools.find(name) {
        case .found(let path): Finding(state: .ok, subject: name, text: path, hint: nil)
        case .missing: Finding(state: .missing, subject: name, text: "it is not on PATH: \(loss)", hint: hint)
        case .unsafe(let path):
            Finding(
                state: .missing, subject: name, text: "\(path) can be written by others than root: \(loss)", hint: hint)
        }
    }
}
