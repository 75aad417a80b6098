/// Messages that the Message Processor does not take, and proxies that are not found.
extension Symptom {
    private static let flow = "messaging.adaptors.http.flow."
    private static let unidentified = "Unable to identify proxy for host: default and url: /v2/orders"

    private static func http(_ text: String) -> [String] {
        ["NIOThread@1 ERROR ADAPTORS.HTTP.FLOW - AbstractResponseListener.onException() : \(text)"]
    }

    static let messages: [Symptom] = [
        Symptom(
            "502-too-big-body", 502, "Bad Gateway", code: "protocol.http.TooBigBody", fault: "Body buffer overflow",
            source: "target", records: http("com.apigee.errors.http.server.BadGateway: Body buffer overflow")),
        Symptom(
            "413-too-big-body", 413, "Request Entity Too Large", code: "protocol.http.TooBigBody",
            fault: "Body buffer overflow"),
        Symptom(
            "502-too-big-line", 502, "Bad Gateway", code: "protocol.http.TooBigLine",
            fault: "response line size exceeding 2,048", source: "target",
            records: http("com.apigee.errors.http.server.BadGateway: response line size exceeding 2,048")),
        Symptom(
            "414-too-big-line", 414, "Request-URI Too Long", code: "protocol.http.TooBigLine",
            fault: "request line size exceeding 7,168"),
        Symptom(
            "431-too-big-headers", 431, "Request Header Fields Too Large", code: "protocol.http.TooBigHeaders",
            fault: "request headers size exceeding 25,600"),
        Symptom(
            "400-duplicate-header", 400, "Bad Request", code: "protocol.http.DuplicateHeader",
            fault: "Duplicate Header \"Authorization\""),
        Symptom(
            "400-decompression-failure", 400, "Bad Request", code: flow + "DecompressionFailureAtRequest",
            fault: "Decompression failure at request"),
        Symptom(
            "415-unsupported-encoding", 415, "Unsupported Media Type", code: "protocol.http.UnsupportedEncoding",
            fault: "Unsupported Encoding \"utf-8\""),
        Symptom("411-length-required", 411, "Length Required", code: flow + "LengthRequired"),
        Symptom("404-proxy-not-identified", 404, "Not Found", code: flow + "ApplicationNotFound", fault: unidentified),
        Symptom("404-same-host-alias", 404, "Not Found", code: flow + "ApplicationNotFound", fault: unidentified),
        Symptom("500-internal-server-error", 500, "Internal Server Error", body: "oops\n"),
        Symptom(
            "500-streaming-enabled", 500, "Internal Server Error", code: "Internal Server Error",
            fault: "Expecting } at line 1"),
        Symptom(
            "microgateway-self-signed-certificate", 502, "Bad Gateway",
            body: #"{"message":"self signed certificate in certificate chain","code":"SELF_SIGNED_CERT_IN_CHAIN"}"#),
        Symptom(
            "microgateway-socket-hang-up", 502, "Bad Gateway",
            body: #"{"message":"socket hang up","code":"ECONNRESET"}"#),
        Symptom(
            "monetization", 403, "Forbidden",
            body: "<error><messages><message>Exceeded developer limit configuration -</message>"
                + "<message>Is Developer Suspended - true</message></messages></error>"),
    ]

    private static func policy(_ id: String, _ code: String, _ fault: String, _ status: Int = 500) -> Symptom {
        Symptom(
            "policy-" + id, status, status == 500 ? "Internal Server Error" : "Error", code: code, fault: fault,
            source: "policy")
    }

    static let policies: [Symptom] = [
        policy("failure", "steps.mypolicy.SomethingNew", "Something new"),
        // The page prints the code with and without its first part.
        policy("access-control", "accesscontrol.IPDeniedAccess", "Access Denied for client ip : 192.0.2.9", 403),
        policy(
            "assign-message", "steps.assignmessage.UnresolvedVariable",
            "AssignMessage[AM-1]: unable to resolve variable x"),
        policy("basic-authentication", "steps.basicauthentication.UnresolvedVariable", "Unresolved variable : x"),
        policy("decode-jwt", "steps.jwt.FailedToDecode", "Failed to Decode Token: policy({0})", 401),
        policy("extract-variables", "steps.extractvariables.SourceMessageNotAvailable", "message is not available"),
        policy("flow-callout", "flow.SharedFlowNotFound", "Shared Flow x Not Found"),
        policy("java-callout", "steps.javacallout.ExecutionError", "Failed to execute JavaCallout."),
        policy("javascript", "steps.javascript.ScriptExecutionFailed", "Execution of x failed with error: (a.js:3)"),
        policy(
            "json-threat-protection", "steps.jsonthreatprotection.ExecutionFailed", "JSONThreatProtection[JT]: failed"),
        policy("json-to-xml", "steps.json2xml.InvalidSourceType", "Source type is not valid"),
        policy("key-value-map", "steps.keyvaluemapoperations.SetVariableFailed", "Failed to set variable x"),
        policy("python-script", "steps.script.ScriptEvaluationFailed", "Execution of x.py failed"),
        policy("quota", "policies.ratelimit.FailedToResolveQuotaIntervalReference", "Failed to resolve x"),
        policy("reset-quota", "policies.resetquota.InvalidRLPolicy", "Invalid rate limit policy"),
        policy(
            "service-callout", "steps.servicecallout.ExecutionFailed", "Execution failed. Reason: Host not reachable"),
        policy("soap-message-validation", "steps.messagevalidation.Failed", "Failed"),
        policy("spike-arrest", "policies.ratelimit.FailedToResolveSpikeArrestRate", "Failed to resolve rate"),
        policy("xml-threat-protection", "steps.xmlthreatprotection.ExecutionFailed", "XMLThreatProtection[XT]: failed"),
        policy("xml-to-json", "steps.xmltojson.SourceUnavailable", "XMLToJSON[X2J]: Source xml is not available"),
        policy(
            "xsl-transform", "steps.xsl.XSLSourceMessageNotAvailable", "response message is not available for XSL: x"),
    ]
}
