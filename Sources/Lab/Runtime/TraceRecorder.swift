import Foundation

/// Records a transaction the way the Message Processor does: states, variables, policies, and the failure.
struct TraceRecorder: Sendable {
    let world: EdgeWorld
    let clock: LogClock

    func trace(request: PlayedRequest, messageID: String, start: Date, result: TargetResult, fault: FaultBody?) -> Trace
    {
        var trace = Trace(timestamp: clock.text(start, "dd-MM-yy HH:mm:ss:SSS"))
        trace.points += requestPoints(request)
        trace.points += policyPoints(request)
        if let fault {
            trace.points += failurePoints(result, fault, messageID)
        } else {
            trace.points += responsePoints(result, messageID)
        }
        trace.points += analyticsPoints(request, messageID, start: start, fault: fault, result)
        return trace
    }

    private func headers(of request: PlayedRequest) -> [(String, String)] {
        let names = world.names
        return request.headers.map { ($0.name, $0.value) } + [
            ("X-Apigee.application", names.api), ("X-Apigee.environment", names.env),
            ("X-Apigee.organization", names.org),
            ("X-Apigee.proxy", "default"), ("X-Apigee.revision", names.revision),
            ("X-Apigee.router.host", names.routerHost),
            ("X-Apigee.router.uuid", world.serverID), ("X-Apigee.vhost", names.virtualHost),
        ]
    }

    private func info(_ properties: (String, String)...) -> Trace.Point {
        Trace.Point(id: "FlowInfo", results: [.info(properties)])
    }

    private func state(_ from: String, _ to: String, _ message: Trace.Result?) -> Trace.Point {
        Trace.Point(id: "StateChange", results: [.info([("To", to), ("From", from)])] + (message.map { [$0] } ?? []))
    }

    private func requestPoints(_ request: PlayedRequest) -> [Trace.Point] {
        let names = world.names
        let message = Trace.Result.request(
            headers: headers(of: request), uri: request.target, verb: request.method, content: request.body)
        return [
            Trace.Point(id: "Paused"), Trace.Point(id: "Resumed"), state("REQ_START", "REQ_HEADERS_PARSED", message),
            info(
                ("environment.name", names.env), ("environment.qualifiedname", "\(names.org)__\(names.env)"),
                ("environment.orgname", names.org)),
            info(
                ("apiproxy.qualifiedname", "\(names.api)__\(names.revision)"), ("apiproxy.basepath", "/"),
                ("apiproxy.revision", names.revision), ("apiproxy.name", names.api)),
            info(
                ("proxy.basepath", names.basePath), ("proxy.pathsuffix", ""),
                ("proxy.url", "http://\(names.routerHost).\(names.company).example\(request.target)"),
                ("proxy.name", "default"),
                ("proxy.client.ip", "127.0.0.1")),
            state("REQ_HEADERS_PARSED", "PROXY_REQ_FLOW", message),
        ]
    }

    private func policyPoints(_ request: PlayedRequest) -> [Trace.Point] {
        let secrets = world.secrets
        let target = "https://\(world.backendHost):\(world.backendPort)/orders"
        return [
            Trace.Point(
                id: "Execution",
                results: [
                    .info([
                        ("type", "VerifyAPIKeyStepExecution"), ("stepDefinition-name", "VA-Key"), ("result", "true"),
                    ]),
                    .access(
                        get: [("request.queryparam.apikey", request.query.first { $0.name == "apikey" }?.value)],
                        set: [
                            ("verifyapikey.VA-Key.client_id", secrets[.clientAPIKey]),
                            ("verifyapikey.VA-Key.developer.email", secrets[.developerEmail]),
                            ("apigee.client_id", secrets[.clientAPIKey]),
                            ("apigee.access_token", secrets[.accessToken]),
                        ]),
                ]),
            Trace.Point(
                id: "Execution",
                results: [
                    .info([("type", "KeyValueMapStepExecution"), ("stepDefinition-name", "KVM-Partner")]),
                    .access(
                        get: [("environment.name", world.names.env)],
                        set: [
                            ("partner.secret", secrets[.kvmEntry]), ("partner.token", secrets[.kvmToken]),
                            ("partner.region", world.names.region),
                        ]),
                ]),
            Trace.Point(
                id: "Execution",
                results: [
                    .info([("type", "GenerateJWTStepExecution"), ("stepDefinition-name", "GJ-Partner")]),
                    .access(
                        get: [], set: [("partner.jwt", secrets[.flowJWT]), ("jwt.GJ-Partner.token", secrets[.flowJWT])]),
                ]),
            state("PROXY_REQ_FLOW", "TARGET_REQ_FLOW", nil),
            info(
                ("target_info.url", target), ("target_info.header.Authorization", "Bearer \(secrets[.flowJWT])"),
                ("target_info.header.Cookie", "JSESSIONID=\(secrets[.clientCookie])"), ("target_info.name", "default")),
        ]
    }

    private func errorMessage(_ fault: FaultBody, _ headers: [(String, String)], content: Bool = true) -> Trace.Result {
        .response(
            isError: true, headers: headers, status: fault.status, reason: fault.phrase,
            content: content ? fault.text : "")
    }

    private func failurePoints(_ result: TargetResult, _ fault: FaultBody, _ messageID: String) -> [Trace.Point] {
        let plain = [("Content-Type", "application/json")]
        return [
            Trace.Point(
                id: "Error",
                results: [
                    .info([
                        ("error", fault.string), ("type", "ErrorPoint"),
                        ("state", "TARGET_REQ_FLOW"),
                        ("error.class", "com.apigee.errors.http.server.ServiceUnavailableException"),
                        ("error.cause", fault.cause ?? result.message),
                    ])
                ]),
            Trace.Point(id: "Resumed"),
            Trace.Point(
                id: "Condition",
                results: [
                    .info([
                        ("ExpressionResult", "true"), ("Tree", "TARGET_FAULT_HANDLING"),
                        (
                            "Expression",
                            "((error.state equals TARGET_REQ_FLOW) or (error.state equals TARGET_RESP_FLOW))"
                        ),
                    ]),
                    .access(get: [("error.state", "TARGET_REQ_FLOW")], set: []),
                ]),
            state("ERROR", "RESP_SENT", errorMessage(fault, plain)),
            state("RESP_SENT", "END", errorMessage(fault, plain)),
            Trace.Point(id: "DebugMask", results: [.info([("SuccessFullyMaskedConfigs", "[]")])]),
            state("END", "PROXY_POST_RESP_SENT", errorMessage(fault, faultHeaders(fault, messageID), content: false)),
        ]
    }

    private func faultHeaders(_ fault: FaultBody, _ messageID: String) -> [(String, String)] {
        let names = world.names
        return [
            ("Content-Length", String(fault.text.utf8.count)), ("Content-Type", "application/json"),
            ("X-Apigee.fault-code", fault.code), ("X-Apigee.fault-flag", "true"),
            ("X-Apigee.fault-policy", "null/null"),
            (
                "X-Apigee.fault-revision",
                "/organizations/\(names.org)/environments/\(names.env)/apiproxies/\(names.api)/revisions/\(names.revision)"
            ), ("X-Apigee.fault-source", fault.source ?? ""), ("X-Apigee.Message-ID", messageID),
        ]
    }

    private func responsePoints(_ result: TargetResult, _ messageID: String) -> [Trace.Point] {
        let parts = result.response.components(separatedBy: "\r\n\r\n")
        let headers = parts[0].components(separatedBy: "\r\n").dropFirst().compactMap { line -> (String, String)? in
            let pair = line.components(separatedBy: ": ")
            return pair.count == 2 ? (pair[0], pair[1]) : nil
        }
        func message(_ extra: [(String, String)]) -> Trace.Result {
            .response(
                isError: false, headers: headers + extra, status: 200, reason: "OK",
                content: parts.dropFirst().joined(separator: "\r\n\r\n"))
        }
        return [
            state("TARGET_REQ_FLOW", "REQ_SENT", nil), state("REQ_SENT", "RESP_START", message([])),
            state("RESP_START", "TARGET_RESP_FLOW", nil), state("TARGET_RESP_FLOW", "PROXY_RESP_FLOW", nil),
            state("PROXY_RESP_FLOW", "RESP_SENT", message([])), state("RESP_SENT", "END", nil),
            Trace.Point(id: "DebugMask", results: [.info([("SuccessFullyMaskedConfigs", "[]")])]),
            state("END", "PROXY_POST_RESP_SENT", message([("X-Apigee.Message-ID", messageID)])),
        ]
    }

    private func analyticsPoints(
        _ request: PlayedRequest, _ messageID: String, start: Date, fault: FaultBody?, _ result: TargetResult
    ) -> [Trace.Point] {
        let names = world.names
        var results: [Trace.Result] = [
            .info([
                ("expressionResult", "false"), ("type", "AnalyticsPublisher"), ("expression", "(analytics not null)"),
            ])
        ]
        if let fault { results.append(errorMessage(fault, faultHeaders(fault, messageID), content: false)) }
        let milliseconds = Int(start.timeIntervalSince1970 * 1000)
        results.append(
            .access(
                get: [
                    ("organization.name", names.org), ("environment.name", names.env), ("apiproxy.name", names.api),
                    ("apiproxy.revision", names.revision), ("proxy.basepath", names.basePath),
                    ("request.header.X-Forwarded-For", nil), ("proxy.client.ip", "127.0.0.1"),
                    ("target.name", "default"),
                    ("target.host", world.backendHost), ("target.ip", "127.0.0.1"),
                    ("is.error", fault == nil ? "false" : "true"),
                    ("apigee.edge.execution.is_policy_error", "0"),
                    ("apigee.edge.execution.is_target_error", fault == nil ? "0" : "1"),
                    ("apigee.edge.execution.fault_code", fault?.code), ("request.uri", request.target),
                    ("request.verb", request.method), ("client.received.start.timestamp", String(milliseconds)),
                    ("apigee.access_token", world.secrets[.accessToken]),
                    ("apigee.client_id", world.secrets[.clientAPIKey]),
                    ("developer.email", world.secrets[.developerEmail]), ("messageid", messageID), ("cachehit", nil),
                ], set: []))
        return [Trace.Point(id: "Paused"), Trace.Point(id: "Execution", results: results)]
    }
}
