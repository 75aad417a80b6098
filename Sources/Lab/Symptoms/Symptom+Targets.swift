/// Between Message Processor and backend, and between client and Router.
extension Symptom {
    private static let unavailable = "The Service is temporarily unavailable"
    private static let flow = "messaging.adaptors.http.flow."
    private static let nio =
        "\tat com.apigee.nio.NIOSelector$SelectedIterator.findNext(NIOSelector.java:496) [nio-1.0.0.jar:na]"

    private static func channel(_ milliseconds: Int) -> String {
        "SSLClientChannel[Connected: Remote:{backend} Local:10.0.0.5:51234]@31022 useCount=1 bytesRead=0 bytesWritten=0 "
            + "age=\(milliseconds)ms lastIO=\(milliseconds)ms isOpen=true"
    }

    private static func alert(_ name: String) -> [String] {
        [
            "NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : \(channel(461)) "
                + "handshake failed, message: Received fatal alert: \(name)",
            "NIOThread@0 ERROR ADAPTORS.HTTP.FLOW - RequestWriteListener.onException() : "
                + "RequestWriteListener.onException(HTTPRequest@6b2a)\njavax.net.ssl.SSLException: "
                + "Received fatal alert: \(name)\n\(nio)",
        ]
    }

    private static func exception(_ text: String) -> [String] {
        [
            "NIOThread@1 ERROR ADAPTORS.HTTP.FLOW - RequestWriteListener.onException() : "
                + "RequestWriteListener.onException(HTTPRequest@77fe)\n\(text)\n\(nio)"
        ]
    }

    private static func page(_ title: String, _ text: String) -> String {
        "<html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1></center>\r\n"
            + "<center>\(text)</center>\r\n<hr><center>server</center>\r\n</body>\r\n</html>\r\n"
    }

    static let targets: [Symptom] = [
        Symptom(
            "tls-bad-certificate", 503, "Service Unavailable", code: flow + "ServiceUnavailable", fault: unavailable,
            source: "target", cause: "Received fatal alert: bad_certificate", records: alert("bad_certificate")),
        Symptom(
            "tls-handshake-failure", 503, "Service Unavailable", code: flow + "ServiceUnavailable", fault: unavailable,
            source: "target", cause: "Received fatal alert: handshake_failure", records: alert("handshake_failure")),
        Symptom(
            "tls-server-untrusted", 503, "Service Unavailable", code: flow + "SslHandshakeFailed",
            fault: "SSL Handshake failed sun.security.validator.ValidatorException: PKIX path building failed: "
                + "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path "
                + "to requested target",
            source: "target",
            records: [
                "NIOThread@3 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : \(channel(408)) handshake failed, "
                    + "message: General SSLEngine problem\njavax.net.ssl.SSLHandshakeException: "
                    + "sun.security.validator.ValidatorException: PKIX path building failed\n\(nio)"
            ]),
        Symptom(
            "router-certificate-error", 400, "Bad Request",
            body: page("400 The SSL certificate error", "The SSL certificate error")),
        Symptom(
            "plain-http-to-https-port", 400, "Bad Request",
            body: page(
                "400 The plain HTTP request was sent to HTTPS port", "The plain HTTP request was sent to HTTPS port")),
        Symptom(
            "tls-handshake-timeout", 502, "Bad Gateway", code: flow + "BadGateway", source: "target",
            records: [
                "NIOThread@1 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeTimeout() : \(channel(55_221)) handshake timeout"
            ]),
        Symptom(
            "503-service-unavailable", 503, "Service Unavailable", code: flow + "ServiceUnavailable",
            fault: unavailable,
            cause: "java.net.ConnectException: Connection refused",
            records: exception("java.net.ConnectException: Connection refused")),
        Symptom(
            "503-broken-pipe", 503, "Service Unavailable", code: flow + "ServiceUnavailable", fault: unavailable,
            source: "target", cause: "Broken pipe", records: exception("java.io.IOException: Broken pipe")),
        Symptom(
            "503-no-active-targets", 503, "Service Unavailable", code: flow + "NoActiveTargets", fault: unavailable,
            records: [
                "NIOThread@2 ERROR ADAPTORS.HTTP.FLOW - AbstractRequestDispatcher.dispatch() : "
                    + "ErrorResponse{errorCode = messaging.adaptors.http.flow.NoActiveTargets, errorMessage = \(unavailable)}"
            ]),
        Symptom(
            "503-health-check-failures", 503, "Service Unavailable", code: flow + "NoActiveTargets", fault: unavailable,
            records: [
                "NIOThread@2 ERROR ADAPTORS.HTTP.FLOW - AbstractRequestDispatcher.dispatch() : "
                    + "ErrorResponse{errorCode = messaging.adaptors.http.flow.NoActiveTargets, errorMessage = \(unavailable)}"
            ],
            earlier: [
                "Apigee-Timer-7 WARN ADAPTORS.HTTP.FLOW - LBServer.incrementFailureCount() : Failure count 5 for server : "
                    + "backend-1{Environment={org}__{env},Application={api}__{rev},Target=default}"
            ]),
        Symptom(
            "503-from-backend", 503, "Service Unavailable", code: flow + "ErrorResponseCode",
            body: "<h1>503 Service Unavailable: Back-end server is at capacity</h1>", source: "target"),
        Symptom(
            "500-from-backend", 500, "Internal Server Error", code: flow + "ErrorResponseCode", source: "target"),
        Symptom("504-from-backend", 504, "Gateway Timeout", code: flow + "ErrorResponseCode", source: "target"),
        Symptom(
            "503-proxy-tunnel", 503, "Service Unavailable", code: "protocol.http.ProxyTunnelCreationFailed",
            fault: "Proxy refused to create tunnel with response status 403",
            records: exception(
                "com.apigee.errors.http.server.ServiceUnavailableException: Proxy refused to create tunnel")),
        Symptom(
            "502-unexpected-eof", 502, "Bad Gateway", code: "messaging.adaptors.http.UnexpectedEOFAtTarget",
            fault: "Unexpected EOF at target", source: "target", cause: "Unexpected EOF at target",
            records: exception("com.apigee.nio.channels.EOFException: Unexpected EOF at target")),
        Symptom("504-gateway-timeout", 504, "Gateway Timeout", code: flow + "GatewayTimeout", source: "target"),
        Symptom(
            "504-router-timeout", 504, "Gateway Time-out",
            body:
                "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body><h1>504 Gateway Time-out</h1></body></html>\r\n"
        ),
        Symptom("504-api-timed-out", 504, "Gateway Timeout", code: flow + "APITimedOut", fault: "API timed out"),
        Symptom(
            "499-client-closed", 499, "Client Closed Request",
            body: "curl: (28) Operation timed out after 3000 milliseconds with 0 bytes received\n"),
        Symptom(
            "runtime-issues", 503, "Service Unavailable", code: flow + "ServiceUnavailable", fault: unavailable,
            records: alert("protocol_version")),
    ]
}
