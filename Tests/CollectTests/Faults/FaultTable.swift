import Foundation
import Glibc
import Synchronization

/// Where in a run a fault strikes.
enum FaultStage: String, CaseIterable, Sendable {
    case discover, collect, redact, diagnose, pack, verify, attach

    /// Those of `collect`; `attach` is a command of its own.
    static let ofRun = allCases.filter { $0 != .attach }
}

/// What goes wrong.
enum FaultKind: String, CaseIterable, Sendable {
    case killed, interrupted, terminated, hangUp, brokenPipe, diskFull, readOnly, noPermission, clockForward, clockBack
    case memoryTight, memoryGone, descriptors, fileSize, dnsDead, apiFaults, malformed, toolMissing, toolHangs

    /// As docs/reliability.md names it.
    var title: String {
        switch self {
        case .killed: "killed (SIGKILL)"
        case .interrupted: "SIGINT"
        case .terminated: "SIGTERM"
        case .hangUp: "SIGHUP"
        case .brokenPipe: "SIGPIPE"
        case .diskFull: "disk full"
        case .readOnly: "output becomes read-only"
        case .noPermission: "output may no longer be written"
        case .clockForward: "clock jumps 400 days ahead"
        case .clockBack: "clock jumps 2 days back"
        case .memoryTight: "64 MiB of memory left (cgroup)"
        case .memoryGone: "out of memory (cgroup)"
        case .descriptors: "no file descriptor left"
        case .fileSize: "file-size limit of 8 KiB"
        case .dnsDead: "DNS dead"
        case .apiFaults: "API faults"
        case .malformed: "malformed input"
        case .toolMissing: "tool missing"
        case .toolHangs: "tool hangs"
        }
    }
}

/// One cell of the matrix: what the contract allows, or why there is nothing to try.
enum FaultCell: Equatable, Sendable {
    /// Exit codes.
    case codes(Set<Int32>)
    case senseless(String)

    var text: String {
        switch self {
        case .codes(let codes): codes.sorted().map(String.init).joined(separator: ", ")
        case .senseless(let why): why
        }
    }
}

/// The matrix as it is promised. docs/reliability.md shows it, with what was seen (scripts/fault-table).
enum FaultTable {
    static func cell(_ kind: FaultKind, _ stage: FaultStage) -> FaultCell {
        stage == .attach ? attach(kind) : run(kind, stage)
    }

    private static func run(_ kind: FaultKind, _ stage: FaultStage) -> FaultCell {
        switch kind {
        case .killed: return .codes([137])
        case .interrupted: return .codes([130])
        case .terminated: return .codes([143])
        case .hangUp, .brokenPipe, .clockForward, .clockBack, .memoryTight: return .codes([3])
        case .memoryGone: return .codes([137])
        case .diskFull, .descriptors, .fileSize: return .codes([1, 3])
        case .noPermission: return .codes([1])
        case .readOnly:
            return [.pack, .verify].contains(stage)
                ? .senseless("the kernel refuses while the bundle is open") : .codes([1])
        case .dnsDead:
            return stage == .collect ? .codes([3]) : .senseless("looks up no name")
        case .apiFaults: return stage == .collect ? .codes([3]) : .senseless("asks no server")
        case .malformed:
            switch stage {
            case .discover, .collect: return .codes([3])
            case .redact: return .codes([0, 3])
            case .diagnose: return .codes([0])
            case .pack: return .codes([1])
            default: return .codes([4])
            }
        case .toolMissing, .toolHangs: return stage == .collect ? .codes([3]) : .senseless("runs no tool")
        }
    }

    private static func attach(_ kind: FaultKind) -> FaultCell {
        switch kind {
        case .killed, .memoryGone: .codes([137])
        case .interrupted: .codes([130])
        case .terminated: .codes([143])
        case .hangUp, .brokenPipe, .clockForward, .clockBack, .memoryTight, .fileSize, .diskFull, .readOnly,
            .noPermission:
            .codes([0])
        case .descriptors: .codes([0, 1])
        case .dnsDead, .apiFaults, .toolMissing, .toolHangs: .codes([1])
        case .malformed: .codes([4])
        }
    }

    /// Cells of one fault that are tried.
    static func stages(_ kind: FaultKind, _ stages: [FaultStage]) -> [FaultStage] {
        stages.filter { if case .codes = cell(kind, $0) { true } else { false } }
    }

    static func allows(_ kind: FaultKind, _ stage: FaultStage, _ code: Int32) -> Bool {
        if case .codes(let codes) = cell(kind, stage) { codes.contains(code) } else { false }
    }

    private static let lock = Mutex(())

    /// Keeps what was seen for scripts/fault-table, if it asks.
    static func record(_ kind: FaultKind, _ stage: FaultStage, _ code: Int32) {
        guard let path = ProcessInfo.processInfo.environment["APIGEE_FAULT_RESULTS"] else { return }
        write("seen\t\(kind.title)\t\(stage.rawValue)\t\(code)\n", to: path)
    }

    /// The promised cells, in the same form.
    static func recordPromises() {
        guard let path = ProcessInfo.processInfo.environment["APIGEE_FAULT_RESULTS"] else { return }
        for kind in FaultKind.allCases {
            for stage in FaultStage.allCases {
                let cell = cell(kind, stage)
                let what = if case .codes = cell { "promised" } else { "senseless" }
                write("\(what)\t\(kind.title)\t\(stage.rawValue)\t\(cell.text)\n", to: path)
            }
        }
    }

    private static func write(_ line: String, to path: String) {
        lock.withLock { _ in
            guard let file = unsafe fopen(path, "a") else { return }
            unsafe fputs(line, file)
            unsafe fclose(file)
        }
    }
}
