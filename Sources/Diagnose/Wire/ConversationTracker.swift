internal import Packets
internal import Synchronization

/// Follows the TLS handshakes in a capture as it streams by. A scrubbed capture is enough.
///
/// Feed it the bytes of a pcap or pcapng file, as they come; ask it at any time, from any thread. Memory is bounded: at
/// most `maximumConnections` connections are kept, those that did not fail go first.
public final class ConversationTracker: Sendable {
    public static let maximumConnections = 4_096
    /// Bytes held for all of them together.
    static let maximumBytes = 32 << 20

    private let table = Mutex(ConversationTable())

    public init() {}

    /// Takes the next bytes of the capture.
    public func append(_ bytes: ArraySlice<UInt8>) { table.withLock { $0.append(bytes) } }

    /// Frames seen so far.
    public var packets: Int { table.withLock { $0.packets } }

    /// Frames that are no TCP over IP, or whose link type is not known.
    public var otherFrames: Int { table.withLock { $0.otherFrames } }

    /// Connections that were let go, as there were too many.
    public var forgotten: Int { table.withLock { $0.forgotten } }

    /// Why the capture could not be read to its end; nil while all is well.
    public var damage: String? { table.withLock { $0.damage } }

    /// All connections in the order of their first frames.
    public var connections: [TLSConnection] { table.withLock { $0.all.map(\.connection) } }

    /// Handshakes begun, whole or not.
    public var handshakeCount: Int {
        table.withLock { table in
            table.all.count { $0.isTLS && ($0.clientHello != nil || $0.serverHello != nil) }
        }
    }

    /// The handshakes that failed so far. Cheap: to be asked after every piece while a capture is running.
    /// - Parameter serverPort: only those to this port; nil for all.
    public func failedHandshakes(serverPort: Int?) -> [TLSConnection] {
        table.withLock { table in
            table.failed.compactMap { conversation in
                let server = conversation.clientSide ? conversation.key.second : conversation.key.first
                guard serverPort == nil || serverPort == Int(server.port) else { return nil }
                return conversation.connection
            }
        }
    }
}

/// The connections of a capture.
private struct ConversationTable {
    private var parser = CaptureParser()
    private var interfaces: [CaptureInterface] = []
    private var open: [FlowKey: Conversation] = [:]
    private(set) var all: [Conversation] = []
    private(set) var failed: [Conversation] = []
    private(set) var otherFrames = 0
    private(set) var forgotten = 0
    private(set) var damage: String?
    private var bytes = 0

    var packets: Int { parser.frameCount }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        parser.append(bytes)
        while let element = parser.next() {
            switch element {
            case .section: interfaces = []
            case .interface(let interface): interfaces.append(interface)
            case .frame(let frame): take(frame)
            case .skipped: break
            case .broken(let reason): damage = reason
            }
        }
    }

    private mutating func take(_ frame: CapturedFrame) {
        guard frame.interface < interfaces.count,
            let packet = PacketLayout(frame: frame.data, linkType: interfaces[frame.interface].linkType)?.ip,
            packet.fragment == .none, case .tcp(let segment) = packet.transport
        else {
            otherFrames += 1
            return
        }
        let (key, isFirst) = FlowKey.make(
            source: Endpoint(address: packet.source, port: segment.sourcePort),
            destination: Endpoint(address: packet.destination, port: segment.destinationPort))
        var conversation = conversation(key, frame)
        if segment.flags.contains(.syn), !conversation[isFirst].assembler.begin(initialSequence: segment.sequence) {
            open[key] = nil
            conversation = self.conversation(key, frame)
            _ = conversation[isFirst].assembler.begin(initialSequence: segment.sequence)
        }
        let before = conversation.outcome
        let held = conversation.footprint
        conversation.take(segment, of: frame, isFirst: isFirst)
        bytes += conversation.footprint - held
        if bytes > ConversationTracker.maximumBytes {
            conversation.shed(frame)
            forget()
        }
        if before != .failed, conversation.outcome == .failed { failed.append(conversation) }
    }

    private mutating func conversation(_ key: FlowKey, _ frame: CapturedFrame) -> Conversation {
        if let conversation = open[key] { return conversation }
        if all.count >= ConversationTracker.maximumConnections { forget() }
        let conversation = Conversation(key: key, frame: frame)
        open[key] = conversation
        all.append(conversation)
        return conversation
    }

    /// Lets the older half go, failed handshakes last.
    private mutating func forget() {
        let boring = all.prefix(all.count / 2).filter { $0.outcome != .failed }
        let gone = boring.isEmpty ? Array(all.prefix(all.count / 2)) : Array(boring)
        let identities = Set(gone.map(ObjectIdentifier.init))
        all.removeAll { identities.contains(ObjectIdentifier($0)) }
        failed.removeAll { identities.contains(ObjectIdentifier($0)) }
        for conversation in gone where open[conversation.key] === conversation { open[conversation.key] = nil }
        forgotten += gone.count
        bytes = all.reduce(0) { $0 + $1.footprint }
    }
}
