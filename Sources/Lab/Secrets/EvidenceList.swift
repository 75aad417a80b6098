import Foundation

/// Collects what a bundle about a scenario must still show.
enum EvidenceList {
    static func make(world: EdgeWorld, pki: LabPKI, scenario: Scenario, first: MessageProcessor.Played?) -> [Evidence] {
        let names = world.names
        var list: [Evidence] = []
        func add(_ name: String, _ value: String, _ items: String...) {
            list.append(Evidence(name: name, value: value, items: items))
        }
        add("organization", names.org, "error-message", "api-proxy")
        add("environment", names.env, "error-message")
        add("api", names.api, "error-message", "api-proxy")
        add("backend-port", String(world.backendPort), "api-proxy", "target-servers")
        if let first, first.isFailed {
            add("message-id", first.messageID, "error-message", "message-processor-log")
            add("key-alias", names.keyAlias, "error-message", "api-proxy")
            add("keystore-hash", "java.security.KeyStore@\(world.keystore.hash)", "error-message")
            add("truststore-hash", "java.security.KeyStore@\(world.truststore.hash)", "error-message")
            add("stack-frame", FailureRecords.apigee[3].trimmingCharacters(in: .whitespaces), "error-message")
            add("log-address", "127.0.0.1:\(world.backendPort)", "error-message")
            add("failure", first.message, "error-message")
            add("fault-code", FaultBody.handshake(first.message).code, "trace")
            add("fault-string", FaultBody.handshake(first.message).string, "trace")
            // Only where the answer of the router was kept as it came.
            add("fault-json", first.body, "curl-answer")
        }
        if let leaf = world.keystore.aliases.first?.chain.first {
            add("client-certificate-issuer", PlantedSecret.jsonEscaped(leaf.issuer.javaText), "keystore-certificates")
            add("client-certificate-subject", PlantedSecret.jsonEscaped(leaf.subject.javaText), "keystore-certificates")
            add("client-certificate-serial", leaf.colonSerial, "keystore-certificates")
        }
        if let trusted = world.truststore.aliases.first?.chain.first {
            add("truststore-serial", trusted.colonSerial, "truststore-certificates")
        }
        for (name, authority) in [("accepted-root", pki.acceptedRoot), ("accepted-issuer", pki.acceptedIssuer)] {
            add("\(name)-common-name", authority.subject.attributes.last?.value ?? "", "accepted-issuers")
            add("\(name)-domain-component", authority.subject.attributes[1].value, "accepted-issuers")
        }
        return list
    }
}
