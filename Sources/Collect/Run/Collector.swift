public import SupportBundle

/// One source of items. It knows where its bytes come from and its sink; not the archive, not the redactor, not the
/// other collectors.
protocol Collector: Sendable {
    /// No two collectors of a run have the same; for the tool log.
    var name: String { get }
    /// For progress, in words.
    var title: String { get }
    /// The kinds of items that it brings.
    var items: [ItemKind] { get }
    /// The rows of the table of collectors that it stands for.
    var sources: Set<String> { get }
    /// What must be settled before it starts.
    var needs: [Fact] { get }
    /// Seconds to wait for what the management API tells, when the log has told the backend's address; `nil`: until it
    /// is settled.
    var patience: Double? { get }
    /// What is settled when it is done. It may settle a fact earlier with ``RunContext/settle(_:)``.
    var provides: [Fact] { get }
    /// Seconds after which it is given up.
    var deadline: Double { get }
    /// What it is going to do, for `--dry-run`.
    func plan(_ context: PlanContext) -> [PlannedAction]
    /// Collects. Whatever goes wrong is recorded in the context; nothing is thrown past it, so that one failing source
    /// never ends the run.
    func collect(_ context: RunContext) async
}

extension Collector {
    var title: String { name }
    /// The id of a row is that of its item where the item has one source only.
    var sources: Set<String> { Set(items.map(\.rawValue)) }
    var needs: [Fact] { [] }
    var patience: Double? { nil }
    var provides: [Fact] { [] }
    var deadline: Double { 120 }
}

/// What planning may look at: options and facts, no source.
struct PlanContext: Sendable {
    let options: CollectOptions
    let facts: CaseFacts
    let mode: Manifest.Mode
    /// The management API's base address.
    let managementURL: String
}

/// One line of the plan.
public struct PlannedAction: Sendable, Equatable {
    public let item: ItemKind
    public let source: Manifest.Source
    /// Bytes, where it can be told beforehand.
    public let expectedBytes: Int?
    /// Why nothing will be collected, if so.
    public let obstacle: String?

    init(
        _ item: ItemKind, _ type: Manifest.Source.Kind, _ location: String, expectedBytes: Int? = nil,
        obstacle: String? = nil
    ) {
        self.item = item
        source = Manifest.Source(type: type, location: location)
        self.expectedBytes = expectedBytes
        self.obstacle = obstacle
    }
}
