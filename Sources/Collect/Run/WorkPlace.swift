internal import Glibc
internal import Platform
internal import SupportBundle
internal import SystemPackage

/// Where the work in progress lies: the folder that was named, else the first that can be used.
struct WorkPlace {
    let options: CollectOptions

    /// Free space that is left to the node: 2 GiB, or a tenth of a small file system.
    static func reserve(total: Int) -> Int { min(2 << 30, total / 10) }

    /// - Parameter note: the journal's first line.
    func create(note: [UInt8] = [], observe: (RunEvent) -> Void) throws(CollectError) -> WorkFolder {
        var last: BundleError?
        for folder in candidates {
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

    private var candidates: [String] {
        if let named = options.workParent { return [named] }
        return [environment("TMPDIR"), "/var/tmp", "/tmp", options.output ?? "."].compactMap(\.self).filter {
            !$0.isEmpty
        }
    }

    /// Size in bytes of the file system that holds `folder`.
    static func total(_ folder: String) -> Int {
        var status = statvfs()
        guard unsafe statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return 0 }
        return Int(
            clamping: UInt64(status.f_blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
