import Glibc
import Redact
import SupportBundle
import SystemPackage

/// Times the steps of a bundle over real files, for `Benchmarks/bundle.sh`: `bundle-bench STEP …`.
@main
struct BundleBench {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("bundle-bench: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard let step = arguments.first else { throw Usage() }
        let start = ContinuousClock.now
        switch (step, arguments.count) {
        // pack LEVEL THREADS WORKFOLDER OUTPUT FILE ...
        case ("pack", 6...), ("seal", 6...):
            guard let level = Int(arguments[1]), let threads = Int(arguments[2]) else { throw Usage() }
            try pack(
                level: level, threads: threads, parent: arguments[3], output: arguments[4],
                files: Array(arguments[5...]), sealFirst: step == "seal")
        // chain LEVEL THREADS WORKFOLDER OUTPUT FILE ...: redact, seal, search for what was learned, pack, verify
        case ("chain", 6...):
            guard let level = Int(arguments[1]), let threads = Int(arguments[2]) else { throw Usage() }
            try chain(
                level: level, threads: threads, parent: arguments[3], output: arguments[4],
                files: Array(arguments[5...]))
        // verify BUNDLE
        case ("verify", 2):
            let report = try BundleVerifier.verify(path: FilePath(arguments[1]))
            print("problems: \(report.problems.map(\.kind.rawValue).sorted()), suspicions: \(report.suspicions.count)")
        // show BUNDLE PATH
        case ("show", 3):
            var bytes = 0
            try BundleReader(path: FilePath(arguments[1])).copy(arguments[2]) { bytes += $0.count }
            print("\(bytes) bytes")
        default: throw Usage()
        }
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("\(step): \(Int(seconds * 1000)) ms, peak \(usage.ru_maxrss >> 10) MiB")
    }

    private struct Usage: Error {}

    private static func pack(
        level: Int, threads: Int, parent: String, output: String, files: [String], sealFirst: Bool
    ) throws {
        let work = try WorkFolder.create(parent: FilePath(parent), reserve: 0, level: level, threads: threads)
        defer { try? work.remove() }
        for (number, file) in files.enumerated() {
            let path = path(number)
            if sealFirst {
                let writer = try work.makeSealedItem(path)
                try read(file) { try writer.write($0) }
                try writer.close()
                let finished = try work.makeFinished(path)
                let reader = try work.openSealedItem(path)
                while let bytes = try reader.read() { try finished.write(bytes) }
                try finished.close()
                try work.removeSealed(path)
            } else {
                let finished = try work.makeFinished(path)
                try read(file) { try finished.write($0) }
                try finished.close()
            }
        }
        let bundle = try OutputFile(path: FilePath(output), replace: true)
        try BundleWriter(name: name, modified: 0, level: level, threads: threads).write(work, to: bundle)
        try bundle.publish()
        print("\(bundle.written) bytes")
    }

    /// What a run does with its items, step by step, and how long each step takes.
    private static func chain(level: Int, threads: Int, parent: String, output: String, files: [String]) throws {
        var start = ContinuousClock.now
        func lap(_ step: String) {
            let now = ContinuousClock.now
            print("  \(step): \(Int((now - start) / .milliseconds(1))) ms")
            start = now
        }
        let work = try WorkFolder.create(parent: FilePath(parent), reserve: 0, level: level, threads: threads)
        defer { try? work.remove() }
        let redactor = try Redactor(
            rules: RuleSet.builtIn(), level: .secrets, key: (0..<32).map { _ in UInt8.random(in: 0...255) })
        var out: [UInt8] = []
        for (number, file) in files.enumerated() {
            let writer = try work.makeSealedItem(path(number))
            let stream = redactor.makeFirstStream(.log, name: "system.log")
            try read(file) {
                try stream.append($0, to: &out)
                guard out.count > 65_536 else { return }
                try writer.write(out)
                out.removeAll(keepingCapacity: true)
            }
            _ = try stream.finish(to: &out)
            try writer.write(out)
            out.removeAll(keepingCapacity: true)
            try writer.close()
        }
        lap("redact, seal")
        for number in files.indices {
            let finished = try work.makeFinished(path(number))
            let reader = try work.openSealedItem(path(number))
            let stream = redactor.makeLiteralStream(.auto, name: "system.log")
            while let bytes = try reader.read() {
                try stream.append(bytes[...], to: &out)
                try finished.write(out)
                out.removeAll(keepingCapacity: true)
            }
            _ = try stream.finish(to: &out)
            try finished.write(out)
            out.removeAll(keepingCapacity: true)
            try finished.close()
            try work.removeSealed(path(number))
        }
        lap("search, pack")
        let bundle = try OutputFile(path: FilePath(output), replace: true)
        try BundleWriter(name: name, modified: 0, level: level, threads: threads).write(work, to: bundle)
        lap("write")
        let report = try BundleVerifier(literals: redactor.vault.literals().map(\.value)).verify(
            BundleReader(descriptor: bundle.descriptor, name: output))
        lap("verify")
        try bundle.publish()
        lap("publish")
        print("\(bundle.written) bytes, problems: \(Set(report.problems.map(\.kind.rawValue)))")
    }

    private static let name = "apigee-support-acme-prod-20261123T100000Z"

    private static func path(_ number: Int) -> String { "items/message-processor-log/\(number + 1).log" }

    private static func read(_ path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        defer { try? file.close() }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { return }
            try body(buffer[..<count])
        }
    }
}
