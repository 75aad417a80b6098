internal import Documents

/// The `SSLInfo` of a target endpoint, or the `sSLInfo` of a target server.
public struct SSLInfoFacts: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var clientAuthEnabled: Bool
    /// A name, `ref://NAME`, or a text with a flow variable in it.
    public var keyStore: String?
    public var keyAlias: String?
    public var trustStore: String?

    public init(
        enabled: Bool, clientAuthEnabled: Bool, keyStore: String? = nil, keyAlias: String? = nil,
        trustStore: String? = nil
    ) {
        self.enabled = enabled
        self.clientAuthEnabled = clientAuthEnabled
        self.keyStore = keyStore
        self.keyAlias = keyAlias
        self.trustStore = trustStore
    }

    init(element: XMLElement) {
        func text(_ name: String) -> String? {
            element.first(name).map(\.trimmedText).flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(
            enabled: text("Enabled")?.lowercased() == "true",
            clientAuthEnabled: text("ClientAuthEnabled")?.lowercased() == "true", keyStore: text("KeyStore"),
            keyAlias: text("KeyAlias"), trustStore: text("TrustStore"))
    }

    init(json: JSONValue) {
        func text(_ name: String) -> String? { json[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            enabled: json["enabled"]?.bool ?? false, clientAuthEnabled: json["clientAuthEnabled"]?.bool ?? false,
            keyStore: text("keyStore"), keyAlias: text("keyAlias"), trustStore: text("trustStore"))
    }
}

/// Where a `KeyStore` or `TrustStore` setting points.
public enum StoreReference: Equatable, Sendable {
    case keystore(String)
    /// `ref://NAME`: the name of a reference, which names the keystore.
    case reference(String)
    /// A flow variable, known at run time alone.
    case variable(String)

    public init(_ text: String) {
        if text.contains("{") {
            self = .variable(text)
        } else if text.hasPrefix("ref://") {
            self = .reference(String(text.dropFirst(6)))
        } else {
            self = .keystore(text)
        }
    }
}
