internal import Diagnose
internal import Glibc
internal import Platform
internal import Redact
internal import SupportBundle

/// Asks the backend, in one TLS handshake without a client certificate, which issuers it accepts: `openssl s_client`
/// to the logged address, with the target endpoint's name as SNI. Of its output only the sections that are needed are
/// kept; the session keys never are.
struct AcceptedIssuersCollector: Collector {
    let name = "accepted issuers"
    let items: [ItemKind] = [.acceptedIssuers]
    let needs: [Fact] = [.proxyBundle, .targetServers]
    let provides: [Fact] = [.probed]
    let patience: Double? = 20
    let deadline: Double = 40

    func plan(_ context: PlanContext) -> [PlannedAction] {
        guard context.options.probe else {
            return [PlannedAction(.acceptedIssuers, .command, "", obstacle: "--no-probe was given")]
        }
        let targets = Self.targets(context.facts)
        guard !targets.isEmpty else {
            return [PlannedAction(.acceptedIssuers, .command, "openssl s_client -connect BACKEND:PORT")]
        }
        return targets.map { PlannedAction(.acceptedIssuers, .command, Self.arguments($0).joined(separator: " ")) }
    }

    func collect(_ context: RunContext) async {
        guard context.options.probe else {
            context.record(.acceptedIssuers, .skipped, reason: "--no-probe was given")
            return
        }
        let targets = Self.targets(context.caseFile.current)
        guard !targets.isEmpty else {
            context.record(
                .acceptedIssuers, .missing, reason: "the backend's address is not known",
                hint: "run it again with --host HOST:PORT")
            return
        }
        let path: String
        switch context.tools.find("openssl") {
        case .found(let found): path = found
        case .missing:
            context.record(
                .acceptedIssuers, .missing, reason: "there is no openssl on PATH",
                hint: "install openssl and run it again")
            return
        case .unsafe(let found):
            context.record(
                .acceptedIssuers, .missing, reason: "\(found) is not run as root: others than root may write it")
            return
        }
        for target in targets.prefix(4) where !context.isStopping {
            await Self.probe(target, path, as: .acceptedIssuers, context)
        }
    }

    /// The same probe for an item of another kind.
    static func probe(_ target: Target, as kind: ItemKind, _ context: RunContext) async {
        guard case .found(let path) = context.tools.find("openssl") else {
            context.record(
                kind, .partial, reason: "TLS was not tried: there is no openssl that may be run",
                hint: "install openssl and run it again")
            return
        }
        await probe(target, path, as: kind, context)
    }

    struct Target: Sendable, Equatable {
        var address: String
        var port: Int
        var serverName: String
    }

    static func targets(_ facts: CaseFacts) -> [Target] {
        var targets: [Target] = []
        for backend in facts.backends {
            let port = backend.port > 0 ? backend.port : (facts.port > 0 ? facts.port : 443)
            let target = Target(address: backend.host, port: port, serverName: facts.hostName)
            if !targets.contains(target) { targets.append(target) }
        }
        if targets.isEmpty, !facts.hostName.isEmpty, !facts.hostName.contains("{") {
            targets = [
                Target(address: facts.hostName, port: facts.port > 0 ? facts.port : 443, serverName: facts.hostName)
            ]
        }
        return targets
    }

    private static func arguments(_ target: Target) -> [String] {
        let host = target.address.contains(":") ? "[\(target.address)]" : target.address
        var arguments = ["openssl", "s_client", "-connect", "\(host):\(target.port)"]
        let isName =
            !target.serverName.isEmpty && target.serverName.contains { !$0.isHexDigit && $0 != "." && $0 != ":" }
        arguments += isName ? ["-servername", target.serverName] : ["-noservername"]
        return arguments
    }

    private static func probe(
        _ target: Target, _ path: String, as kind: ItemKind, _ context: RunContext
    ) async {
        guard HostName.isPlain(target.address), target.serverName.isEmpty || HostName.isPlain(target.serverName) else {
            context.record(
                kind, .missing, reason: "the backend's name has characters that no host name has")
            return
        }
        let arguments = Self.arguments(target)
        do {
            let (output, outcome) = try await context.runner.output(
                path, Array(arguments.dropFirst()), as: context.files.reader, seconds: 15, limit: 1 << 20)
            let kept = SClientOutput.kept(output + outcome.errorText)
            let complete = SClientOutput.wasAnswered(output)
            context.addItem(
                kind, file: "s_client-\(target.address)_\(target.port).txt",
                title: "TLS probe of \(target.address):\(target.port)",
                source: .init(type: .command, location: arguments.joined(separator: " ")), mediaType: "text/plain",
                format: .text, bytes: kept, state: complete ? .collected : .partial,
                reason: complete ? nil : "the backend did not answer the TLS handshake",
                notes: ["only the sections that the diagnosis needs were kept"], on: .messageProcessor)
        } catch {
            context.record(kind, .missing, reason: error.description, hint: error.hint)
        }
    }
}

/// The sections of `openssl s_client` that are kept.
enum SClientOutput {
    /// All but the PEM blocks of the server's certificate (it stands in the chain section by subject and issuer) and
    /// everything from `SSL-Session` on, which holds the master key and tickets.
    static func kept(_ output: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var inSession = false
        for line in output.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = String(decoding: line.prefix(4096), as: UTF8.self)
            if text.hasPrefix("SSL-Session:") || text.hasPrefix("Post-Handshake New Session Ticket") {
                inSession = true
            }
            if inSession {
                if text.hasPrefix("---") { inSession = false }
                let trimmed = text.drop { $0 == " " }
                if trimmed.hasPrefix("Verify return code") { kept += Array(trimmed.utf8) + [0x0A] }
                continue
            }
            kept += Array(text.utf8) + [0x0A]
        }
        while kept.suffix(2) == [0x0A, 0x0A] { kept.removeLast() }
        return kept
    }

    /// Whether a TLS server answered at all.
    static func wasAnswered(_ output: [UInt8]) -> Bool {
        let text = String(decoding: output, as: UTF8.self)
        return text.contains("Certificate chain") || text.contains("Acceptable client certificate CA names")
            || text.contains("No client certificate CA names sent") && !text.contains("no peer certificate available")
    }
}

/// Names that may stand in a command line or a capture filter.
enum HostName {
    /// Letters, digits, `.`, `-`, `_` and `:` (IPv6), not led by `-`.
    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && name.first != "-"
            && name.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || ".-_:".unicodeScalars.contains($0))
            }
    }
}
