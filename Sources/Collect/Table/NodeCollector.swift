internal import EdgeAPI
internal import Glibc
internal import Platform
internal import Redact
internal import SupportBundle

/// What this node is and how it fares: system, CPU, memory, disks, limits, time, and the Java processes of Edge.
struct NodeCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }

    /// Of /proc, what tells how the node fares. No file of it can block.
    private static let files = [
        "/proc/version", "/proc/uptime", "/proc/loadavg", "/proc/meminfo", "/proc/vmstat", "/proc/pressure/cpu",
        "/proc/pressure/memory", "/proc/pressure/io", "/proc/sys/fs/file-nr", "/proc/sys/vm/swappiness",
        "/proc/sys/net/ipv4/ip_local_port_range", "/proc/sys/net/core/somaxconn", "/proc/net/sockstat",
    ]
    static let commands = [
        ItemSource.Command(line: "lscpu", isOptional: true),
        ItemSource.Command(line: "df -hP"), ItemSource.Command(line: "df -iP", isOptional: true),
        ItemSource.Command(line: "ip -s address", isOptional: true),
        ItemSource.Command(line: "timedatectl show", instead: "chronyc tracking", isOptional: true),
    ]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        [PlannedAction(source.item, .file, "/proc, " + Self.commands.map(\.line).joined(separator: ", "))]
    }

    func collect(_ context: RunContext) async {
        let offset = await ClockOffset.measure(context)
        if let offset { context.caseFile.update { $0.clockOffsetMilliseconds = offset } }
        await Blocking.run {
            addSystem(offset, context)
            for process in JavaProcess.all(root: context.options.root) { add(process, context) }
            CertificateFiles(kind: source.item, context: context).add()
        }
        await CommandWay(source: source, context: context).collect(Self.commands)
    }

    private func addSystem(_ offset: Int?, _ context: RunContext) {
        let proc = NodeFiles(root: "/")
        var text = "host: \(context.node.hostname)\nsystem: \(context.node.os)\nkernel: \(context.node.kernel)\n"
        text += "time: \(TimeText.iso8601(context.clock.milliseconds))\n"
        text += "zone: \(TimeText.zone(at: context.clock.milliseconds))\n"
        text += "clock: "
        text += offset.map { "\($0) ms ahead of the management server's (to about a second)\n" } ?? "not compared\n"
        text += "cores: \(Hardening.usableCores)\n"
        for path in ["/etc/os-release", "/etc/resolv.conf", "/etc/hosts", "/etc/security/limits.conf"] {
            if let content = context.files.text(path, limit: 65_536) { text += "\n[\(path)]\n\(content)\n" }
        }
        for path in Self.files {
            if let content = proc.text(path, limit: 65_536) { text += "\n[\(path)]\n\(content)" }
        }
        context.addItem(
            source.item, file: "system.txt", title: "System, memory, limits, time",
            source: .init(type: .file, location: "/proc, /etc"), mediaType: "text/plain", format: .text,
            bytes: Array(text.utf8))
    }

    /// One argument a line, so that the redactor sees each by itself.
    private func add(_ process: JavaProcess, _ context: RunContext) {
        let proc = NodeFiles(root: "/")
        var text = "component: \(process.component)\nprocess: \(process.pid)\nuser: \(process.user)\n"
        text += "java: \(process.executable ?? "not told to this user")\n\n[arguments]\n"
        text += process.arguments.dropFirst().joined(separator: "\n") + "\n"
        for name in ["status", "limits", "io", "oom_score"] {
            if let content = proc.text("/proc/\(process.pid)/\(name)", limit: 65_536) {
                text += "\n[/proc/\(process.pid)/\(name)]\n\(content)"
            }
        }
        context.addItem(
            source.item, file: "java-\(process.component)-\(process.pid).txt",
            title: "Java process \(process.pid) of \(process.component)",
            source: .init(type: .file, location: "/proc/\(process.pid)"), mediaType: "text/plain", format: .properties,
            bytes: Array(text.utf8))
    }
}

/// How far this node's clock is ahead of the management server's, by the `Date` of an answer.
enum ClockOffset {
    /// Milliseconds; `nil` where there is no answer, or time stands still. No login goes with the call.
    static func measure(_ context: RunContext) async -> Int? {
        guard context.clock.fixed == nil else { return nil }
        var http = context.httpOptions
        http.connectTimeout = .seconds(5)
        http.timeout = .seconds(10)
        let before = context.clock.milliseconds
        let request = HTTPRequest(
            url: context.managementURL + "/servers/self/up", maxBytes: 65_536, timeout: .seconds(10))
        guard let answer = try? await HTTPClient(options: http).send(request), let date = answer.header("Date"),
            let seconds = seconds(date)
        else { return nil }
        let after = context.clock.milliseconds
        // The header is cut to the second: half of one is what is left on average.
        return (before + after) / 2 - (seconds * 1000 + 500)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7) as seconds since 1970.
    static func seconds(_ text: String) -> Int? {
        let words = text.split { $0 == " " || $0 == ":" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 8, words[7] == "GMT", let day = Int32(words[1]), let year = Int32(words[3]),
            let month = months.firstIndex(of: String(words[2])), let hour = Int32(words[4]),
            let minute = Int32(words[5]), let second = Int32(words[6])
        else { return nil }
        var parts = unsafe tm()
        unsafe (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return unsafe Int(timegm(&parts))
    }
}
