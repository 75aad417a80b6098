internal import Documents

/// Tells bodies that report a fault, which is evidence, from those that carry a user's data.
enum FaultText {
    enum Verdict {
        /// It stays: there is nothing in it, it was replaced before, or it is a fault and nothing else.
        case keep
        /// It holds a fault, given as JSON, beside other things.
        case shorten([UInt8])
        case remove
    }

    /// Names of members that faults are made of: Edge's own, its management API's, RFC 9457's and those of common
    /// servers.
    private static let members: Set<String> = [
        "fault", "faultstring", "faultcode", "detail", "errorcode", "reason", "code", "message", "contexts", "error",
        "error_description", "error_code", "cause", "status", "statusCode", "timestamp", "path", "type", "title",
        "requestId", "errors", "removed", "developerMessage", "domain",
    ]

    static func judge(_ body: [UInt8]) -> Verdict {
        let text = body.drop { $0.isSpace }
        let bare = Array(text.prefix { !$0.isSpace })
        if text.isEmpty || text.allSatisfy({ $0.isOne(of: "[]{}\"'") || $0.isSpace }) { return .keep }
        if Marker.isMarker(bare), text.dropFirst(bare.count).allSatisfy(\.isSpace) { return .keep }
        if text.first == UInt8(ascii: "@") { return .keep }
        if text.first == .less { return isServerPage(text) ? .keep : .remove }
        guard text.first == UInt8(ascii: "{"), let value = try? JSONValue(parsing: body), let object = value.object
        else { return .remove }
        if object["fault"]?.object != nil || isError(object), isFault(value, depth: 0) { return .keep }
        if let fault = object["fault"], fault.object != nil { return .shorten(fault.encoded()) }
        return .remove
    }

    private static func isError(_ object: JSONObject) -> Bool {
        let keys = Set(object.keys)
        return !keys.isDisjoint(with: ["error", "errorcode", "faultstring", "faultcode", "error_description"])
            || keys.isSuperset(of: ["code", "message"]) || keys.isSuperset(of: ["title", "status"])
    }

    /// Whether all members are of those that faults are made of.
    private static func isFault(_ value: JSONValue, depth: Int) -> Bool {
        switch value {
        case .object(let object):
            depth < 5 && object.members.allSatisfy { members.contains($0.key) && isFault($0.value, depth: depth + 1) }
        case .array(let elements): elements.count <= 20 && elements.allSatisfy { isFault($0, depth: depth + 1) }
        default: true
        }
    }

    /// The page of a Router or of another server that could not go on: `<title>502 Bad Gateway</title>`.
    private static func isServerPage(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count < 2_048 else { return false }
        return Window.over(Array(text)) { window in
            guard let title = window.findFolded("<title>", from: 0, to: window.upper) else { return false }
            return window.slice(title + 7, title + 10).allSatisfy(\.isDigit) && window[title + 10] == .space
                && window.findFolded("<form", from: 0, to: window.upper) == nil
                && window.findFolded("<input", from: 0, to: window.upper) == nil
        }
    }
}
