internal import SupportBundle

/// A node and what was found on it.
struct NodeView: Sendable {
    let head: NodeHead
    var findings: NodeFindings

    var name: String { head.name }

    /// What the node does, by the files that it has; probes and API calls can be made from anywhere.
    var roles: [Manifest.Place.Role] {
        let kinds = head.manifest.items.compactMap { item -> Manifest.Place.Role? in
            guard item.state == .collected || item.state == .partial, item.source.type == .file else { return nil }
            return item.collectedOn?.role ?? NodeReading.role(item.kind)
        }
        return Manifest.Place.Role.allCases.filter { role in
            kinds.contains(role) && [.messageProcessor, .router, .managementServer].contains(role)
        }
    }

    var isMessageProcessor: Bool { roles.contains(.messageProcessor) }

    /// Records and handshakes that tell of a failure.
    var failures: Int { max(findings.failureSigns.count, head.manifest.failure?.count ?? 0) }

    func sightings(_ role: Manifest.Place.Role) -> [NodeFindings.Sighting] {
        findings.sightings.filter { $0.role == role }
    }

    /// A path of the node's bundle as it is in the case bundle.
    func path(_ path: String) -> String { path.isEmpty ? "" : "nodes/\(name)/\(path)" }
}

/// All nodes of a case.
struct FleetView: Sendable {
    var nodes: [NodeView]
    var absent: [AbsentNode]
    var request: CaseRequest
    var playbook: Manifest.PlaybookReference { nodes[request.lead].head.manifest.playbook }

    var messageProcessors: [NodeView] { nodes.filter(\.isMessageProcessor) }
    var failing: [NodeView] { messageProcessors.filter { $0.failures > 0 } }
    var healthy: [NodeView] { messageProcessors.filter { $0.failures == 0 } }

    /// Nodes on which a component of that role saw the message id.
    func saw(_ role: Manifest.Place.Role) -> [NodeView] { nodes.filter { !$0.sightings(role).isEmpty } }
}

/// Names in a sentence: all of a few, else some and how many more.
func namesText(_ names: [String], most: Int = 6) -> String {
    let shown = names.prefix(most).joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
}
