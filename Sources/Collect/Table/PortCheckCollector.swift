internal import Documents
internal import EdgeAPI
internal import Glibc
internal import Platform
internal import Redact
internal import SupportBundle

/// Whether ports of other nodes can be reached from this one.
struct PortCheckCollector: Collector {
    enum Target: Sendable { case messageProcessors, dataStores }

    let source: ItemSource
    let target: Target

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }

    struct Place: Hashable, Sendable {
        let host: String
        let port: Int
        /// How it is known.
        let from: String
    }

    private static let limit = 64

    func plan(_ context: PlanContext) -> [PlannedAction] {
        [PlannedAction(source.item, .command, "TCP connections: " + source.how)]
    }

    func collect(_ context: RunContext) async {
        let places = target == .messageProcessors ? await messageProcessors(context) : dataStores(context)
        guard !places.isEmpty else {
            context.recordAbsent(
                source,
                reason: target == .messageProcessors
                    ? "the Message Processors are not known: the management API names them"
                    : "no host of ZooKeeper or Cassandra is named in the settings of this node, or connected to it")
            return
        }
        var text = ""
        for place in places.prefix(Self.limit) where !context.isStopping {
            text += await HostCheck(context: context).line(place.host, place.port, "from \(place.from)") + "\n"
        }
        context.addItem(
            source.item, file: source.id + ".txt", title: source.title,
            source: .init(type: .command, location: "TCP connections from this node"), mediaType: "text/plain",
            format: .text, bytes: Array(text.utf8),
            notes: places.count > Self.limit ? ["the first \(Self.limit) of \(places.count) hosts"] : [],
            on: target == .messageProcessors ? .managementServer : .messageProcessor)
    }

    /// Those that the management server knows, and the one of this node.
    private func messageProcessors(_ context: RunContext) async -> [Place] {
        let port = context.options.componentPorts[8082] ?? 8082
        var places: [Place] = []
        if let edge = context.edge {
            let target = APITarget("servers?pod=gateway&type=message-processor", context.caseFile.current)
            do throws(EdgeError) {
                let answer = try JSONAnswer(try await target.get(edge))
                for server in answer.value.array ?? [] {
                    guard (server["type"]?.strings ?? []).contains("message-processor") else { continue }
                    let host = server["internalIP"]?.string ?? server["internalHostName"]?.string ?? ""
                    if HostName.isPlain(host) {
                        places.append(Place(host: host, port: port, from: "the management server"))
                    }
                }
            } catch {
                context.record(source.item, .partial, reason: "\(source.id): \(error.description)", hint: error.hint)
            }
        } else if let obstacle = context.edgeObstacle {
            context.record(source.item, .partial, reason: obstacle.reason ?? "", hint: obstacle.hint)
        }
        if EdgeComponent.of(port: 8082)?.isInstalled(context.files) == true {
            places.append(Place(host: "127.0.0.1", port: port, from: "this node"))
        }
        return Self.unique(places)
    }

    /// What the settings name, what this node is connected to, and what is installed on it.
    private func dataStores(_ context: RunContext) -> [Place] {
        let ports = context.options.componentPorts
        var places: [Place] = []
        for standard in [2181, 9042] {
            let word = standard == 2181 ? "zookeeper" : "cassandra"
            let port = ports[standard] ?? standard
            places += StoreHosts.named(word, context.files).map {
                Place(host: $0.host, port: $0.port ?? port, from: "settings")
            }
            places += StoreHosts.connected(port).map { Place(host: $0, port: port, from: "open connections") }
            if EdgeComponent.of(port: standard)?.isInstalled(context.files) == true {
                places.append(Place(host: "127.0.0.1", port: port, from: "this node"))
            }
        }
        return Self.unique(places)
    }

    private static func unique(_ places: [Place]) -> [Place] {
        var seen: Set<String> = []
        return places.filter { seen.insert("\($0.host) \($0.port)").inserted }
    }
}

/// Where this node's settings and connections say that a data store is. Which setting names it differs between
/// versions, so every one that speaks of the store's hosts counts.
enum StoreHosts {
    private static let folders = [
        "/opt/apigee/customer/application", "/opt/apigee/token/application", "/opt/apigee/edge-message-processor/conf",
        "/opt/apigee/edge-management-server/conf",
    ]
    private static let words = ["host", "connect", "contact", "server", "node", "seed"]

    static func named(_ store: String, _ files: NodeFiles) -> [(host: String, port: Int?)] {
        var hosts: [(host: String, port: Int?)] = []
        for folder in folders {
            for entry in (try? files.list(folder)) ?? [] where entry.name.hasSuffix(".properties") {
                guard entry.isRegular, let text = files.text(folder + "/" + entry.name, limit: 1 << 20) else {
                    continue
                }
                for (key, line) in EffectiveTokens.settings(text) {
                    let key = key.lowercased()
                    guard key.contains(store) || entry.name.contains(store), words.contains(where: key.contains) else {
                        continue
                    }
                    hosts += Self.hosts(line.drop { $0 != "=" && $0 != ":" }.dropFirst())
                }
            }
        }
        return hosts
    }

    /// `host`, `host:port`, several with commas or blanks between; whatever else stands there names no host.
    static func hosts(_ value: Substring) -> [(host: String, port: Int?)] {
        value.split { ",; \t".contains($0) }.compactMap { word in
            let parts = word.split(separator: ":", maxSplits: 2)
            guard let host = parts.first.map(String.init), parts.count <= 2, HostName.isPlain(host) else { return nil }
            let port = parts.count == 2 ? Int(parts[1]).flatMap { (1...65_535).contains($0) ? $0 : nil } : nil
            if parts.count == 2, port == nil { return nil }
            // Numbers, and names of Java classes, name no host.
            let isName = host.contains { $0.isLetter } && (port != nil || host == "localhost" || host.contains("."))
            let isClass = ["com", "org", "net", "java", "io"].contains(host.prefix { $0 != "." }) && port == nil
            guard HostCheck.isAddress(host) || isName && !isClass else { return nil }
            return (host, port)
        }
    }

    /// Addresses of the other ends of this node's TCP connections to a port (proc(5), /proc/net/tcp).
    static func connected(_ port: Int) -> [String] {
        let proc = NodeFiles(root: "/")
        var found: [String] = []
        for name in ["tcp", "tcp6"] {
            for line in (proc.text("/proc/net/\(name)", limit: 4 << 20) ?? "").split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 3 else { continue }
                let remote = fields[2].split(separator: ":")
                guard remote.count == 2, Int(remote[1], radix: 16) == port, let address = address(remote[0]),
                    !found.contains(address)
                else { continue }
                found.append(address)
            }
        }
        return found
    }

    /// Eight or 32 hexadecimal digits, each group of eight a word in this machine's order.
    static func address(_ digits: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = digits
        while rest.count >= 8 {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: word.littleEndian >> (8 * UInt32($0))) }
            rest = rest.dropFirst(8)
        }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.count == 16, Array(bytes.prefix(12)) == mapped { bytes = Array(bytes.suffix(4)) }
        var text = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16,
            unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil
        else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
