/// Sections of lines, a blank line between them, that share a fixed number of lines: the less important give way.
struct LineBudget {
    private struct Section {
        /// Lines that make sense only together, such as a command over several lines, are one group.
        var groups: [[String]]
        /// Rows of a terminal that each group takes.
        var rows: [Int]
        /// Higher ones give way first; 0 never does.
        let yields: Int
        /// What stands in for lines that were left out.
        let rest: String
    }

    private let maxLines: Int
    /// A line wider than this takes several rows of a terminal.
    private let width: Int
    private var sections: [Section] = []

    init(maxLines: Int, width: Int = .max) {
        self.maxLines = maxLines
        self.width = width
    }

    mutating func add(_ lines: [String], yields: Int = 0, rest: String = "") {
        add(groups: lines.map { [$0] }, yields: yields, rest: rest)
    }

    mutating func add(groups: [[String]], yields: Int = 0, rest: String = "") {
        guard !groups.isEmpty else { return }
        // No more groups than there are lines can be shown, one of them being `rest`.
        var groups = groups
        if yields > 0 && groups.count > maxLines { groups = groups.prefix(maxLines) + [[rest]] }
        let rows = groups.map { group in group.reduce(0) { $0 + rowCount($1) } }
        sections.append(Section(groups: groups, rows: rows, yields: yields, rest: rest))
    }

    /// All lines, at most as many as there may be.
    func lines() -> [String] {
        var sections = sections
        var total = sections.reduce(sections.count - 1) { $0 + $1.rows.reduce(0, +) }
        for rank in Set(sections.map(\.yields)).sorted(by: >) where rank > 0 {
            for index in sections.indices.reversed() where sections[index].yields == rank {
                shrink(&sections[index], &total)
            }
        }
        return Array(sections.map { Array($0.groups.joined()) }.joined(separator: [""]).prefix(maxLines))
    }

    /// Takes groups from the end until all fits; the first group, the heading, stays.
    private func shrink(_ section: inout Section, _ total: inout Int) {
        guard total > maxLines, section.groups.count > 2 else { return }
        if section.groups.last != [section.rest] {
            section.groups.append([section.rest])
            section.rows.append(1)
            total += 1
        }
        while total > maxLines, section.groups.count > 2 {
            section.groups.remove(at: section.groups.count - 2)
            total -= section.rows.remove(at: section.rows.count - 2)
        }
    }

    private func rowCount(_ line: String) -> Int {
        max(1, (Paint.columns(line) - 1) / width + 1)
    }
}
