/// Whether a client certificate may be used at all, whoever issued it.
enum LeafCheck {
    /// Why it is out of date at a time; nil when it is not.
    static func outOfDate(_ leaf: TLSConnection.Certificate, at time: String) -> String? {
        if !leaf.notAfter.isEmpty, Moment.isBefore(leaf.notAfter, time) { return Words.expired("on \(leaf.notAfter)") }
        if !leaf.notBefore.isEmpty, Moment.isBefore(time, leaf.notBefore) { return Words.notYetValid(leaf.notBefore) }
        return nil
    }

    static func wrongUsage(_ leaf: TLSConnection.Certificate) -> String? {
        wrongUsage(keyUsage: leaf.keyUsage, extended: leaf.extendedKeyUsage)
    }

    /// RFC 5280 sections 4.2.1.3 and 4.2.1.12; empty lists allow any use.
    static func wrongUsage(keyUsage: [String], extended: [String]) -> String? {
        if !extended.isEmpty, !extended.contains("clientAuth"), !extended.contains("anyExtendedKeyUsage") {
            return "the client certificate may not be used for client authentication: its extended key usage is "
                + extended.joined(separator: ", ")
        }
        if !keyUsage.isEmpty, !keyUsage.contains("digitalSignature") {
            return "the key of the client certificate may not sign, as client authentication needs: its key usage is "
                + keyUsage.joined(separator: ", ")
        }
        return nil
    }
}
