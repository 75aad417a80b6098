internal import SupportBundle

/// Collects one row of the table in each way that it names.
struct SourceCollector: Collector {
    let source: ItemSource

    var name: String { source.id }
    var title: String { source.title }
    var items: [ItemKind] { [source.item] }
    /// The proxy's bundle tells the revision where the log doesn't.
    var needs: [Fact] { source.how.contains("{revision}") ? [.proxyBundle] : [] }
    var deadline: Double { 300 }

    func plan(_ context: PlanContext) -> [PlannedAction] {
        source.ways.flatMap { way in
            plan(way, context).map { type, location in
                PlannedAction(source.item, type, ItemSource.filled(location, context.facts))
            }
        }
    }

    private func plan(_ way: ItemSource.Way, _ context: PlanContext) -> [(Manifest.Source.Kind, String)] {
        switch way {
        case .api(let paths): paths.map { (.api, "\(context.managementURL)/\($0)") }
        case .local(let paths):
            paths.map { (.api, "http://localhost:\(LocalAddress($0, ports: context.options.componentPorts).text)") }
        case .logs(let globs, _), .files(let globs): globs.map { (.file, $0) }
        case .commands(let commands): commands.map { (.command, $0.line) }
        case .words(let port, let words):
            words.map { (.command, "\($0) to localhost:\(context.options.componentPorts[port] ?? port)") }
        case .own(let line), .given(let line): [(.command, line)]
        }
    }

    func collect(_ context: RunContext) async {
        for way in source.ways where !context.isStopping {
            switch way {
            case .api(let paths): await APIWay(source: source, context: context).collect(paths)
            case .local(let paths): await LocalWay(source: source, context: context).collect(paths)
            case .logs(let globs, let newest):
                await LogWay(source: source, context: context).collect(globs, newest: newest)
            case .files(let globs): await FileWay(source: source, context: context).collect(globs)
            case .commands(let commands): await CommandWay(source: source, context: context).collect(commands)
            case .words(let port, let words):
                await WordsWay(source: source, context: context).collect(words, port: port)
            case .own, .given: break
            }
        }
    }
}

extension RunContext {
    /// What helps against problems with files: more rights where they were denied, else a person.
    func mending(_ problems: [String], _ source: ItemSource) -> String {
        let isDenied = problems.contains(where: LogSources.tellsDenial)
        let byHand = source.byHand(caseFile.current, managementURL: managementURL)
        return isDenied ? "\(LogSources.rightsHint); by hand: " + byHand : byHand
    }

    /// Records that a source can't be had on this node, with the way in which a person would get it.
    func recordAbsent(_ source: ItemSource, _ state: Manifest.State = .missing, reason: String, hint: String? = nil) {
        let byHand = source.byHand(caseFile.current, managementURL: managementURL)
        record(source.item, state, reason: "\(source.id): \(reason)", hint: hint ?? byHand)
    }
}
