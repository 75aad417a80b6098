internal import Glibc
internal import Platform
internal import SupportBundle
internal import SystemPackage

/// Where the work in progress lies: the folder that was named, else the first that can be used.
struct WorkPlace {
    let options: CollectOptions

    /// Free space that is left to the node: 2 GiB, or a tenth of a small file system.
    static func reserve(total: Int) -> Int { min(2 << 30, total / 10) }

    /// - Parameters:
    ///   - note: the journal's first line.
    ///   - expected: bytes that are going to be collected, as far as that can be told.
    func create(
        note: [UInt8] = [], expecting expected: Int = 0, observe: (RunEvent) -> Void
    ) throws(CollectError) -> WorkFolder {
        var last: BundleError?
        // What waits for the second pass lies there whole, and beside it what is packed.
        let needed = expected + expected / 4
        let rooms = candidates.map { (folder: $0, room: Self.room($0)) }
        let enough = rooms.filter { $0.room >= needed }
        let scarce = rooms.filter { $0.room < needed }.sorted { $0.room > $1.room }
        if enough.isEmpty, let best = scarce.first, needed > 0 {
            observe(
                .phase(
                    "up to \(needed >> 20) MiB may be needed and \(max(0, best.room) >> 20) MiB may be used in "
                        + "\(best.folder): what does not fit is left out; name another disk with --work-dir"))
        }
        for (folder, _) in enough + scarce {
            do throws(BundleError) {
                return try WorkFolder.create(
                    parent: FilePath(folder), reserve: Self.reserve(total: Self.total(folder)), level: options.level,
                    threads: options.threads, note: note)
            } catch {
                last = error
            }
        }
        throw CollectError(
            .failed, "work folder", last?.description ?? "none can be used",
            hint: last?.hint ?? "name one with --work-dir DIR")
    }

    /// Removes a work folder, also while others still write into it: what appears meanwhile goes with the next try.
    static func clear(_ work: WorkFolder) {
        for _ in 0..<40 {
            if (try? work.remove()) != nil { return }
            usleep(5_000)
        }
    }

    /// Runs that were killed and left something to go on with.
    func stale() -> [StaleRun] {
        var seen: Set<String> = []
        return candidates.filter { seen.insert(PathText.absolute($0)).inserted }.flatMap {
            StaleWork.find(in: FilePath($0)).compactMap { StaleRun($0) }
        }
    }

    /// Folders in which work may lie, the best first.
    var candidates: [String] {
        if let named = options.workParent { return [named] }
        return [environment("TMPDIR"), "/var/tmp", "/tmp", options.output ?? "."].compactMap(\.self).filter {
            !$0.isEmpty
        }
    }

    /// Bytes that may be used on the file system that holds `folder`: what is free, less what is left to the node.
    private static func room(_ folder: String) -> Int {
        var status = statvfs()
        guard unsafe statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return 0 }
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
        return Int(clamping: free) - reserve(total: total(folder))
    }

    /// Size in bytes of the file system that holds `folder`.
    static func total(_ folder: String) -> Int {
        var status = statvfs()
        guard unsafe statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return 0 }
        return Int(
            clamping: UInt64(status.f_blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
