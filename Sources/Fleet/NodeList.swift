public import Collect
internal import Documents
internal import Platform

/// What is known of the nodes besides their bundles: which there should be, how each fared, how its clock goes. An
/// inventory tool writes it (`deploy/ansible`).
///
///     {"schema": 1, "nodes": [
///       {"name": "rmp1", "bundle": "rmp1.tar.gz", "state": "collected", "groups": ["rmp"],
///        "clock": ["1795428000000 1795428003512", "1795428000020 1795428003533"]},
///       {"name": "rmp2", "state": "unreachable", "reason": "connect to port 22: no route to host"}]}
public struct NodeList: Sendable {
    public struct Entry: Sendable {
        public var name: String
        /// Path of its bundle.
        public var bundle: String?
        /// `collected`, or how it failed: `unreachable`, `refused`, `timed-out`, `failed`, …
        public var state: String
        public var reason: String?
        public var groups: [String]
        /// How far its clock is ahead, in milliseconds.
        public var clockOffset: Int?
        /// How far that may be off.
        public var clockUncertainty: Int?
    }

    public var entries: [Entry] = []

    public init() {}

    /// - Parameters:
    ///   - bytes: JSON.
    ///   - path: of the file; bundles are named relative to its folder.
    /// - Throws: ``CollectError`` `.usage`.
    public init(json bytes: [UInt8], path: String) throws(CollectError) {
        let document: JSONValue
        do throws(DocumentError) {
            document = try JSONValue(parsing: bytes, name: path)
        } catch {
            throw CollectError(.usage, "--nodes '\(path)'", error.description)
        }
        guard let rows = document["nodes"]?.array, document["schema"]?.int == 1 else {
            throw CollectError(
                .usage, "--nodes '\(path)'", "is no list of nodes",
                hint:
                    #"write {"schema": 1, "nodes": [{"name": "rmp1", "bundle": "rmp1.tar.gz", "state": "collected"}]}"#)
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        for row in rows.prefix(100_000) {
            guard let name = row["name"]?.string, !name.isEmpty else { continue }
            let bundle = row["bundle"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            let clock = ClockSamples(row["clock"]?.strings ?? [])
            entries.append(
                Entry(
                    name: name, bundle: bundle.map { $0.hasPrefix("/") ? $0 : folder + $0 },
                    state: row["state"]?.string ?? "collected", reason: row["reason"]?.string,
                    groups: row["groups"]?.strings ?? [], clockOffset: row["clockOffsetMs"]?.int ?? clock?.offset,
                    clockUncertainty: clock?.uncertainty))
        }
    }
}

/// How far a node's clock is ahead, out of times that were taken in turn on the controller and on the node.
///
/// Each sample is the time on the controller before it asked and the time that the node answered, in milliseconds. A
/// sample was answered before the next one was asked, so the true offset lies between the node's time less the next
/// question's and the node's time less its own question's. The narrowest of these spans counts.
struct ClockSamples: Equatable {
    let offset: Int
    let uncertainty: Int

    init?(_ lines: [String]) {
        let samples = lines.prefix(100).compactMap { line -> (asked: Int, answered: Int)? in
            let numbers = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }
            guard numbers.count >= 2, numbers.allSatisfy({ (0...1 << 50).contains($0) }) else { return nil }
            return (numbers[0], numbers[1])
        }
        let spans = zip(samples, samples.dropFirst()).compactMap { sample, next -> ClosedRange<Int>? in
            guard sample.asked <= next.asked else { return nil }
            return (sample.answered - next.asked)...(sample.answered - sample.asked)
        }
        if let best = spans.min(by: { $0.count < $1.count }) {
            offset = (best.lowerBound + best.upperBound) / 2
            uncertainty = (best.upperBound - best.lowerBound + 1) / 2
        } else if let only = samples.first {
            // Without a second question nothing tells how long the answer took.
            offset = only.answered - only.asked
            uncertainty = 1000
        } else {
            return nil
        }
    }
}
