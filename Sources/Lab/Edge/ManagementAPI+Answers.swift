import FlyingFox
import Foundation

extension ManagementAPI {
    /// The answer of a healthy Edge.
    func answer(to call: Call) async -> HTTPResponse {
        let names = world.names
        switch call.path.first {
        case "servers":
            return servers(call, Array(call.path.dropFirst()))
        case "runtime" where call.path.dropFirst().first == "organizations":
            return runtime(call, Array(call.path.dropFirst(2)))
        case "analytics" where Array(call.path.dropFirst()) == ["groups", "ax"]:
            return Answer.json([
                ["name": "axgroup001", "scopes": ["\(names.org)~\(names.env)"]] as [String: Any],
                // Two groups on the same servers, one of them without scopes, is what a playbook looks for.
                ["name": "axgroup-spare", "scopes": [String]()] as [String: Any],
            ])
        case "classification" where call.path.last == "tree":
            return Answer.json([
                "tree": ["\(names.virtualHost)": [names.basePath: "\(names.org)__\(names.env)__\(names.api)"]]
            ])
        case "organizations":
            guard call.path.count > 1 else { return Answer.json([names.org]) }
            guard call.path[1] == names.org else {
                return Answer.error(
                    "organizations.OrganizationDoesNotExist", "Organization with name \(call.path[1]) does not exist")
            }
            return organization(call, Array(call.path.dropFirst(2)))
        default:
            return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func organization(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        switch path.first {
        case nil:
            return Answer.json(
                [
                    "createdAt": world.createdAt, "createdBy": world.user, "displayName": names.org,
                    "environments": [names.env], "lastModifiedAt": world.createdAt, "lastModifiedBy": world.user,
                    "name": names.org,
                    "properties": ["property": [["name": "features.isCpsEnabled", "value": "true"]]],
                    "type": "paid",
                ] as [String: Any])
        case "pods":
            return Answer.json([["name": names.pod, "region": names.region]])
        case "environments":
            guard path.count > 1 else { return Answer.json([names.env]) }
            guard path[1] == names.env else {
                return Answer.error(
                    "messaging.config.beans.EnvironmentDoesNotExist", "Environment \(path[1]) does not exist")
            }
            return environment(call, Array(path.dropFirst(2)))
        case "apis":
            return apis(call, Array(path.dropFirst()))
        case "deployments":
            return Answer.json(["environment": [deployedEnvironment], "name": names.org] as [String: Any])
        case "keyvaluemaps":
            return keyValueMaps(Array(path.dropFirst()))
        default:
            return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func environment(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        let rest = Array(path.dropFirst())
        switch path.first {
        case nil:
            return Answer.json(
                [
                    "createdAt": world.createdAt, "createdBy": world.user, "name": names.env,
                    "properties": ["property": [[String: String]]()],
                ] as [String: Any])
        case "servers": return Answer.json([world.serverID])
        case "deployments": return Answer.json(deployedEnvironment)
        case "apis": return environmentAPI(call, rest)
        case "targetservers": return targetServers(rest)
        case "references": return references(rest)
        case "keystores": return keystores(rest)
        case "virtualhosts": return virtualHosts(rest)
        case "keyvaluemaps": return keyValueMaps(rest)
        case "provisioning" where rest == ["axstatus"]:
            return Answer.json(
                ["environments": [["environmentName": names.env, "messages": ["success at DC \(names.region)"]]]]
                    as [String: Any])
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func targetServers(_ path: [String]) -> HTTPResponse {
        let isUsed = world.bundle.wiring == .targetServer
        let name = world.names.targetServer
        guard let wanted = path.first else { return Answer.json(isUsed ? [name] : []) }
        guard isUsed, wanted == name else {
            return Answer.error("messaging.config.beans.TargetServerNotFound", "TargetServer \(wanted) not found")
        }
        return Answer.json(
            [
                "host": world.backendHost, "isEnabled": true, "name": name, "port": world.backendPort,
                "sSLInfo": world.sslInfo,
            ] as [String: Any])
    }

    private func references(_ path: [String]) -> HTTPResponse {
        let names = world.names
        let all = [
            names.keystoreReference: (names.keystore, "KeyStore"),
            names.truststoreReference: (names.truststore, "TrustStore"),
        ]
        guard let wanted = path.first else { return Answer.json(all.keys.sorted()) }
        guard let (refers, type) = all[wanted] else {
            return Answer.error("messaging.config.beans.ReferenceDoesNotExist", "Reference \(wanted) does not exist")
        }
        return Answer.json(["name": wanted, "refers": refers, "resourceType": type])
    }

    private func virtualHosts(_ path: [String]) -> HTTPResponse {
        let names = world.names
        guard let wanted = path.first else { return Answer.json([names.virtualHost]) }
        guard wanted == names.virtualHost else {
            return Answer.error(
                "messaging.config.beans.VirtualHostDoesNotExist", "VirtualHost \(wanted) does not exist")
        }
        return Answer.json(
            [
                "hostAliases": ["127.0.0.1", "localhost"], "interfaces": [String](), "listenOptions": [String](),
                "name": wanted, "port": String(world.routerPort), "retryOptions": [String](),
            ] as [String: Any])
    }

    private func keyValueMaps(_ path: [String]) -> HTTPResponse {
        let name = "partner-settings"
        guard let wanted = path.first else { return Answer.json([name]) }
        guard wanted == name else {
            return Answer.error("keyvaluemap.service.KeyValueMapDoesNotExist", "KeyValueMap \(wanted) does not exist")
        }
        return Answer.json(
            [
                "encrypted": false, "name": name,
                "entry": [
                    ["name": "partner.secret", "value": world.secrets[.kvmEntry]],
                    ["name": "partner.token", "value": world.secrets[.kvmToken]],
                    ["name": "partner.region", "value": world.names.region],
                ],
            ] as [String: Any])
    }

    private func servers(_ call: Call, _ path: [String]) -> HTTPResponse {
        switch path.first {
        case nil:
            let all = ComponentAPI.Kind.allCases.map { world.server(of: $0) }
            return Answer.json(
                all.filter { server in
                    (call.parameter("pod").map { $0 == server["pod"] as? String } ?? true)
                        && (call.parameter("type").map { (server["type"] as? [String] ?? []).contains($0) } ?? true)
                })
        case "self" where path.last == "up": return Answer.text("true", type: "text/plain")
        case "self", world.serverID: return Answer.json(world.server(of: .messageProcessor))
        default: return Answer.error("servers.ServerNotFound", "Server not found")
        }
    }

    /// What a Message Processor answers on port 8082 (names of environments, or revisions that it loaded), and the
    /// management server, which asks all of them.
    private func runtime(_ call: Call, _ path: [String]) -> HTTPResponse {
        let names = world.names
        let proxy = [names.org, "environments", names.env, "apis", names.api]
        switch path {
        case [names.org, "environments"]: return Answer.json([names.env])
        case [names.org, "environments", names.env, "apis"]: return Answer.json([names.api])
        case proxy + ["revisions"]: return Answer.json([names.revision])
        case _ where path.starts(with: proxy.dropLast()) && ["deployments", "debugsessions"].contains(path.last):
            return environmentAPI(call, Array(path.dropFirst(4)))
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }
}
