internal import Platform
internal import SupportBundle

/// What `doctor` finds out of the collectors that this node has something for: whether their files can be read, their
/// tools run, their ports answer. Nothing is run and no file's content is looked at.
struct DoctorSources: Sendable {
    let files: NodeFiles
    let tools: ToolPath
    let options: CollectOptions

    private typealias Finding = Doctor.Finding

    func examine(_ sources: ItemSources) async -> [Doctor.Finding] {
        var findings: [Finding] = []
        var elsewhere: [String] = []
        for source in sources.all where CollectorTable.collector(for: source) != nil {
            guard isHere(source) else {
                elsewhere.append(source.id)
                continue
            }
            if let finding = await examine(source) { findings.append(finding) }
        }
        if !elsewhere.isEmpty {
            findings.append(
                Finding(
                    state: .ok, subject: "not on this node", text: elsewhere.joined(separator: ", "),
                    hint: "run apigee-collect on the other nodes too, then: apigee-collect merge BUNDLE ... -o FILE"))
        }
        return findings
    }

    /// Whether the component that a source belongs to is installed here; those of no component are everywhere.
    private func isHere(_ source: ItemSource) -> Bool {
        guard let component = Self.component(source) else { return true }
        if component.contains("*") { return files.isFolder("/opt/apigee/var/log") }
        if component == "microgateway" {
            var problems: [String] = []
            return source.ways.contains { way in
                switch way {
                case .logs(let globs, _), .files(let globs):
                    globs.contains {
                        !LogSources(files: files).matches($0, fill: [], problems: &problems).isEmpty
                    }
                default: false
                }
            }
        }
        return EdgeComponent.isInstalled(component, files)
    }

    /// `edge-router` of `/opt/apigee/var/log/edge-router/…`, by the ids of sources that name no path.
    private static func component(_ source: ItemSource) -> String? {
        let families = [
            ("qpid", "apigee-qpidd"), ("postgres", "apigee-postgresql"), ("cassandra", "apigee-cassandra"),
            ("zookeeper", "apigee-zookeeper"), ("microgateway", "microgateway"), ("threads", "edge-message-processor"),
            ("heap", "edge-message-processor"), ("mp-port", "edge-management-server"),
            ("mp-", "edge-message-processor"), ("datastore", "edge-message-processor"), ("client-", "edge-router"),
            ("router-", "edge-router"), ("backend-", "edge-message-processor"),
            ("management-", "edge-management-server"),
            ("ui-", "edge-ui"), ("message-processor", "edge-message-processor"), ("startup", "edge-*"),
        ]
        return families.first { source.id.hasPrefix($0.0) }?.1
    }

    private func examine(_ source: ItemSource) async -> Doctor.Finding? {
        var texts: [String] = []
        var problems: [(state: Finding.State, text: String, hint: String?)] = []
        for way in source.ways {
            switch way {
            case .api, .given: continue
            case .local(let paths):
                for port in Set(paths.map { LocalAddress($0, ports: options.componentPorts) }.map(\.standardPort))
                    .sorted()
                {
                    let (text, problem) = await look(at: port)
                    texts.append(text)
                    if let problem { problems.append((.limited, text, problem)) }
                }
            case .words(let port, _):
                let (text, problem) = await look(at: port)
                texts.append(text)
                if let problem { problems.append((.limited, text, problem)) }
            case .logs(let globs, _): lookAtFiles(source, globs, isLog: true, &texts, &problems)
            case .files(let globs): lookAtFiles(source, globs, isLog: false, &texts, &problems)
            case .commands(let commands): for command in commands { look(at: command, &texts, &problems) }
            case .own: lookAtOwn(source, &texts, &problems)
            }
        }
        guard !texts.isEmpty || !problems.isEmpty else { return nil }
        let worst = problems.first { $0.state == .missing } ?? problems.first
        let told = problems.isEmpty ? texts : problems.map(\.text)
        var seen: Set<String> = []
        return Finding(
            state: worst?.state ?? .ok, subject: source.id,
            text: told.filter { seen.insert($0).inserted }.joined(separator: "; "),
            hint: problems.compactMap(\.hint).first)
    }

    private func look(at standard: Int) async -> (text: String, hint: String?) {
        let port = options.componentPorts[standard] ?? standard
        guard let component = EdgeComponent.of(port: standard), component.isInstalled(files) else {
            return ("port \(port): its component is not on this node", nil)
        }
        let isOpen = await Blocking.run {
            (try? TCPProbe(address: "127.0.0.1", port: port).connect(milliseconds: 2000)) != nil
        }
        return isOpen
            ? ("\(component.name) listens on port \(port)", nil)
            : (
                "\(component.name) does not listen on port \(port)",
                "see whether it runs: apigee-service \(component.name) status; on another port: "
                    + "--component-port \(standard)=PORT"
            )
    }

    private func lookAtFiles(
        _ source: ItemSource, _ globs: [String], isLog: Bool, _ texts: inout [String],
        _ problems: inout [(state: Finding.State, text: String, hint: String?)]
    ) {
        // The names of the case are not known here.
        let open = globs.map { glob in
            ItemSource.names(CaseFacts()).reduce(glob) { $0.replacing("{\($1.name)}", with: "*") }
        }
        var told: [String] = []
        var paths: [String] = []
        for glob in open {
            if isLog {
                paths += LogSources(files: files).matches(glob, fill: [], problems: &told).map(\.path)
            } else {
                var denied: [PlatformError] = []
                paths += PathPattern(glob).matches(in: files, problems: &denied).map(\.path)
                told += denied.map { "\($0)" }
            }
        }
        var readable = 0
        for path in paths.prefix(200) {
            do throws(PlatformError) {
                _ = try files.open(path)
                readable += 1
            } catch {
                told.append("\(error)")
            }
        }
        texts.append(readable == 1 ? "1 file can be read" : "\(readable) files can be read")
        if let first = told.first {
            let more = told.count > 1 ? " and \(told.count - 1) more" : ""
            problems.append((readable > 0 ? .limited : .missing, first + more, "run it with sudo, or as user apigee"))
        }
    }

    private func look(
        at command: ItemSource.Command, _ texts: inout [String],
        _ problems: inout [(state: Finding.State, text: String, hint: String?)]
    ) {
        var first: (reason: String, hint: String?)?
        for line in [command.line, command.instead].compactMap(\.self) {
            guard let program = ItemSource.Command.words(line).first else { continue }
            switch NodeTool.find(program, tools: tools, files: files) {
            case .found(let path, _):
                texts.append("\(path) can be run")
                return
            case .absent(let reason, let hint):
                first = first ?? (reason, hint)
            }
        }
        guard let first else { return }
        problems.append((command.isOptional ? .limited : .missing, first.reason, first.hint))
    }

    private func lookAtOwn(
        _ source: ItemSource, _ texts: inout [String],
        _ problems: inout [(state: Finding.State, text: String, hint: String?)]
    ) {
        switch source.id {
        case "threads", "heap":
            let processors = JavaProcess.all(root: options.root).filter { $0.component == "edge-message-processor" }
            if processors.isEmpty { problems.append((.limited, "no Message Processor runs on this node", nil)) }
            for process in processors {
                switch process.tool(source.id == "threads" ? "jstack" : "jmap", tools) {
                case .found(let path, _): texts.append("\(path) can look at process \(process.pid)")
                case .absent(let reason, let hint): problems.append((.missing, reason, hint))
                }
            }
        case "backend-connect": look(at: .init(line: "getent"), &texts, &problems)
        case "node": for command in NodeCollector.commands { look(at: command, &texts, &problems) }
        case "client-packet-capture": look(at: .init(line: "tcpdump"), &texts, &problems)
        default: texts.append("TCP connections from this node")
        }
    }
}
