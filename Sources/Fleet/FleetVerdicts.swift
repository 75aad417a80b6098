internal import Diagnose
internal import SupportBundle

/// What only all nodes together tell: the way of the request, which Message Processors fail, how nodes differ.
struct FleetVerdicts {
    let view: FleetView
    let comparison: NodeComparison

    private typealias Evidence = Verdict.Evidence

    /// After the causes, and never surer than the first of them: they tell where, the causes why.
    func verdicts(after causes: [Verdict]) -> [Verdict] {
        let cap = causes.first?.confidence ?? .certain
        return causes
            + [requestPath, failingProcessors, differingNodes].compactMap(\.self).map { verdict in
                var verdict = verdict
                verdict.confidence = min(verdict.confidence, cap)
                return verdict
            }
    }

    private var requestPath: Verdict? {
        let id = view.request.messageID
        guard !id.isEmpty else { return nil }
        let (routers, processors) = (view.saw(.router), view.saw(.messageProcessor))
        guard !routers.isEmpty || !processors.isEmpty else {
            return verdict(
                "request-not-seen", "No node's logs hold the message id \(id)", .possible,
                summary: "\(view.nodes.count) nodes were searched.\(absentText)",
                settles: ["the logs of the nodes that are missing", "older, rotated logs: a wider --since"])
        }
        func words(_ nodes: [NodeView], _ what: String) -> String {
            nodes.isEmpty ? "no \(what) seen" : "\(what) \(namesText(nodes.map(\.name)))"
        }
        let sightings =
            routers.flatMap { $0.sightings(.router) } + processors.flatMap { $0.sightings(.messageProcessor) }
        let isWhole = routers.count == 1 && processors.count == 1
        return verdict(
            "request-path",
            "The failing request went through \(words(routers, "router")) and "
                + words(processors, "Message Processor"),
            isWhole ? .certain : .likely,
            summary: "The message id \(id) stands in the logs of \(namesText((routers + processors).map(\.name))), of "
                + "\(view.nodes.count) nodes that were searched.\(absentText)",
            evidence: sightings.prefix(12).map {
                Evidence(item: $0.kind, path: $0.path, location: "line \($0.line)", text: String($0.text.prefix(240)))
            },
            settles: isWhole ? [] : ["the access logs of all routers and the system.log of all Message Processors"])
    }

    private var failingProcessors: Verdict? {
        let (failing, healthy) = (view.failing, view.healthy)
        guard failing.count + healthy.count > 1, !failing.isEmpty else { return nil }
        let evidence = failing.prefix(8).compactMap(\.findings.failureSigns.first)
        let names = namesText(failing.map(\.name))
        if healthy.isEmpty {
            return verdict(
                "all-message-processors-fail", "All \(failing.count) Message Processors fail", .likely,
                summary:
                    "\(names) show the failure, none is without: the cause is not one node's own, but the backend's, "
                    + "the proxy's, or of what all of them share.\(absentText)", evidence: evidence)
        }
        let own = splitting(failing, healthy)
        let what = own.map { "\($0.title) is one thing on those that fail and another on the others. " } ?? ""
        return verdict(
            "some-message-processors-fail",
            "\(failing.count) of \(failing.count + healthy.count) Message Processors fail: \(names)",
            .likely,
            summary:
                "\(namesText(healthy.map(\.name))) \(healthy.count == 1 ? "shows" : "show") no such failure. \(what)"
                + "The cause may be those nodes' own: their configuration, their certificates, or their way to the "
                + "backend; or they had no such request in the window.\(absentText)",
            evidence: evidence + (own.map(Self.evidence) ?? []),
            resolution: [
                "Compare the nodes that fail with those that don't: start with the differences in the evidence.",
                "Ask from a failing node and from another one for the same page of the backend, and compare.",
            ])
    }

    /// A difference that runs between the nodes that fail and the others.
    private func splitting(_ failing: [NodeView], _ healthy: [NodeView]) -> NodeComparison.Difference? {
        let (bad, good) = (Set(failing.map(\.name)), Set(healthy.map(\.name)))
        return comparison.differences.first { difference in
            let touched = difference.variants.filter { !bad.isDisjoint(with: $0) || !good.isDisjoint(with: $0) }
            return touched.count > 1 && touched.allSatisfy { bad.isDisjoint(with: $0) || good.isDisjoint(with: $0) }
        }
    }

    private var differingNodes: Verdict? {
        guard !comparison.differences.isEmpty else { return nil }
        let all = comparison.differences
        let titles = all.prefix(4).map { difference in
            "\(difference.title) (\(difference.variants.map { "\($0.count)" }.joined(separator: " : ")))"
        }
        return verdict(
            "nodes-differ", "Nodes differ in \(all.count) \(all.count == 1 ? "thing" : "things")", .possible,
            summary: "Not the same on all nodes: \(namesText(titles, most: 4)). The numbers count the nodes of each "
                + "variant. Under one pseudonym key, equal markers stand for equal secrets.",
            evidence: all.prefix(12).flatMap(Self.evidence))
    }

    private static func evidence(_ difference: NodeComparison.Difference) -> [Evidence] {
        let names = difference.variants.map { "\($0.count) × like \($0.first ?? "")" }.joined(separator: "; ")
        let path =
            difference.path.isEmpty ? "NODES.txt" : "nodes/\(difference.variants.first?.first ?? "")/\(difference.path)"
        return [Evidence(item: difference.kind, path: path, location: names, text: "")]
            + difference.lines.prefix(6).map { Evidence(item: difference.kind, path: path, location: "", text: $0) }
    }

    /// Which nodes nothing is known of.
    private var absentText: String {
        let missing = view.absent.filter { $0.state != "duplicate" }
        guard !missing.isEmpty else { return "" }
        let names = missing.map { "\($0.name) (\($0.state))" }
        return " Nothing is known of \(namesText(names, most: 8))."
    }

    private func verdict(
        _ cause: String, _ title: String, _ confidence: Verdict.Confidence, summary: String, evidence: [Evidence] = [],
        resolution: [String] = [], settles: [String] = []
    ) -> Verdict {
        Verdict(
            playbook: view.playbook.id, cause: cause, title: title, confidence: confidence, summary: summary,
            evidence: evidence, resolution: resolution, wouldSettle: settles)
    }
}
