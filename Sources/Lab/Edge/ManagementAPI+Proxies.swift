import FlyingFox
import Foundation

extension ManagementAPI {
    /// Everything below `/organizations/O/apis`.
    func apis(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        guard let api = path.first else { return Answer.json([names.api]) }
        guard api == names.api else {
            return Answer.error(
                "messaging.config.beans.ApplicationDoesNotExist",
                "APIProxy named \(api) does not exist in organization \(names.org)")
        }
        let rest = Array(path.dropFirst())
        switch rest.first {
        case nil:
            return Answer.json(
                [
                    "metaData": [
                        "createdAt": world.createdAt, "createdBy": world.user, "lastModifiedAt": world.createdAt,
                        "lastModifiedBy": world.user, "subType": "null",
                    ] as [String: Any], "name": names.api, "revision": [names.revision],
                ] as [String: Any])
        case "deployments": return Answer.json(deployedProxy)
        case "keyvaluemaps": return Answer.json([String]())
        case "revisions": return revision(call, Array(rest.dropFirst()))
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func revision(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        guard let number = path.first else { return Answer.json([names.revision]) }
        guard number == names.revision else {
            return Answer.error(
                "messaging.config.beans.ApplicationRevisionDoesNotExist",
                "APIProxy revision \(number) does not exist")
        }
        switch path.dropFirst().first {
        case nil where call.parameter("format") == "bundle":
            return HTTPResponse(
                statusCode: .ok,
                headers: [
                    .contentType: "application/octet-stream",
                    HTTPHeader("Content-Disposition"): "attachment; filename=\"\(names.api)_rev\(number).zip\"",
                ], body: world.bundleZip)
        case nil: return Answer.json(revisionDescription)
        case "deployments": return Answer.json(deployedProxy)
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private var revisionDescription: [String: Any] {
        let names = world.names
        return [
            "basepaths": [names.basePath], "configurationVersion": ["majorVersion": 4, "minorVersion": 0],
            "contextInfo": "Revision \(names.revision) of application \(names.api), in organization \(names.org)",
            "createdAt": world.createdAt, "createdBy": world.user, "displayName": names.api,
            "lastModifiedAt": world.createdAt, "lastModifiedBy": world.user, "name": names.api,
            "policies": ProxyBundle.policies, "proxies": ["default"], "proxyEndpoints": ["default"],
            "resourceFiles": [
                "resourceFile": [
                    ["name": "partner.js", "type": "jsc"], ["name": "partner.properties", "type": "properties"],
                    ["name": "partner-key.pem", "type": "properties"],
                ]
            ],
            "resources": ["jsc://partner.js", "properties://partner.properties", "properties://partner-key.pem"],
            "revision": names.revision, "sharedFlows": [String](), "targetEndpoints": ["default"],
            "targetServers": world.bundle.wiring == .targetServer ? [names.targetServer] : [], "targets": ["default"],
            "type": "Application",
        ]
    }

    private var deployedRevision: [String: Any] {
        let names = world.names
        return [
            "configuration": ["basePath": "/", "steps": [String]()] as [String: Any], "name": names.revision,
            "server": [ComponentAPI.Kind.messageProcessor, .router].map { kind in
                [
                    "status": "deployed", "type": [kind.rawValue], "uUID": world.identifier(of: kind),
                ] as [String: Any]
            },
            "state": "deployed",
        ]
    }

    /// Deployments of the environment.
    var deployedEnvironment: [String: Any] {
        [
            "aPIProxy": [["name": world.names.api, "revision": [deployedRevision]] as [String: Any]],
            "name": world.names.env,
        ]
    }

    private var deployedProxy: [String: Any] {
        [
            "environment": [["name": world.names.env, "revision": [deployedRevision]] as [String: Any]],
            "name": world.names.api, "organization": world.names.org,
        ]
    }

    /// Everything below `/organizations/O/environments/E/apis`: deployments and debug sessions.
    func environmentAPI(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        guard path.first == names.api else {
            return Answer.error(
                "messaging.config.beans.ApplicationDoesNotExist",
                "APIProxy named \(path.first ?? "") does not exist in environment \(names.env)")
        }
        if path.dropFirst().first == "deployments" || Array(path.dropFirst()) == ["revisions", "deployments"] {
            return Answer.json(deployedProxy)
        }
        guard path.count > 3, path[1] == "revisions", path[2] == names.revision else {
            return Answer.error(
                "messaging.config.beans.ApplicationRevisionDoesNotExist", "APIProxy revision does not exist")
        }
        switch path[3] {
        case "deployments": return Answer.json(deployedProxy)
        case "debugsessions": return debugSessions(call, Array(path.dropFirst(4)))
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func debugSessions(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        guard let session = path.first else {
            return call.method == "POST" ? createSession(call) : Answer.json(sessions.names)
        }
        guard let transactions = sessions.transactions(of: session) else {
            return Answer.error("distribution.DebugSessionNotFound", "DebugSession \(session) not found")
        }
        if path.count == 1, call.method == "DELETE" {
            _ = sessions.close(session)
            return Answer.json(["name": session])
        }
        guard path.dropFirst().first == "data" else { return Answer.json(["name": session]) }
        guard path.count > 2 else { return Answer.json(transactions) }
        guard let trace = sessions.trace(of: session, id: path[2]) else {
            return Answer.error("distribution.DebugSessionDataNotFound", "No data for \(path[2])")
        }
        if call.accept.contains("xml") {
            let text = trace.document(root: world.variants.traceRoot, names: names, id: path[2], session: session)
            return Answer.text(text, type: "application/xml")
        }
        return Answer.json(trace.json)
    }

    private func createSession(_ call: Call) -> HTTPResponse {
        let names = world.names
        guard let session = call.parameter("session"), !session.isEmpty else {
            return Answer.error("distribution.CreateDebugSessionFailed", "Session is not given", status: .badRequest)
        }
        let timeout = call.parameter("timeout").flatMap(Double.init) ?? 600
        sessions.open(session, timeout: min(max(timeout, 0), 600), query: call.query)
        switch world.variants.sessionAnswer {
        case .string: return Answer.json(session, status: .created)
        case .object:
            return Answer.json(
                [
                    "aPIProxy": names.api, "environment": names.env, "name": session, "organization": names.org,
                    "revision": names.revision, "timeout": String(Int(timeout)),
                ], status: .created)
        }
    }
}
