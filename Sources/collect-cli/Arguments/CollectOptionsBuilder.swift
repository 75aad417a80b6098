import ArgumentParser
import Collect
import EdgeAPI
import Platform
import SupportBundle

/// Turns what was typed into checked options, reading each file that is named.
struct CollectOptionsBuilder {
    let what: WhatArguments
    let files: FileArguments
    let reproduce: ReproduceArguments
    let edge: EdgeArguments
    let output: OutputArguments

    /// - Parameter interactive: whether questions may be asked.
    /// - Parameter stale: the killed run that is finished; a password that was typed then is asked for or gone.
    func build(
        playbook: String?, interactive: Bool, needsLogin: Bool = true, resuming stale: StaleRun? = nil
    ) throws(CollectError) -> CollectOptions {
        var options = CollectOptions()
        options.version = Version.current
        options.arguments = ProgramWords.all
        options.playbook = playbook
        try fillWhat(&options)
        try fillFiles(&options)
        try fillReproduce(&options)
        try fillOutput(&options)
        options.managementURL = edge.mgmt
        options.caCertificateFile = edge.cacert
        options.clientCertificateFile = edge.clientCert
        options.clientKeyFile = edge.clientKey
        options.httpProxy = edge.httpProxy
        options.allowHTTP = edge.allowHTTP
        // Asking for a password comes last: a mistake elsewhere is told before anything is typed.
        do throws(CollectError) {
            options.login = try LoginBuilder.login(
                edge, interactive: interactive && needsLogin, isNeeded: needsLogin)
        } catch {
            guard stale != nil, error.code == .usage else { throw error }
        }
        // Behind a password on standard input may stand the key, which is all the rest.
        if output.pseudonyms.pseudonymKeyFile == "-" {
            options.pseudonymKey = try output.pseudonyms.key(level: output.redaction)
        }
        if let stale {
            options.resumes = stale
            options.arguments = ProgramWords.all.prefix(1) + stale.arguments
            options.messageID = options.messageID ?? stale.messageID
        }
        return options
    }

    private func fillWhat(_ options: inout CollectOptions) throws(CollectError) {
        if let mode = what.mode {
            guard let known = Manifest.Mode(rawValue: mode) else {
                throw CollectError(.usage, "--mode '\(mode)'", "is neither private nor public")
            }
            options.mode = known
        }
        options.org = try name(what.org, "--org")
        options.env = try name(what.env, "--env")
        options.api = try name(what.api, "--api")
        options.revision = try name(what.revision, "--revision")
        options.messageID = try name(what.messageID, "--message-id")
        for item in what.also {
            guard let kind = ItemKind(rawValue: item) else {
                throw CollectError(
                    .usage, "--also '\(item)'", "is no item",
                    hint: "items: " + ItemKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            options.alsoItems.insert(kind)
        }
        for host in what.host { options.hosts.append(try Self.host(host)) }
        options.since = what.since
        options.until = what.until
        options.tried = what.tried
        options.notes = what.note
        options.caseID = what.caseID
    }

    private func name(_ text: String?, _ option: String) throws(CollectError) -> String? {
        guard let text else { return nil }
        guard !text.isEmpty, text.utf8.count <= 255,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw CollectError(.usage, option, "must be a name of 1 to 255 printable characters") }
        return text
    }

    /// `host`, `host:port`, `[v6]:port` or a bare IPv6 address.
    static func host(_ text: String) throws(CollectError) -> (host: String, port: Int?) {
        let usage = CollectError(
            .usage, "--host '\(text)'", "must be HOST or HOST:PORT", hint: "IPv6: [2001:db8::1]:443")
        var host = text[...]
        var port: Int?
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()) else { throw usage }
                port = number
            }
        } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            guard let number = Int(text[text.index(after: colon)...]) else { throw usage }
            port = number
        }
        let plain = host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"'\"\\$`;&|<>()/".utf8.contains(byte)
        }
        guard !host.isEmpty, plain, !host.hasPrefix("-"), port.map({ (1...65_535).contains($0) }) ?? true else {
            throw usage
        }
        return (String(host), port)
    }

    private func fillFiles(_ options: inout CollectOptions) throws(CollectError) {
        options.errorFiles = try inputs(files.error)
        options.traceFiles = try inputs(files.trace)
        options.apiProxyFiles = try inputs(files.apiProxy)
        for path in files.pcap + files.log { try Self.checkReadable(path) }
        options.captureFiles = files.pcap
        options.logFiles = files.log
    }

    private func inputs(_ paths: [String]) throws(CollectError) -> [CollectOptions.InputFile] {
        var inputs: [CollectOptions.InputFile] = []
        for path in paths { inputs.append(.init(path: path, bytes: try InputFiles.read(path))) }
        return inputs
    }

    static func checkReadable(_ path: String) throws(CollectError) {
        do {
            _ = try NodeFiles.open(userFile: path)
        } catch {
            throw CollectError(
                .usage, "'\(path)'", "can't be read: \(error.reason)", hint: "check the name and the rights")
        }
    }

    private func fillReproduce(_ options: inout CollectOptions) throws(CollectError) {
        if reproduce.curl != nil && reproduce.curlFile != nil {
            throw CollectError(.usage, "--curl", "goes without --curl-file")
        }
        if let file = reproduce.curlFile { options.curlCommand = try InputFiles.read(file, limit: 4 << 20) }
        if let text = reproduce.curl {
            let holdsCredential = (try? CurlCommand.parse(Array(text.utf8)))?.containsCredential ?? true
            if holdsCredential {
                throw CollectError(
                    .refused, "--curl", "the command holds a credential, which every user of this machine could read",
                    hint: "put the command into a file and give --curl-file FILE, or --curl-file - on standard input")
            }
            options.curlCommand = Array(text.utf8)
        }
        options.reproduce = reproduce.reproduce || reproduce.reproduceUnsafe
        options.reproduceUnsafe = reproduce.reproduceUnsafe
        if options.reproduce, options.curlCommand == nil {
            throw CollectError(.usage, "--reproduce", "needs the request", hint: "give it with --curl-file FILE")
        }
        options.traceSessionSeconds = reproduce.traceSession?.value
        options.captureSeconds = reproduce.capture?.value ?? 60
        options.probe = !reproduce.noProbe
        options.threadsBySignal = reproduce.threadsBySignal
        options.heap = reproduce.heap
        options.componentPorts = try Self.ports(reproduce.componentPort)
    }

    /// `8082=18082`: the documented port and the real one.
    static func ports(_ texts: [String]) throws(CollectError) -> [Int: Int] {
        var all: [Int: Int] = [:]
        for text in texts {
            let ports = text.split(separator: "=", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard ports.count == 2, ports.allSatisfy({ (1...65_535).contains($0) }) else {
                throw CollectError(
                    .usage, "--component-port '\(text)'", "must be the documented port, '=', and the real one",
                    hint: "such as 8082=18082 for a Message Processor")
            }
            all[ports[0]] = ports[1]
        }
        return all
    }

    private func fillOutput(_ options: inout CollectOptions) throws(CollectError) {
        options.output = output.output
        options.redaction = output.redaction
        for path in output.rules {
            options.ruleFiles.append(.init(path: path, bytes: try InputFiles.read(path, limit: 4 << 20)))
        }
        do {
            for file in try SiteConfiguration.rules(root: output.root, templates: output.templates) {
                options.ruleFiles.append(.init(path: file.name, bytes: file.bytes))
            }
            options.sitePlaybooks = try SiteConfiguration.playbooks(root: output.root, templates: output.templates)
        } catch {
            throw (error as? CollectError) ?? CollectError(.usage, "site configuration", "\(error)")
        }
        if output.pseudonyms.pseudonymKeyFile != "-" {
            options.pseudonymKey = try output.pseudonyms.key(level: output.redaction)
        }
        options.pseudonymMap = output.pseudonyms.pseudonymMap
        guard (1...12).contains(output.level) else { throw CollectError(.usage, "--level", "must be 1 to 12") }
        options.level = output.level
        options.threads = max(1, output.threads ?? Hardening.usableCores / 2)
        options.timeLimitSeconds = output.timeLimit?.value ?? 600
        guard options.timeLimitSeconds > 0 else { throw CollectError(.usage, "--time-limit", "must be more than 0") }
        options.maxItemSizeBytes = output.maxItemSize?.bytes
        options.maxSizeBytes = output.maxSize?.bytes
        options.delivery = try output.delivery()
        options.root = output.root
        guard output.root.hasPrefix("/") || NodeFiles().isFolder(PathText.absolute(output.root)) else {
            throw CollectError(.usage, "--root '\(output.root)'", "is no folder")
        }
        options.workParent = output.workDir
    }
}
