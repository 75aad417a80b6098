/// What the parts of the scrubber share: what was removed, by rule, and what gives other names.
struct ScrubContext {
    /// Nil but at level `strict`.
    var names: PacketNames?
    var payloads = 0
    var tickets = 0
    var keyExchanges = 0
    var finished = 0
    /// Places where bytes of a stream were missing, late or cut.
    var gaps = 0

    var findings: [String: Int] {
        let all = [
            "packet-payload": payloads, "tls-session-ticket": tickets, "tls-client-key-exchange": keyExchanges,
            "tls-finished": finished,
        ]
        return all.filter { $0.value > 0 }
    }
}
