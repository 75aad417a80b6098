internal import SupportBundle

/// Sources of an item that this version can't read by itself: tells how a person does it.
struct ByHandCollector: Collector {
    let item: ItemKind
    let sources: [ItemSource]
    let managementURL: String

    var name: String { item.rawValue + " by hand" }
    var items: [ItemKind] { [item] }

    func plan(_ context: PlanContext) -> [PlannedAction] {
        sources.map { source in
            PlannedAction(
                item, .user, source.byHand(context.facts, managementURL: managementURL),
                obstacle: "this version does not collect it by itself")
        }
    }

    func collect(_ context: RunContext) async {
        let titles = sources.map(\.title).joined(separator: "; ")
        let facts = context.caseFile.current
        let ways = sources.map { $0.byHand(facts, managementURL: managementURL) }
        context.record(
            item, .missing, reason: "this version does not collect it by itself: \(titles)",
            hint: "collect it by hand, and redact it (apigee-collect redact FILE -o OUT) before you send it. "
                + ways.joined(separator: "; "))
    }
}
