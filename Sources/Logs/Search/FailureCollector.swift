/// Puts the records of failing requests together and counts them, in bounded memory.
///
/// A request's records (the handshake, its SSLInfo, the exception) share the message id but may stand among those of
/// others. So requests stay open until many newer ones have come, and are counted then.
struct FailureCollector {
    static let openRequests = 256
    static let groupLimit = 128
    private static let textLimit = 4096

    fileprivate struct OpenRequest {
        var signature: Int?
        var detail: String?
        var context: FailingRequestContext
    }

    private struct Key: Hashable {
        let signature: String
        let detail: String?
        let org: String?
        let env: String?
        let api: String?
        let backend: LoggedEndpoint?
    }

    private let signatures: [FailureSignature]
    private let matcher: SignatureMatcher
    private var open: [String: OpenRequest] = [:]
    /// The keys of `open`, the oldest first.
    private var order: [String] = []
    private var groups: [Key: FailureGroup] = [:]
    private var furtherRequests = 0
    /// How many failing requests name an end of a connection. The backend's end comes again, that of the Message
    /// Processor has another port every time.
    private var ends: [LoggedEndpoint: Int] = [:]
    private static let endLimit = 4096
    private var anonymous = 0

    /// Words of which a record must hold one to be of interest.
    let anchors: [[UInt8]]

    init(_ signatures: [FailureSignature]) {
        self.signatures = signatures
        matcher = SignatureMatcher(signatures)
        anchors = matcher.anchors + [LoggedSSLInfo.mark]
    }

    /// Takes notice of the walk's present record.
    mutating func look(at walk: borrowing RecordWalk) {
        let found = walk.withRecord { bytes -> (match: (index: Int, detail: String?)?, info: LoggedSSLInfo?) in
            guard anchors.contains(where: { bytes.firstIndex(of: $0) != nil }) else { return (nil, nil) }
            return (matcher.match(bytes), LoggedSSLInfo(bytes))
        }
        guard found.match != nil || found.info != nil else { return }
        let record = walk.record(textLimit: Self.textLimit)
        let channel = walk.withRecord { ChannelAddresses($0) }
        let key: String
        if let id = record.messageId {
            key = id
        } else {
            // Without an id nothing tells which other records belong to it.
            anonymous += 1
            key = " \(anonymous)"
        }
        if open[key] == nil {
            makeRoom()
            order.append(key)
            open[key] = OpenRequest(context: FailingRequestContext(record))
        }
        if let channel, open[key]?.context.channel == nil {
            for end in channel.candidates where ends.count < Self.endLimit || ends[end] != nil {
                ends[end, default: 0] += 1
            }
        }
        open[key]?.add(record, match: found.match, channel: channel, sslInfo: found.info)
    }

    private mutating func makeRoom() {
        guard order.count >= Self.openRequests else { return }
        // A quarter at once, so that the array is not moved for every request.
        for key in order.prefix(Self.openRequests / 4) {
            if let request = open.removeValue(forKey: key) { count(request) }
        }
        order.removeFirst(Self.openRequests / 4)
    }

    private func backend(of channel: ChannelAddresses) -> LoggedEndpoint? {
        let likely = channel.backend(knownPorts: [])
        guard channel.isUndecided, let likely, let other = channel.candidates.last else { return likely }
        return ends[other, default: 0] > ends[likely, default: 0] ? other : likely
    }

    private mutating func count(_ request: OpenRequest) {
        guard let index = request.signature else { return }
        let context = request.context
        let key = Key(
            signature: signatures[index].id, detail: request.detail, org: context.org, env: context.env,
            api: context.api, backend: context.channel.flatMap { backend(of: $0) })
        guard var group = groups[key] else {
            guard groups.count < Self.groupLimit else {
                furtherRequests += 1
                return
            }
            groups[key] = FailureGroup(
                signature: key.signature, detail: key.detail, org: key.org, env: key.env, api: key.api,
                backend: key.backend, count: 1, firstSeen: context.time, lastSeen: context.time, newest: context)
            return
        }
        group.count += 1
        if let time = context.time {
            group.firstSeen = min(group.firstSeen ?? time, time)
            group.lastSeen = max(group.lastSeen ?? time, time)
        }
        if (context.time ?? .distantPast) >= (group.newest.time ?? .distantPast) { group.newest = context }
        groups[key] = group
    }

    /// Counts the requests that are still open.
    mutating func finish() -> (groups: [FailureGroup], furtherRequests: Int) {
        for key in order {
            if let request = open.removeValue(forKey: key) { count(request) }
        }
        order = []
        let sorted = groups.values.sorted { left, right in
            if left.count != right.count { return left.count > right.count }
            let (earlier, later) = (left.lastSeen ?? .distantPast, right.lastSeen ?? .distantPast)
            return earlier != later ? earlier > later : left.newest.record.offset > right.newest.record.offset
        }
        return (sorted, furtherRequests)
    }
}

extension FailureCollector.OpenRequest {
    fileprivate mutating func add(
        _ record: LogRecord, match: (index: Int, detail: String?)?, channel: ChannelAddresses?, sslInfo: LoggedSSLInfo?
    ) {
        context.complete(with: record)
        context.channel = context.channel ?? channel
        context.sslInfo = context.sslInfo ?? sslInfo
        guard let match, match.index < signature ?? Int.max else { return }
        signature = match.index
        detail = match.detail
        context.record = record
    }
}

extension FailingRequestContext {
    init(_ record: LogRecord) {
        self.record = record
        messageId = record.messageId
        time = record.time
    }

    /// Takes what is not known yet from another record of the same request.
    mutating func complete(with record: LogRecord) {
        org = org ?? record.org.nonEmpty
        env = env ?? record.env.nonEmpty
        api = api ?? record.api.nonEmpty
        revision = revision ?? record.revision.nonEmpty
    }
}

extension String? {
    fileprivate var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
