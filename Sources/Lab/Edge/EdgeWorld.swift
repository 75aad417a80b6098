import Foundation

/// What the imitated Edge knows: one organization with one environment, one proxy and its stores.
struct EdgeWorld: Sendable {
    /// A keystore or trust store.
    struct Store: Sendable {
        let name: String
        /// Alias, and the chain that it holds, leaf first.
        let aliases: [(name: String, chain: [Certificate], hasKey: Bool)]
        /// The hash that Java prints after `java.security.KeyStore@`.
        let hash: String
    }

    let names: LabNames
    let keystore: Store
    let truststore: Store
    let secrets: PlantedSecrets
    let bundle: ProxyBundle
    let bundleZip: Data
    let user: String
    let backendHost: String
    let backendPort: Int
    let routerPort: Int
    let variants: LabVariants
    let serverID = UUID().uuidString.lowercased()
    let createdAt = Int(Date().timeIntervalSince1970) * 1000 - 86_400_000 * 90

    var stores: [Store] { [keystore, truststore] }

    func store(named name: String) -> Store? { stores.first { $0.name == name } }

    /// `SSLInfo` as a target server's JSON has it.
    var sslInfo: [String: Any] {
        [
            "ciphers": [String](), "clientAuthEnabled": "true", "enabled": "true", "ignoreValidationErrors": false,
            "keyAlias": names.keyAlias, "keyStore": bundle.keystoreName, "protocols": [String](),
            "trustStore": bundle.truststoreName,
        ]
    }
}
