internal import Documents
internal import SupportBundle

/// The way of the failing transaction through the proxy: what ran, for how long, and where it failed.
struct TraceDrawing {
    let data: JSONValue
    let offset: Int
    let texts: Texts
    let caps: PageCaps
    private static let rowHeight = 36

    private struct Step {
        let kind: String
        let name: String
        let type: String
        let location: String
        let time: Int?
        var milliseconds: Int?
        var isFailed: Bool
    }

    var values: PageValue? {
        let steps = steps
        guard !steps.isEmpty else { return nil }
        let times = steps.compactMap(\.time)
        let start = times.min()
        let ends = steps.compactMap { step in step.time.map { $0 + (step.milliseconds ?? 0) } }
        let total = max(1, (ends.max() ?? 0) - (start ?? 0))
        // A trace in which all steps bear one time tells no durations.
        let isTimed = (ends.max() ?? 0) > (start ?? 0)
        let failure = data["failure"]
        let path = data["path"]?.string ?? ""
        var values: [String: PageValue] = [
            "height": .number(steps.count * Self.rowHeight + 6),
            "rows": .list(steps.enumerated().map { row($1, at: $0, start, isTimed ? total : nil) }),
            "noTimes": .flag(!isTimed),
            "path": .text(text(path)), "href": .text(PageModel.href(path)),
            "number": .text(
                texts(
                    "transactionNumber",
                    ["n": "\(data["number"]?.bounded ?? 1)", "count": "\(data["count"]?.bounded ?? 1)"])),
            "start": .text(
                start.map { texts("startsAt", ["time": Clock.time($0, offset: offset, fraction: true)]) } ?? ""),
        ]
        let state = failure?["state"]?.string ?? ""
        let location = steps.first(where: \.isFailed)?.location ?? ""
        let pairs: [(String, String?)] = [
            ("failedIn", state), ("errorCause", failure?["cause"]?.string), ("errorText", failure?["text"]?.string),
            ("errorClass", failure?["class"]?.string), ("faultCode", data["faultCode"]?.string),
            ("httpStatus", data["status"]?.bounded.map { String($0) }), ("messageId", data["messageId"]?.string),
            ("place", location.isEmpty ? nil : texts.sentence(location)),
        ]
        values["hasFailure"] = .flag(failure != nil)
        values["facts"] = .list(
            pairs.compactMap { name, value in
                guard let value, !value.isEmpty else { return nil }
                return [
                    "name": .text(texts(name)), "value": .text(Shown.text(value, caps.sentence)),
                    "bad": .flag(name == "errorCause"),
                ]
            })
        let cause = failure?["cause"]?.string ?? failure?["text"]?.string ?? ""
        values["alternative"] = .text(
            failure == nil
                ? texts("traceAlternative", ["n": "\(steps.count)"])
                : texts("traceFailsAlternative", ["n": "\(steps.count)", "state": text(state), "cause": text(cause)]))
        return .record(values)
    }

    private func row(_ step: Step, at index: Int, _ start: Int?, _ total: Int?) -> PageValue {
        let y = index * Self.rowHeight + 6
        let from = step.time.flatMap { time in start.map { Double(time - $0) / Double(total ?? 1) * 100 } }
        let width = step.milliseconds.map { Double($0) / Double(total ?? 1) * 100 }
        let length = total == nil ? "" : step.milliseconds.map { texts("milliseconds", ["n": Shown.number($0)]) } ?? ""
        let kind = texts("step_" + (["state", "policy", "error"].contains(step.kind) ? step.kind : "state"))
        return [
            "yText": .number(y + 14), "yBar": .number(y + 20), "yBand": .number(y - 2),
            "bandHeight": .number(Self.rowHeight), "failed": .flag(step.isFailed),
            "class": .text(step.isFailed ? "failed" : step.kind),
            "label": FittingText(label(step), wide: 110, narrow: step.isFailed ? 40 : 32).values,
            "indent": .number(step.kind == "policy" ? 22 : 6), "timed": .flag(total != nil && step.time != nil),
            "name": .text(step.name),
            "kind": .text(kind), "length": .text(length), "location": .text(texts.sentence(step.location)),
            "x": .text(Drawing.percent(min(from ?? 0, 99.4))),
            "width": .text(Drawing.percent(max(0.6, min(width ?? 0, 100 - min(from ?? 0, 99.4))))),
            "at": .text(
                step.time.flatMap { time in start.map { "+" + texts("milliseconds", ["n": Shown.number(time - $0)]) } }
                    ?? ""
            ),
        ]
    }

    private func label(_ step: Step) -> String {
        if step.kind == "error" { return "✗ " + step.name }
        return step.type.isEmpty ? step.name : "\(step.name) · \(step.type)"
    }

    /// A state lasts until the next one, a policy until whatever comes next.
    private var steps: [Step] {
        let points = data["points"]?.array ?? []
        var steps = points.map { point in
            Step(
                kind: point["kind"]?.string ?? "state", name: name(of: point),
                type: text(point["type"]?.string ?? ""), location: text(point["location"]?.string ?? ""),
                time: point["time"]?.bounded, isFailed: point["failed"]?.bool == true)
        }
        for index in steps.indices {
            guard let time = steps[index].time else { continue }
            let isState = steps[index].kind == "state"
            let next = steps[(index + 1)...].first { $0.time != nil && (!isState || $0.kind == "state") }?.time
            if let next, next >= time { steps[index].milliseconds = next - time }
        }
        let limit = caps.entries
        guard steps.count > limit, let failed = steps.firstIndex(where: \.isFailed) else {
            return Array(steps.prefix(limit))
        }
        // What stands around the failure counts.
        let first = max(0, min(failed - limit / 2, steps.count - limit))
        return Array(steps[first..<min(steps.count, first + limit)])
    }

    /// Of a failure its cause, which says more than the answer's words.
    private func name(of point: JSONValue) -> String {
        let cause = data["failure"]?["cause"]?.string ?? ""
        let isError = point["kind"]?.string == "error"
        return text(isError && !cause.isEmpty ? cause : point["name"]?.string ?? "")
    }

    private func text(_ text: String) -> String { Shown.text(text, caps.name) }
}
