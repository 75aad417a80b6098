internal import Documents
internal import SupportBundle

extension TimeLine {
    /// From the manifest: the request, the failures of its kind, the captures, the run; from the diagnosis: handshakes,
    /// the trace, deployments.
    var events: [Event] {
        var events: [Event] = []
        func add(_ key: String, _ time: Int?, to end: Int? = nil, _ detail: String = "", path: String = "", bad: Bool = false) {
            guard let time, events.count < 60 else { return }
            var event = Event(from: time, key: key, detail: Shown.text(detail, 120), path: path)
            event.to = end.flatMap { $0 > time ? $0 : nil }
            event.isBad = bad
            events.append(event)
        }
        let request = manifest.request
        let status = request.httpStatus.map { "HTTP \($0)" } ?? ""
        add("eventRequest", Clock.milliseconds(request.time), status, bad: true)
        if let failure = manifest.failure, failure.count > 1 {
            let first = Clock.milliseconds(failure.firstSeen)
            let last = Clock.milliseconds(failure.lastSeen)
            let own = Clock.milliseconds(request.time)
            if first != own { add("eventFirst", first, failure.signature) }
            if last != own, last != first { add("eventLast", last, failure.signature) }
        }
        for item in manifest.items.lazy.filter({ $0.capture != nil }).prefix(6) {
            guard let start = Clock.milliseconds(item.startedAt) else { continue }
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
        add("eventRun", Clock.milliseconds(manifest.bundle.createdAt))
        return events
    }

    /// Failed handshakes of the capture: each of a few, of many the first and the last with their number.
    private func handshakes(_ add: (Int?, String) -> Void) {
        let failed = (diagnosis["handshakes"]?.array ?? []).filter { $0["outcome"]?.string == "failed" }
            .compactMap { $0["time"]?.string.flatMap(Clock.milliseconds) }.sorted()
        guard failed.count > 3, let first = failed.first, let last = failed.last else {
            for time in failed { add(time, "") }
            return
        }
        add(first, texts("firstOf", ["n": "\(failed.count)"]))
        add(last, texts("lastOf", ["n": "\(failed.count)"]))
    }

    /// The row of each mark, so that their numbers do not cover each other on a phone.
    func levels(_ events: [Event], _ range: ClosedRange<Int>) -> [Int: Int] {
        var ends: [Double] = []
        var rows: [Int: Int] = [:]
        for event in events {
            let x = Drawing.place(event.from, in: range)
            let row = ends.firstIndex { $0 <= x } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = x + 8
            rows[event.number] = row
        }
        return rows
    }

    func mark(_ event: Event, _ rows: [Int: Int], _ range: ClosedRange<Int>, _ bottom: Int) -> PageValue {
        let x = Drawing.place(event.from, in: range)
        let y = 14 + (rows[event.number] ?? 0) * 24
        let end = event.to.map { min(Drawing.place($0, in: range), 100) }
        return [
            "x": .text(Drawing.percent(x)), "y": .number(y), "yText": .number(y + 4), "number": .number(event.number),
            "class": .text(event.isBad ? "bad" : "plain"), "bottom": .number(bottom),
            "hasSpan": .flag(end != nil), "span": .text(Drawing.percent(max(0.3, (end ?? x) - x))),
            "spanHeight": .number(max(0, bottom - y)),
        ]
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
