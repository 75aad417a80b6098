internal import Documents

/// Answers of the management API about target servers, references and keystores.
enum APIAnswer {
    /// Reads a JSON answer; an error answer (`{code, message}`) is thrown as such.
    static func read(_ bytes: [UInt8], _ subject: String) throws(FactError) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, name: subject)
        } catch {
            throw FactError(.damaged, subject, "\(error.reason) in line \(error.line)")
        }
        if let code = value["code"]?.string, value["message"] != nil, value["name"] == nil {
            throw FactError(.apiError, subject, "the management API answered \(code.prefix(120))")
        }
        return value
    }

    static func name(in value: JSONValue, _ subject: String) throws(FactError) -> String {
        guard let name = value["name"]?.string, !name.isEmpty else {
            throw FactError(.unexpectedFormat, subject, "there is no name in it")
        }
        return name
    }
}

/// A target server of an environment.
public struct TargetServerFacts: Codable, Equatable, Sendable {
    public var name: String
    public var host: String?
    public var port: Int?
    public var isEnabled: Bool
    public var sslInfo: SSLInfoFacts?

    /// Reads the answer of `GET …/targetservers/{name}`.
    /// - Throws: `FactError` when it is none.
    public static func read(json bytes: [UInt8]) throws(FactError) -> TargetServerFacts {
        let value = try APIAnswer.read(bytes, "target server")
        return TargetServerFacts(
            name: try APIAnswer.name(in: value, "target server"), host: value["host"]?.string, port: value["port"]?.int,
            isEnabled: value["isEnabled"]?.bool ?? true,
            sslInfo: value["sSLInfo"].flatMap { $0.object == nil ? nil : SSLInfoFacts(json: $0) })
    }
}

/// A reference: a name that stands for a keystore or trust store.
public struct ReferenceFacts: Codable, Equatable, Sendable {
    public var name: String
    /// The store that it names; nil when it names none.
    public var refers: String?
    public var resourceType: String?

    /// Reads the answer of `GET …/references/{name}`.
    /// - Throws: `FactError` when it is none.
    public static func read(json bytes: [UInt8]) throws(FactError) -> ReferenceFacts {
        let value = try APIAnswer.read(bytes, "reference")
        return ReferenceFacts(
            name: try APIAnswer.name(in: value, "reference"),
            refers: value["refers"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            resourceType: value["resourceType"]?.string)
    }
}

/// A keystore or trust store: names alone, never keys.
public struct KeystoreFacts: Codable, Equatable, Sendable {
    public struct Alias: Codable, Equatable, Sendable {
        public var name: String
        /// Name of its certificate.
        public var cert: String?
        /// Name of its private key; nil when it has none.
        public var key: String?
    }

    public var name: String
    public var certs: [String]
    public var keys: [String]
    public var aliases: [Alias]

    /// Reads the answer of `GET …/keystores/{name}`.
    /// - Throws: `FactError` when it is none.
    public static func read(json bytes: [UInt8]) throws(FactError) -> KeystoreFacts {
        let value = try APIAnswer.read(bytes, "keystore")
        guard value["certs"] != nil || value["keys"] != nil || value["aliases"] != nil else {
            throw FactError(.unexpectedFormat, "keystore", "there are neither certs nor keys nor aliases in it")
        }
        func text(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.isEmpty ? nil : $0 } }
        let aliases = (value["aliases"]?.array ?? []).prefix(4_096).compactMap { entry -> Alias? in
            guard let name = text(entry["aliasName"]) ?? text(entry["alias"]) ?? text(entry) else { return nil }
            return Alias(name: name, cert: text(entry["cert"]), key: text(entry["key"]))
        }
        return KeystoreFacts(
            name: try APIAnswer.name(in: value, "keystore"), certs: value["certs"]?.strings ?? [],
            keys: value["keys"]?.strings ?? [], aliases: aliases)
    }

    /// The alias of that name.
    public func alias(_ name: String) -> Alias? { aliases.first { $0.name == name } }

    /// Whether an alias has a private key. Answers name it in the alias, in the list of keys, or in both.
    public func hasKey(_ alias: Alias) -> Bool {
        alias.key != nil || keys.contains(alias.name) || keys.contains(alias.name + "-key")
    }
}
