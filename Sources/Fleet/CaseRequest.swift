internal import Collect
internal import SupportBundle

/// The failing request that the case is about, and the node that knows most of it.
struct CaseRequest: Sendable {
    /// Of the node whose manifest leads.
    let lead: Int
    var request: Manifest.FailingRequest
    let messageID: String

    /// - Parameters:
    ///   - heads: at least one.
    ///   - wanted: the message id of the command line.
    init(_ heads: [NodeHead], wanted: String?) {
        let asked = wanted ?? CaseRequest.common(heads)
        func rank(_ index: Int) -> (Int, Int, Int, Int) {
            let manifest = heads[index].manifest
            let isIt = asked != nil && manifest.request.messageId == asked
            let isProcessor = manifest.items.contains { $0.kind == .errorMessage || $0.kind == .messageProcessorLog }
            return (
                isIt ? 1 : 0, manifest.failure == nil ? 0 : 1, isProcessor ? 1 : 0,
                manifest.diagnosis.count * 100 + manifest.items.count
            )
        }
        lead = heads.indices.max { rank($0) < rank($1) } ?? 0
        request = heads[lead].manifest.request
        messageID = asked ?? request.messageId
        request.messageId = messageID
        // What the lead does not know another may; only of the same request.
        for head in heads where head.manifest.request.messageId == messageID && !messageID.isEmpty {
            request.fill(from: head.manifest.request)
        }
    }

    /// The message id that most nodes name: of the group that failed most often where they disagree.
    private static func common(_ heads: [NodeHead]) -> String? {
        var weight: [String: (nodes: Int, failures: Int)] = [:]
        for head in heads where !head.manifest.request.messageId.isEmpty {
            weight[head.manifest.request.messageId, default: (0, 0)].nodes += 1
            weight[head.manifest.request.messageId, default: (0, 0)].failures += head.manifest.failure?.count ?? 0
        }
        return weight.max { a, b in
            (a.value.nodes, a.value.failures, b.key) < (b.value.nodes, b.value.failures, a.key)
        }?.key
    }
}

extension Manifest.FailingRequest {
    fileprivate mutating func fill(from other: Manifest.FailingRequest) {
        if org.isEmpty { (org, env) = (other.org, other.env) }
        if api.isEmpty { (api, revision) = (other.api, other.revision) }
        if revision.isEmpty, api == other.api { revision = other.revision }
        if host.isEmpty { (host, port, backendIp) = (other.host, other.port, other.backendIp) }
        if port == 0, host == other.host { port = other.port }
        if time.isEmpty { time = other.time }
        backendIp = backendIp ?? other.backendIp
        targetEndpoint = targetEndpoint ?? other.targetEndpoint
        keyAlias = keyAlias ?? other.keyAlias
        httpStatus = httpStatus ?? other.httpStatus
        faultCode = faultCode ?? other.faultCode
        faultSource = faultSource ?? other.faultSource
    }
}
