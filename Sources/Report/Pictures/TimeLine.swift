internal import Documents
internal import SupportBundle

/// What happened when: log records and errors of each node over the window, and the moments that count.
struct TimeLine {
    let manifest: Manifest
    let diagnosis: JSONValue
    let offset: Int
    let texts: Texts
    let caps: PageCaps

    static let laneHeight = 64
    private static let labelHeight = 22

    /// A moment, or a stretch of time.
    struct Event {
        let from: Int
        var to: Int?
        let key: String
        /// Beside the words of the key: a status, a path.
        var detail = ""
        var path = ""
        var isBad = false
        /// In the drawing 1, 2, 3…; 0 where it is outside of it.
        var number = 0
    }

    struct Lane {
        let title: String
        let start: Int
        let width: Int
        let records: [Int]
        let errors: [Int]
    }

    /// Nil where no time is known.
    var values: PageValue? {
        let lanes = lanes
        var events = events
        guard let range = range(lanes, events), !lanes.isEmpty || events.count > 1 else { return nil }
        events.sort { ($0.from, $0.key) < ($1.from, $1.key) }
        var number = 0
        for index in events.indices where range.contains(events[index].from) {
            number += 1
            events[index].number = number
        }
        let drawn = events.filter { $0.number > 0 }
        let groups = groups(drawn, range)
        let rows = levels(groups, range)
        let top = 6 + ((rows.max() ?? 0) + 1) * 24
        let laneStep = Self.laneHeight + Self.labelHeight
        let bottom = top + max(1, lanes.count) * laneStep
        let records = Shown.sum(lanes.flatMap(\.records))
        let errors = Shown.sum(lanes.flatMap(\.errors))
        return [
            "height": .number(bottom + 26), "top": .number(top), "bottom": .number(bottom),
            "lanes": .list(lanes.enumerated().map { lane($1, y: top + $0 * laneStep, range) }),
            "ticks": .list(ticks(range, bottom)), "yTick": .number(bottom + 18),
            "marks": .list(drawn.map { mark($0, range, bottom) }),
            "pills": .list(pills(groups, rows, range)),
            "events": .list(events.map { event($0, range) }), "hasEvents": .flag(!events.isEmpty),
            "zone": .text(
                texts("timesIn", ["zone": Clock.zone(offset), "date": Clock.date(range.lowerBound, offset: offset)])),
            "alternative": .text(
                texts(
                    "timeLineAlternative",
                    [
                        "from": Clock.time(range.lowerBound, offset: offset),
                        "to": Clock.time(range.upperBound, offset: offset), "lanes": "\(lanes.count)",
                        "records": Shown.number(records), "errors": Shown.number(errors), "events": "\(number)",
                    ])),
        ]
    }

    // MARK: Lanes

    private var lanes: [Lane] {
        (diagnosis["logs"]?.array ?? []).prefix(24).map { lane in
            func numbers(_ key: String) -> [Int] {
                (lane[key]?.array ?? []).prefix(200).map { max(0, $0.bounded ?? 0) }
            }
            let node = Shown.text(lane["node"]?.string ?? "", 40)
            let kind = lane["kind"]?.string ?? ""
            let known = texts.words["log_" + kind] == nil ? Shown.text(kind, 40) : texts("log_" + kind)
            return Lane(
                title: node.isEmpty ? known : "\(node) · \(known)", start: lane["start"]?.bounded ?? 0,
                width: max(1, lane["width"]?.bounded ?? 1), records: numbers("records"), errors: numbers("errors"))
        }
    }

    private func lane(_ lane: Lane, y: Int, _ range: ClosedRange<Int>) -> PageValue {
        let greatest = max(1, lane.records.max() ?? 1)
        let base = y + Self.labelHeight + Self.laneHeight - 12
        let room = Double(Self.laneHeight - 16)
        let wide = Drawing.place(range.lowerBound + lane.width, in: range)
        var bars: [PageValue] = []
        var rows: [PageValue] = []
        for (index, count) in lane.records.enumerated() where count > 0 {
            let errors = index < lane.errors.count ? min(lane.errors[index], count) : 0
            let start = lane.start + index * lane.width
            let x = Drawing.place(start, in: range)
            guard x > -wide, x < 100 else { continue }
            let height = max(2, Int((Double(count) / Double(greatest) * room).rounded()))
            let red = errors == 0 ? 0 : max(3, Int((Double(errors) / Double(greatest) * room).rounded()))
            let left = max(0, x)
            bars.append([
                "x": .text(Drawing.percent(left + 0.05)),
                "width": .text(Drawing.percent(max(0.2, min(wide - max(0, -x), 100 - left) - 0.1))),
                "y": .number(base - height), "height": .number(height), "red": .number(red),
                "yRed": .number(base - red), "hasErrors": .flag(errors > 0),
            ])
            rows.append([
                "time": .text(Clock.time(start, offset: offset)), "records": .number(count), "errors": .number(errors),
            ])
        }
        let records = texts.count(Shown.sum(lane.records), "records")
        let errors = texts.count(Shown.sum(lane.errors), "errors")
        return [
            "yLabel": .number(y + 15), "base": .number(base), "bars": .list(bars),
            "label": FittingText("\(lane.title) · \(records)\(texts("listComma"))\(errors)", wide: 120, narrow: 46)
                .values,
            "title": .text(lane.title), "summary": .text("\(records)\(texts("listComma"))\(errors)"),
            "rows": .list(Array(rows.prefix(caps.rows))), "hasRows": .flag(!rows.isEmpty),
            "each": .text(texts("eachColumn", ["n": span(lane.width)])),
        ]
    }

    private func span(_ milliseconds: Int) -> String {
        let seconds = milliseconds / 1_000
        if seconds < 120 { return texts("seconds", ["n": "\(seconds)"]) }
        return seconds < 7_200
            ? texts("minutes", ["n": "\(seconds / 60)"]) : texts("hours", ["n": "\(seconds / 3_600)"])
    }

    // MARK: Axis

    /// The window, and what lies near it.
    private func range(_ lanes: [Lane], _ events: [Event]) -> ClosedRange<Int>? {
        var core: ClosedRange<Int>?
        if let from = ISO8601Time.milliseconds(manifest.request.window.from),
            let to = ISO8601Time.milliseconds(manifest.request.window.to), from < to
        {
            core = from...to
        } else if let first = lanes.map(\.start).min(),
            let last = lanes.map({ $0.start + $0.width * max(1, $0.records.count) }).max(), first < last
        {
            core = first...last
        }
        let times = events.map(\.from) + events.compactMap(\.to)
        guard let start = core?.lowerBound ?? times.min(), let end = core?.upperBound ?? times.max() else { return nil }
        let length = max(end - start, 1_000)
        let near = times.filter { $0 >= start - length && $0 <= end + length }
        let first = min(start, near.min() ?? start)
        let last = max(end, near.max() ?? end)
        return first...(last > first ? last + (last > end ? length / 50 : 0) : first + 1_000)
    }

    private func ticks(_ range: ClosedRange<Int>, _ bottom: Int) -> [PageValue] {
        let length = range.upperBound - range.lowerBound
        let steps = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
        ].map { $0 * 1_000 }
        let step = steps.first { length / $0 <= 6 } ?? (length / 6 / 86_400_000 + 1) * 86_400_000
        // Whole minutes and hours of the clock on the wall.
        var tick = ((range.lowerBound + offset * 1_000) / step + 1) * step - offset * 1_000
        var ticks: [PageValue] = []
        while tick < range.upperBound, ticks.count < 16 {
            let x = Drawing.place(tick, in: range)
            let text = step % 86_400_000 == 0 ? Clock.date(tick, offset: offset) : Clock.time(tick, offset: offset)
            ticks.append([
                "x": .text(Drawing.percent(x)),
                "text": .text(step % 60_000 == 0 && step < 86_400_000 ? String(text.prefix(5)) : text),
                "anchor": .text(x < 8 ? "start" : x > 92 ? "end" : "middle"),
                "class": .text(ticks.count % 2 == 0 ? "tick" : "tick wide"), "bottom": .number(bottom),
            ])
            tick += step
        }
        return ticks
    }
}
