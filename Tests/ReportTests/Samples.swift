import Documents
import SupportBundle

/// Manifests as a run on a Message Processor would write them.
enum Samples {
    static let hash = String(repeating: "0a1b2c3d", count: 8)

    /// A run that got all but the trace, with the verdict of an empty client certificate.
    static var partial: Manifest {
        var manifest = bare
        manifest.case = Manifest.SupportCase(id: "7123456")
        manifest.product = Manifest.Product(version: "4.52.00", components: ["edge-message-processor", "edge-router"])
        manifest.node = Manifest.Node(
            hostname: "mp-1.internal", os: "Red Hat Enterprise Linux 8.9", kernel: "4.18.0", timezone: "Europe/Berlin",
            clockOffsetMs: -12)
        manifest.failure = Manifest.Failure(
            signature: "bad_certificate", firstSeen: "2026-11-23T08:12:40.101+01:00",
            lastSeen: "2026-11-23T10:00:01.217+01:00", count: 42,
            otherFailures: ["handshake_failure at acme/test/orders, 3 times"])
        manifest.request.backendIp = "10.20.30.40"
        manifest.request.targetEndpoint = "default"
        manifest.request.keyAlias = "client-2026"
        manifest.request.httpStatus = 503
        manifest.request.faultCode = "messaging.adaptors.http.flow.ServiceUnavailable"
        manifest.request.faultSource = "target"
        manifest.mustCollect = mustCollect
        manifest.items = items
        manifest.diagnosis = [noClientCertificate]
        manifest.redaction.findings = [
            "authorization-header": 31, "cookie": 12, "tls-client-key-exchange": 2, "jwt": 4,
        ]
        manifest.redaction.learnedSecrets = 5
        manifest.leakScan = Manifest.LeakScan(state: .clean, suspicions: [])
        manifest.tried = [
            Manifest.TriedStep(step: "message-id", title: "Find the message id of the failing request"),
            Manifest.TriedStep(
                step: "restart", title: "Restarted the Message Processor", note: "no change, 2026-11-22 18:00"),
        ]
        return manifest
    }

    /// The same with nothing missing.
    static var complete: Manifest {
        var manifest = partial
        manifest.complete = true
        for index in manifest.mustCollect.indices {
            manifest.mustCollect[index].state = .collected
            manifest.mustCollect[index].reason = nil
            manifest.mustCollect[index].hint = nil
        }
        return manifest
    }

    /// As little as a manifest can hold.
    static var bare: Manifest {
        var request = Manifest.FailingRequest(
            org: "acme", env: "prod", api: "payments", revision: "7",
            messageId: "rrt-0f9a5b21c3d4e5f60-a-eu-1234-567-8",
            host: "payments.backend.example", port: 8443, time: "2026-11-23T10:00:01.217+01:00",
            window: Manifest.SpanOfTime(from: "2026-11-23T09:50:01+01:00", to: "2026-11-23T10:02:01+01:00"))
        request.httpStatus = nil
        return Manifest(
            tool: Manifest.Tool(version: "0.1.0"),
            bundle: Manifest.Identity(
                id: "5f0c1a52-9a51-4c3e-8f9e-0d8c6c7c1f10", name: "apigee-support-acme-prod-20261123T090412Z-mp-1",
                createdAt: "2026-11-23T09:04:12Z"),
            mode: .private,
            playbook: Manifest.PlaybookReference(
                id: "tls-bad-certificate", version: 1, title: "SSL handshake failure: bad client certificate",
                source:
                    "https://docs.apigee.com/api-platform/troubleshoot/runtime/ssl-handshake-failure-bad-client-cert",
                why: "the log shows that the backend ended the TLS handshake with the alert bad_certificate"),
            ranAs: Manifest.RanAs(user: "ops", root: true), argv: ["apigee-collect", "--case", "7123456"],
            request: request,
            redaction: Manifest.RedactionSummary(level: "secrets", rules: 48, rulesSha256: hash),
            limits: Manifest.Limits(timeLimitSeconds: 600, maxItemSizeBytes: 50_000_000, captureSeconds: 60, threads: 2)
        )
    }

    static let mustCollect: [Manifest.MustCollect] = [
        Manifest.MustCollect(item: .errorMessage, required: true, state: .collected),
        Manifest.MustCollect(item: .apiProxy, required: true, state: .collected),
        Manifest.MustCollect(
            item: .trace, required: true, state: .missing,
            reason: "a trace is made in the Edge UI, or by sending the request again",
            hint: "apigee-collect add apigee-support-acme-prod-20261123T090412Z-mp-1.tar.gz --trace FILE"),
        Manifest.MustCollect(item: .messageProcessorLog, required: true, state: .collected),
        Manifest.MustCollect(item: .packetCapture, required: true, state: .collected),
        Manifest.MustCollect(item: .keystoreCertificates, required: true, state: .collected),
        Manifest.MustCollect(item: .truststoreCertificates, required: false, state: .collected),
        Manifest.MustCollect(
            item: .acceptedIssuers, required: false, state: .partial, reason: "the backend closed the connection early",
            hint: "ask the backend team for the issuers of client certificates that it accepts"),
        Manifest.MustCollect(item: .references, required: false, state: .collected),
        Manifest.MustCollect(item: .targetServers, required: false, state: .skipped, reason: "the proxy names none"),
        Manifest.MustCollect(item: .tried, required: true, state: .collected),
    ]

    static var items: [Manifest.Item] {
        var log = item(.messageProcessorLog, "system.log", "Log of the Message Processor", bytes: 1_482_311)
        log.truncated = Manifest.Truncation(how: "only the time window was taken", bytes: 91_000_000)
        log.redactions = ["authorization-header": 31, "cookie": 12]
        var capture = item(
            .packetCapture, "capture.pcap", "Packets between Message Processor and backend", bytes: 48_220)
        capture.source = Manifest.Source(
            type: .capture, location: "tcpdump -i any -s 0 -w - host 10.20.30.40 and tcp port 8443")
        capture.capture = Manifest.Capture(
            linkType: "LINUX_SLL2", filter: "host 10.20.30.40", packets: 212, droppedByKernel: 0, handshakes: 3,
            failures: 3)
        return [
            item(.errorMessage, "records.log", "Log records of the failing message", bytes: 5_120),
            item(.apiProxy, "payments_rev7.zip", "Exported revision of the API proxy", bytes: 23_961), log, capture,
            item(.keystoreCertificates, "keystore-backendKeys.json", "Keystore backendKeys", bytes: 812),
            item(
                .keystoreCertificates, "backendKeys-client-2026-cert.json", "Certificate of client-2026", bytes: 2_011),
            item(.tried, "tried.txt", "What was tried", bytes: 77),
        ]
    }

    static func item(_ kind: ItemKind, _ file: String, _ title: String, bytes: Int) -> Manifest.Item {
        var item = Manifest.Item(
            kind: kind, path: "items/\(kind.rawValue)/\(file)", title: title,
            source: Manifest.Source(type: .file, location: "/opt/apigee/var/log/edge-message-processor/logs/\(file)"),
            bytes: bytes, sha256: hash, startedAt: "2026-11-23T09:03:10Z", durationMs: 312, rawBytes: bytes)
        item.collectedOn = Manifest.Place(node: "mp-1.internal", role: .messageProcessor)
        return item
    }

    static let noClientCertificate = Verdict(
        playbook: "tls-bad-certificate", cause: "no-client-certificate",
        title: "The Message Processor has no client certificate to send", confidence: .certain,
        summary:
            "The backend asked for a client certificate, the Message Processor answered with an empty list, and the "
            + "backend ended the handshake with the alert bad_certificate. The keystore backendKeys has no certificate "
            + "under the alias client-2026.",
        evidence: [
            Verdict.Evidence(
                item: .packetCapture, path: "items/packet-capture/capture.pcap", location: "frame 9",
                text: "Certificate message of the client with length 0"),
            Verdict.Evidence(
                item: .packetCapture, path: "items/packet-capture/capture.pcap", location: "frame 11",
                text: "Alert of the backend: fatal bad_certificate (42)"),
            Verdict.Evidence(
                item: .keystoreCertificates, path: "items/keystore-certificates/keystore-backendKeys.json",
                location: "certs", text: "The list of certificates is empty"),
        ],
        resolution: [
            "Upload the client's certificate chain and private key to the keystore under the alias that SSLInfo names.",
            "Check that SSLInfo sets ClientAuthEnabled to true and names that keystore and alias; redeploy the proxy.",
        ],
        ruledOut: [
            Verdict.RuledOut(cause: "issuer-not-accepted", why: "no certificate was sent whose issuer could count")
        ],
        wouldSettle: [])

    /// What `diagnose --json` says about the capture.
    static let connections: JSONValue = [
        "schema": 1,
        "connections": [
            [
                "client": ["ip": "10.20.30.7", "port": 52344], "server": ["ip": "10.20.30.40", "port": 8443],
                "firstFrame": 1, "startedAt": "2026-11-23T09:03:12.120031Z", "tls": true,
                "sni": "payments.backend.example",
                "version": "TLS 1.2", "cipher": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "outcome": "failed",
                "serverCertificates": [
                    [
                        "subject": "CN=payments.backend.example,O=Backend Ltd",
                        "issuer": "CN=Backend Issuing CA,O=Backend Ltd",
                        "notAfter": "2027-06-01T00:00:00Z",
                    ]
                ],
                "certificateRequest": [
                    "frame": 6,
                    "authorities": ["CN=Partner CA,O=Backend Ltd,C=DE", "CN=Partner CA 2,O=Backend Ltd,C=DE"],
                ],
                "clientCertificate": ["frame": 9, "count": 0, "certificates": []],
                "alerts": [
                    [
                        "frame": 11, "from": "server", "level": "fatal", "code": 42, "description": "bad_certificate",
                        "encrypted": false,
                    ]
                ],
                "messages": [
                    ["frame": 4, "from": "client", "type": "client_hello", "length": 243],
                    ["frame": 6, "from": "server", "type": "server_hello", "length": 87],
                    ["frame": 6, "from": "server", "type": "certificate", "length": 1893],
                    ["frame": 6, "from": "server", "type": "server_key_exchange", "length": 365],
                    ["frame": 6, "from": "server", "type": "certificate_request", "length": 148],
                    ["frame": 6, "from": "server", "type": "server_hello_done", "length": 0],
                    ["frame": 9, "from": "client", "type": "certificate", "length": 3],
                    ["frame": 9, "from": "client", "type": "client_key_exchange", "length": 66],
                    ["frame": 9, "from": "client", "type": "change_cipher_spec", "length": 1],
                    ["frame": 9, "from": "client", "type": "encrypted", "length": 40],
                    ["frame": 11, "from": "server", "type": "alert", "length": 2],
                ],
                "warnings": [],
            ],
            ["tls": true, "outcome": "completed"], ["tls": false],
        ],
    ]
}
