internal import Logs
internal import Platform
internal import SupportBundle

/// A group of like failures in the log, for people to choose from.
public struct FailureChoice: Sendable {
    public let title: String
    public let place: String
    public let count: Int
    public let firstSeen: String
    public let lastSeen: String
}

/// Chooses the failing request.
struct RequestFinder: Sendable {
    let options: CollectOptions
    let catalog: PlaybookCatalog
    var logs: [LogFile]
    /// Logs of the node's other components: looked at when the Message Processor's tell nothing.
    var otherLogs: [LogFile] = []
    /// Where the Router's access logs are, if there are any.
    var router: AccessLogFinder?
    let clock: RunClock
    let isCancelled: @Sendable () -> Bool

    struct Found: Sendable {
        var facts = CaseFacts()
        var failure: Manifest.Failure?
        /// The failing request's log records, as far as they are known by now.
        var records: [[UInt8]] = []
    }

    private static let dayMilliseconds = 24 * 3600 * 1000

    /// - Parameter choose: asked when there are several groups; returns an index. `nil`: the newest of the largest.
    func find(choose: (([FailureChoice]) -> Int?)?) throws(CollectError) -> Found {
        var found = Found()
        let now = LogInstant(milliseconds: clock.milliseconds)
        let since = try time(options.since, "--since", now)
        let until = try time(options.until, "--until", now)
        let day = LogInstant(milliseconds: now.milliseconds - Self.dayMilliseconds)
        // A log that the operator hands over may be of any age.
        let start = since ?? (options.logFiles.isEmpty ? day : nil)
        var groups = search(logs, since: start, until: until)
        if groups.isEmpty, options.messageID == nil { groups = search(otherLogs, since: start, until: until) }
        if let index = Self.pick(groups, messageID: options.messageID, choose: choose) {
            let group = groups[index]
            found.records = [group.newest.record.text]
            found.failure = Manifest.Failure(
                signature: group.signature, firstSeen: Self.text(group.firstSeen), lastSeen: Self.text(group.lastSeen),
                count: group.count,
                otherFailures: groups.indices.filter { $0 != index }.prefix(50).map { Self.describe(groups[$0]) })
            found.facts.adopt(group.newest)
            // The whole group tells the backend's end of the connection better than one record does.
            if let backend = group.backend { found.facts.backends = [.init(host: backend.host, port: backend.port)] }
        } else if let id = options.messageID {
            found.facts.messageID = id
            let records = LogSearch(files: logs, isCancelled: isCancelled).records(
                messageId: id, threads: options.threads
            ).records
            if let context = FailingRequestContext(records: records, signatures: signatures) {
                found.facts.adopt(context)
            }
            found.records = records.map(\.text)
        }
        // Words of a log say more than a row of the Router, so that comes last.
        if found.records.isEmpty, let router, options.org == nil, options.errorFiles.isEmpty,
            options.traceFiles.isEmpty,
            let row = router.newest(
                from: (start ?? day).milliseconds, to: (until ?? now).milliseconds, messageID: options.messageID)
        {
            found.facts.adopt(row)
        }
        found.facts.override(options)
        let time = found.facts.time ?? now.milliseconds
        let from = since?.milliseconds ?? time - 10 * 60_000
        found.facts.window = from...max(from, until?.milliseconds ?? time + 2 * 60_000)
        return found
    }

    /// What failures look like in a log. The first that fits a record counts: those with the longest text come first.
    private var signatures: [FailureSignature] {
        var known: Set<FailureSignature> = []
        for playbook in catalog.playbooks {
            for signature in playbook.signatures where signature.places.contains(.log) && !signature.isNearby {
                known.formUnion(signature.failureSignatures(api: ""))
            }
        }
        func length(_ signature: FailureSignature) -> Int { signature.fragments.reduce(0) { $0 + $1.utf8.count } }
        return known.sorted { a, b in
            (length(b), a.id, a.fragments.joined()) < (length(a), b.id, b.fragments.joined())
        }
    }

    /// Which of the signatures records of the last day show, whatever request they belong to.
    static func seen(_ signatures: [FailureSignature], in logs: [LogFile], before: Int) -> Set<String> {
        let report = LogSearch(files: logs).failures(
            since: LogInstant(milliseconds: before - dayMilliseconds), until: LogInstant(milliseconds: before),
            signatures: signatures)
        return Set(report.groups.map(\.signature))
    }

    private func search(_ logs: [LogFile], since: LogInstant?, until: LogInstant?) -> [FailureGroup] {
        guard !logs.isEmpty else { return [] }
        let report = LogSearch(files: logs, isCancelled: isCancelled).failures(
            since: since, until: until, signatures: signatures)
        return report.groups.filter { group in
            // Troubles of the platform name no proxy, some nothing at all.
            func fits(_ name: String?, _ wanted: String?) -> Bool {
                wanted == nil || name == wanted || group.newest.messageId == nil && (name ?? "").isEmpty
            }
            return fits(group.org, options.org) && fits(group.env, options.env) && fits(group.api, options.api)
        }
    }

    private static func pick(
        _ groups: [FailureGroup], messageID: String?, choose: (([FailureChoice]) -> Int?)?
    ) -> Int? {
        if let messageID { return groups.firstIndex { $0.newest.messageId == messageID } }
        guard !groups.isEmpty else { return nil }
        if groups.count > 1, let choose {
            let choices = groups.map { group in
                FailureChoice(
                    title: group.signature, place: place(group), count: group.count, firstSeen: text(group.firstSeen),
                    lastSeen: text(group.lastSeen))
            }
            if let index = choose(choices), groups.indices.contains(index) { return index }
        }
        return groups.indices.max { rank(groups[$0]) < rank(groups[$1]) }
    }

    /// Failing requests come before troubles that no request is named for.
    private static func rank(_ group: FailureGroup) -> (Int, Int, Int) {
        (group.newest.messageId == nil ? 0 : 1, group.count, group.lastSeen?.milliseconds ?? 0)
    }

    private static func place(_ group: FailureGroup) -> String {
        let backend = group.backend.map { "\($0.host):\($0.port)" }
        return [group.org, group.env, group.api, backend].compactMap(\.self).map { harmless($0) }.joined(
            separator: " / ")
    }

    private static func describe(_ group: FailureGroup) -> String {
        "\(group.signature): \(place(group)), \(group.count) times, last \(text(group.lastSeen))"
    }

    private static func text(_ time: LogInstant?) -> String { time?.iso8601() ?? "" }

    private func time(_ text: String?, _ option: String, _ now: LogInstant) throws(CollectError) -> LogInstant? {
        guard let text else { return nil }
        do throws(LogError) {
            return try LogInstant(argument: text, now: now)
        } catch {
            throw CollectError(
                .usage, "\(option) '\(harmless(text))'", "is no time",
                hint: "write 2026-11-23T10:00:00+01:00, '2026-11-23 10:00' (zone of the log), or 90m, 2h, 3d ago")
        }
    }
}
