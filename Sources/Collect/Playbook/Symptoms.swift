internal import Logs

/// What is known of a failure when its playbook is chosen.
struct Symptoms: Sendable {
    var httpStatus: Int?
    var faultCode: String?
    var faultSource: String?
    var api = ""
    /// Texts, by where they come from: the failing request's log records, what the client got, the trace.
    private(set) var texts: [(place: Playbook.Place, bytes: [UInt8])] = []
    /// Ids of signatures that other records of the log show.
    var seenNearby: Set<String> = []

    /// Of a file more is not looked at.
    private static let limit = 4 << 20

    mutating func add(_ place: Playbook.Place, _ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let text = Array(bytes.prefix(Self.limit))
        texts.append((place, text))
        let told = FaultText(text)
        faultSource = faultSource ?? told.source
        switch place {
        case .log: faultCode = faultCode ?? told.code
        case .response:
            httpStatus = httpStatus ?? FaultBody.status(text)
            faultCode = faultCode ?? FaultBody(text).errorCode ?? told.code
        case .trace:
            httpStatus = httpStatus ?? told.status
            faultCode = faultCode ?? told.code
        }
    }

    func has(_ place: Playbook.Place) -> Bool { texts.contains { $0.place == place } }

    /// Whether a text names an error code.
    func mentions(_ code: String) -> Bool {
        faultCode == code || texts.contains { TextSearch.firstIndex(of: Array(code.utf8), in: $0.bytes) != nil }
    }

    /// Where a signature shows.
    func place(of signature: Playbook.Signature) -> Playbook.Place? {
        if seenNearby.contains(signature.id) { return .log }
        let known = signature.failureSignatures(api: api)
        return texts.first { text in
            signature.places.contains(text.place) && known.contains { $0.isShown(by: text.bytes) }
        }?.place
    }
}

extension Playbook.Signature {
    /// Whether records of other requests to the same proxy count too.
    var isNearby: Bool { all.contains { $0.contains("{api}") } }

    /// The signature as the log's search takes it: one for each of its fragments, which stand for each other.
    func failureSignatures(api: String) -> [FailureSignature] {
        let together = all.map { $0.replacing("{api}", with: api) }
        if fragments.isEmpty { return [FailureSignature(id: id, fragments: together, without: without)] }
        return fragments.map { FailureSignature(id: id, fragments: [$0] + together, without: without) }
    }
}
