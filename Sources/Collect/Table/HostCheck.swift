internal import Platform

/// Looks a host up and connects to a port of it, and says in a line what came of it.
struct HostCheck: Sendable {
    let context: RunContext

    private static let milliseconds = 5000

    /// `10.0.0.1:8082 connected in 2 ms (from …)`.
    func line(_ host: String, _ port: Int, _ note: String) async -> String {
        let addresses = await addresses(host)
        guard let address = addresses.first else { return "\(host):\(port) has no address: DNS knows none (\(note))" }
        let shown = address == host ? host : "\(host) (\(address))"
        return "\(shown):\(port) \(await connect(address, port)) (\(note))"
    }

    func connect(_ address: String, _ port: Int) async -> String {
        let result = await Blocking.run { () -> Result<Int, TCPProbe.Failure> in
            Result { () throws(TCPProbe.Failure) in
                try TCPProbe(address: address, port: port).connect(milliseconds: Self.milliseconds)
            }
        }
        switch result {
        case .success(let milliseconds): return "connected in \(milliseconds) ms"
        case .failure(let failure): return failure.text
        }
    }

    /// The addresses of a host, in the resolver's order. getent(1) asks, since the C library's resolver can't be given
    /// a deadline.
    func addresses(_ host: String) async -> [String] {
        if Self.isAddress(host) { return [host] }
        guard
            case .found(let getent, let identity) = NodeTool.find("getent", tools: context.tools, files: context.files),
            HostName.isPlain(host),
            let (bytes, _) = try? await context.runner.output(
                getent, ["ahosts", host], as: identity, seconds: 10, limit: 65_536)
        else { return [] }
        var found: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let address = line.split(separator: " ").first.map(String.init), !found.contains(address) else {
                continue
            }
            found.append(address)
        }
        return found
    }

    static func isAddress(_ host: String) -> Bool {
        host.contains(":")
            || host.split(separator: ".", omittingEmptySubsequences: false).count == 4
                && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
