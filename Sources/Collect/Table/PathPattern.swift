internal import Platform

/// A path with `*` in its names, as the table of collectors has it. What the case fills in is taken literally: a name
/// out of a log with a `*` or a `/` in it matches nothing but itself.
struct PathPattern: Sendable {
    private enum Part: Sendable, Equatable {
        case text(String)
        case any
    }

    private let names: [[Part]]

    /// - Parameter fill: what the case has for `{name}`, by name.
    init(_ text: String, fill: [(name: String, value: String)] = []) {
        names = text.split(separator: "/").map { Self.parts(String($0), fill) }
    }

    private static func parts(_ name: String, _ fill: [(name: String, value: String)]) -> [Part] {
        var parts: [Part] = []
        for (index, piece) in name.split(separator: "*", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { parts.append(.any) }
            var text = String(piece)
            for (name, value) in fill { text = text.replacing("{\(name)}", with: value) }
            if !text.isEmpty { parts.append(.text(text)) }
        }
        return parts
    }

    /// The last name alone.
    var lastName: PathPattern { PathPattern(names: Array(names.suffix(1))) }

    private init(names: [[Part]]) { self.names = names }

    func matchesName(_ name: String) -> Bool { names.last.map { Self.matches(name[...], $0[...]) } ?? false }

    private static func matches(_ name: Substring, _ parts: ArraySlice<Part>) -> Bool {
        guard let first = parts.first else { return name.isEmpty }
        switch first {
        case .text(let text):
            return name.hasPrefix(text) && matches(name.dropFirst(text.count), parts.dropFirst())
        case .any:
            guard parts.count > 1 else { return true }
            var rest = name
            while true {
                if matches(rest, parts.dropFirst()) { return true }
                guard !rest.isEmpty else { return false }
                rest = rest.dropFirst()
            }
        }
    }

    struct Match: Sendable {
        let path: String
        let entry: NodeFiles.Entry
    }

    /// What is there, sorted by path; folders that can't be read are told in `problems`.
    func matches(in files: NodeFiles, problems: inout [PlatformError]) -> [Match] {
        guard !names.isEmpty else { return [] }
        var folders = [""]
        for name in names.dropLast() {
            if name.count == 1, case .text(let text) = name[0] {
                folders = folders.map { $0 + "/" + text }
                continue
            }
            folders = folders.flatMap { folder in
                list(folder, files, &problems).filter { !$0.isRegular && Self.matches($0.name[...], name[...]) }
                    .map { folder + "/" + $0.name }
            }
        }
        return folders.flatMap { folder in
            list(folder, files, &problems).filter { matchesName($0.name) }.map {
                Match(path: folder + "/" + $0.name, entry: $0)
            }
        }
    }

    private func list(_ folder: String, _ files: NodeFiles, _ problems: inout [PlatformError]) -> [NodeFiles.Entry] {
        do throws(PlatformError) {
            return try files.list(folder.isEmpty ? "/" : folder)
        } catch {
            problems.append(error)
            return []
        }
    }
}
