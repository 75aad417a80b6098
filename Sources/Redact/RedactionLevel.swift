/// How much is removed.
public enum RedactionLevel: String, Sendable, Codable, CaseIterable {
    /// Credentials, keys, tokens, cookies, session ids, passwords, payment cards, and e-mail addresses outside names.
    case secrets
    /// Also addresses, host and user names, personal parts of distinguished names, and bodies but for faults.
    case strict
}

/// What kind of bytes an input holds, as `--format` names it.
public enum ContentFormat: String, Sendable, CaseIterable {
    /// Decided by the first bytes and the file name.
    case auto
    case text, log, xml, json, properties, yaml, http, har
    case pcap
    case zip, tar, gzip, zstd, bzip2, xz
}
