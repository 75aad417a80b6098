internal import Platform
internal import Redact
internal import SupportBundle

/// Whole small files of this node.
struct FileWay {
    let source: ItemSource
    let context: RunContext

    private static let sizeLimit = 4 << 20
    private static let countLimit = 200

    func collect(_ globs: [String]) async {
        await Blocking.run { [self] in read(globs) }
    }

    private func read(_ globs: [String]) {
        let facts = context.caseFile.current
        let unknown = Set(globs.flatMap { ItemSource.unknown($0, facts) }).sorted()
        guard unknown.isEmpty else {
            context.recordAbsent(
                source, reason: "not known: \(unknown.joined(separator: ", "))",
                hint: "run it again with " + unknown.map { "--\($0) \($0.uppercased())" }.joined(separator: " "))
            return
        }
        var denied: [PlatformError] = []
        var problems: [String] = []
        var count = 0
        for glob in globs {
            let pattern = PathPattern(glob, fill: ItemSource.names(facts))
            for match in pattern.matches(in: context.files, problems: &denied) where !context.isStopping {
                guard !match.entry.isDirectory else { continue }
                guard count < Self.countLimit else {
                    problems.append("only the first \(Self.countLimit) files were taken")
                    break
                }
                do {
                    try copy(match)
                    count += 1
                } catch {
                    problems.append("\(error)")
                }
            }
        }
        problems += denied.map { "\($0)" }
        if source.item == .configuration, count > 0 { EffectiveTokens(context: context).add() }
        if source.item == .virtualHosts, count > 0 { CertificateFiles(kind: .virtualHosts, context: context).add() }
        if !problems.isEmpty {
            context.recordAbsent(
                source, count > 0 ? .partial : .missing, reason: problems.joined(separator: "; "),
                hint: context.mending(problems, source))
        } else if count == 0, source.ways.count == 1 {
            context.recordAbsent(
                source, reason: "no such file on this node",
                hint: "run apigee-collect on \(source.place) as well, then: apigee-collect merge BUNDLE ... -o FILE")
        }
    }

    private func copy(_ match: PathPattern.Match) throws {
        let file = try context.files.open(match.path)
        guard file.size <= Self.sizeLimit else {
            throw CollectError(.limit, match.path, "is larger than \(Self.sizeLimit >> 20) MiB: it was left out")
        }
        let bytes = try file.readAll(limit: Self.sizeLimit)
        context.addItem(
            source.item, file: name(match.path), title: match.path, source: .init(type: .file, location: match.path),
            mediaType: "text/plain", format: Self.format(match.path), bytes: bytes, on: source.role)
    }

    /// Files of the customer and of the installer have the same names.
    private func name(_ path: String) -> String {
        let names = path.split(separator: "/").map(String.init)
        return names.contains("token") ? "token-" + (names.last ?? "") : names.last ?? ""
    }

    private static func format(_ path: String) -> ContentFormat {
        switch path.split(separator: ".").last {
        case "properties": .properties
        case "yaml", "yml": .yaml
        default: .text
        }
    }
}
