import Diagnose
import SupportBundle

/// Whatever the management API or an operator gives to the diagnosis: it reads what it can, and says what it could not.
enum FactFuzz: FuzzTarget {
    private static let kinds: [(ItemKind, String)] = [
        (.acceptedIssuers, "items/accepted-issuers/s_client.txt"), (.apiProxy, "items/api-proxy/p.zip"),
        (.apiProxy, "items/api-proxy/default.xml"), (.trace, "items/trace/trace.xml"),
        (.trace, "items/trace/trace.json"),
        (.keystoreCertificates, "items/keystore-certificates/keystore-k.json"),
        (.keystoreCertificates, "items/keystore-certificates/k-a.pem"),
        (.keystoreCertificates, "items/keystore-certificates/k-a.json"), (.references, "items/references/r.json"),
        (.targetServers, "items/target-servers/t.json"),
        (.truststoreCertificates, "items/truststore-certificates/t-a.json"),
        (.messageProcessorLog, "items/message-processor-log/system.log"),
        (.errorMessage, "items/error-message/records.log"),
    ]

    static var seeds: [[UInt8]] {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIBAA==\n-----END CERTIFICATE-----\n"
        let texts = [
            "Acceptable client certificate CA names\nC = AU, CN = a\n---\n s:CN = b\n i:CN = c\n" + pem, "",
            "<TargetEndpoint name='d'><HTTPTargetConnection><SSLInfo><Enabled>true</Enabled><KeyStore>ref://k</KeyStore>"
                + "</SSLInfo><URL>https://h</URL></HTTPTargetConnection></TargetEndpoint>",
            "<DebugSession><Messages><Point id='Error'><Property name='error.cause'>x</Property></Point></Messages></DebugSession>",
            "{\"point\":[{\"id\":\"Error\",\"results\":[{\"properties\":{\"property\":[{\"name\":\"error.cause\"}]}}]}]}",
            "{\"name\":\"k\",\"aliases\":[{\"aliasName\":\"a\",\"cert\":\"c\",\"key\":\"d\"}]}", pem,
            "{\"certInfo\":[{\"subject\":\"CN=a\",\"issuer\":\"CN=b\",\"expiryDate\":1,\"validFrom\":0}]}",
            "{\"name\":\"r\",\"refers\":\"k\",\"resourceType\":\"KeyStore\"}",
            "{\"name\":\"t\",\"host\":\"h\",\"port\":443,\"sSLInfo\":{\"enabled\":\"true\",\"keyStore\":\"k\"}}",
        ]
        return kinds.indices.flatMap { kind in texts.map { [UInt8(kind)] + Array($0.utf8) } }
            + [[1] + ContainerFuzz.pack("zip", Array(texts[2].utf8))]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let (kind, path) = input.choice(kinds)
        let bytes = input.rest()
        func verdicts() -> [Verdict] {
            var diagnosis = DiagnosisInput(
                playbook: "tls-bad-certificate", keyAlias: "a", serverPort: 443, backendIPs: ["10.0.0.2"])
            diagnosis.add(kind: kind, path: path, bytes: bytes)
            return Diagnosis.verdicts(diagnosis)
        }
        let first = verdicts()
        promise(first == verdicts(), "the same facts give the same verdicts")
        promise(
            first.allSatisfy { !$0.title.isEmpty && !$0.resolution.isEmpty || $0.confidence == .possible },
            "a verdict tells what to do")
    }
}
