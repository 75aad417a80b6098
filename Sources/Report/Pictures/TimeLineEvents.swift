internal import Documents
internal import SupportBundle

extension TimeLine {
    /// From the manifest: the request, the failures of its kind, the captures, the run; from the diagnosis: handshakes,
    /// the trace, deployments.
    var events: [Event] {
        var events: [Event] = []
        func add(
            _ key: String, _ time: Int?, to end: Int? = nil, _ detail: String = "", path: String = "", bad: Bool = false
        ) {
            guard let time, events.count < 60 else { return }
            var event = Event(from: time, key: key, detail: Shown.text(detail, 120), path: path)
            event.to = end.flatMap { $0 > time ? $0 : nil }
            event.isBad = bad
            events.append(event)
        }
        let request = manifest.request
        let status = request.httpStatus.map { "HTTP \($0)" } ?? ""
        add("eventRequest", ISO8601Time.milliseconds(request.time), status, bad: true)
        if let failure = manifest.failure, failure.count > 1 {
            let first = ISO8601Time.milliseconds(failure.firstSeen)
            let last = ISO8601Time.milliseconds(failure.lastSeen)
            let own = ISO8601Time.milliseconds(request.time)
            if first != own { add("eventFirst", first, failure.signature) }
            if last != own, last != first { add("eventLast", last, failure.signature) }
        }
        for item in manifest.items.lazy.filter({ $0.capture != nil }).prefix(6) {
            guard let start = ISO8601Time.milliseconds(item.startedAt) else { continue }
            let length = min(max(0, item.durationMs), 86_400_000)
            add("eventCapture", start, to: start + length, "", path: item.path)
        }
        handshakes { add("eventHandshake", $0, $1, bad: true) }
        let points = diagnosis["trace"]?["points"]?.array ?? []
        let times = points.compactMap { $0["time"]?.bounded }
        if let first = times.min(), let last = times.max() {
            let path = diagnosis["trace"]?["path"]?.string ?? ""
            add("eventTrace", first, to: last, "", path: path)
            let failed = points.first { $0["failed"]?.bool == true }
            add("eventTraceFailure", failed?["time"]?.bounded, failed?["name"]?.string ?? "", path: path, bad: true)
        }
        for lane in (diagnosis["logs"]?.array ?? []).prefix(24) {
            for deployment in (lane["deployments"]?.array ?? []).prefix(6) {
                add(
                    "eventDeployment", deployment["time"]?.bounded, deployment["text"]?.string ?? "",
                    path: deployment["path"]?.string ?? "")
            }
        }
        add("eventRun", ISO8601Time.milliseconds(manifest.bundle.createdAt))
        return events
    }

    /// Failed handshakes of the capture: each of a few, of many the first and the last with their number.
    private func handshakes(_ add: (Int?, String) -> Void) {
        let failed = (diagnosis["handshakes"]?.array ?? []).filter { $0["outcome"]?.string == "failed" }
            .compactMap { $0["time"]?.string.flatMap(ISO8601Time.milliseconds) }.sorted()
        guard failed.count > 3, let first = failed.first, let last = failed.last else {
            for time in failed { add(time, "") }
            return
        }
        add(first, texts("firstOf", ["n": "\(failed.count)"]))
        add(last, texts("lastOf", ["n": "\(failed.count)"]))
    }

    /// Events that lie so close that one mark stands for them.
    func groups(_ events: [Event], _ range: ClosedRange<Int>) -> [[Event]] {
        var groups: [[Event]] = []
        for event in events {
            if let last = groups.last?.first, place(event, range) - place(last, range) < 3 {
                groups[groups.count - 1].append(event)
            } else {
                groups.append([event])
            }
        }
        return groups
    }

    private func place(_ event: Event, _ range: ClosedRange<Int>) -> Double { Drawing.place(event.from, in: range) }

    /// The row of each mark, so that they do not cover each other on a phone.
    func levels(_ groups: [[Event]], _ range: ClosedRange<Int>) -> [Int] {
        var ends: [Double] = []
        return groups.map { group in
            let x = group.first.map { place($0, range) } ?? 0
            let row = ends.firstIndex { $0 <= x } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = x + (group.count > 1 ? 15 : 9)
            return row
        }
    }

    /// The line of an event; of a stretch of time also its area.
    func mark(_ event: Event, _ range: ClosedRange<Int>, _ bottom: Int) -> PageValue {
        let x = place(event, range)
        let end = event.to.map { min(Drawing.place($0, in: range), 100) }
        return [
            "x": .text(Drawing.percent(x)), "y": 14, "class": .text(event.isBad ? "bad" : "plain"),
            "bottom": .number(bottom), "hasSpan": .flag(end != nil),
            "span": .text(Drawing.percent(max(0.3, (end ?? x) - x))), "spanHeight": .number(max(0, bottom - 14)),
        ]
    }

    /// `3`, or `1–8` for several.
    func pills(_ groups: [[Event]], _ rows: [Int], _ range: ClosedRange<Int>) -> [PageValue] {
        zip(groups, rows).compactMap { group, row in
            guard let first = group.first, let last = group.last else { return nil }
            let text = group.count == 1 ? "\(first.number)" : "\(first.number)–\(last.number)"
            let width = max(20, 8 + text.count * 8)
            // A mark at the edge stays on the page.
            let x = min(max((place(first, range) + place(last, range)) / 2, 3), group.count > 1 ? 93 : 97)
            return [
                "x": .text(Drawing.percent(x)), "y": .number(14 + row * 24), "text": .text(text),
                "half": .number(width / 2), "width": .number(width),
                "class": .text(group.contains { $0.isBad } ? "bad" : "plain"),
            ]
        }
    }

    func event(_ event: Event, _ range: ClosedRange<Int>) -> PageValue {
        let isOutside = event.number == 0
        let time = Clock.time(event.from, offset: offset, fraction: event.from % 1_000 != 0)
        let date = Clock.date(event.from, offset: offset)
        let sameDay = date == Clock.date(range.lowerBound, offset: offset)
        let until = event.to.map { "–" + Clock.time($0, offset: offset) } ?? ""
        return [
            "number": .text(isOutside ? "" : "\(event.number)"), "outside": .text(isOutside ? texts("outside") : ""),
            "time": .text((sameDay ? "" : date + " ") + time + until), "what": .text(texts(event.key)),
            "detail": .text(texts.sentence(event.detail)), "path": .text(Shown.text(event.path, caps.name)),
            "href": .text(PageModel.href(event.path)), "class": .text(event.isBad ? "bad" : "plain"),
        ]
    }
}
