import Foundation
import Glibc

/// Ways to make a fault happen for real.
enum FaultTools {
    /// Sets a limit of a process that runs.
    static func limit(_ process: Int32, _ option: String) async throws {
        _ = try await Program.tool("prlimit", ["--pid", String(process), option])
    }

    /// The limit with which a process can open nothing until it closes something.
    static func noDescriptor(of process: Int32) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
        let open = Set(names.compactMap { Int($0) })
        return "--nofile=\((0...open.count).first { !open.contains($0) } ?? open.count)"
    }

    /// Writes until nothing fits any more.
    static func fill(_ folder: URL) {
        let path = folder.appendingPathComponent("filler").path
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        for size in [1 << 16, 4096, 1] {
            let block = [UInt8](repeating: 0x61, count: size)
            while unsafe write(descriptor, block, size) > 0 {}
        }
    }

    /// A library that tells a process what the time is, by a file that may change; made of Tests/Fixtures/clock.
    ///
    /// libfaketime's takes a Swift program its arguments.
    static let clock: ClockLibrary? = try? ClockLibrary()

    /// Whether files of this machine can be replaced for one process.
    static let hasNamespaces: Bool = {
        guard getuid() == 0, let unshare = Program.find("unshare") else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: unshare)
        process.arguments = ["-m", "true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// A program and its arguments that make `path` run where the names of no host can be found: the resolver asks a
    /// server that never answers.
    static func withoutDNS(_ scratch: Scratch) throws -> [String] {
        let resolver = try scratch.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", to: "resolv.conf")
        let hosts = try scratch.write("", to: "hosts")
        let order = try scratch.write("hosts: dns\npasswd: files\ngroup: files\n", to: "nsswitch.conf")
        let binds = [(resolver, "/etc/resolv.conf"), (hosts, "/etc/hosts"), (order, "/etc/nsswitch.conf")].map {
            "mount --bind '\($0.path)' \($1)"
        }
        return ["/usr/bin/unshare", "-m", "/bin/sh", "-c", binds.joined(separator: " && ") + " && exec \"$@\"", "sh"]
    }
}

/// A limit of memory for one process and what it starts; only root can make one.
final class MemoryLimit: Sendable {
    private let folder: String

    static let isPossible =
        unsafe getuid() == 0 && access("/sys/fs/cgroup/memory/memory.limit_in_bytes", W_OK) == 0

    init(bytes: Int) throws {
        folder = "/sys/fs/cgroup/memory/apigee-faults-\(UUID().uuidString)"
        guard unsafe mkdir(folder, 0o755) == 0 else { throw Program.Missing(name: "a cgroup") }
        try Data("\(bytes)".utf8).write(to: URL(fileURLWithPath: folder + "/memory.limit_in_bytes"))
        // Swap, where there is any, would hide the limit.
        try? Data("0".utf8).write(to: URL(fileURLWithPath: folder + "/memory.swappiness"))
    }

    /// From now on what it asks for counts.
    func take(_ process: Int32) throws {
        try Data("\(process)".utf8).write(to: URL(fileURLWithPath: folder + "/cgroup.procs"))
    }

    deinit { unsafe rmdir(folder) }
}

/// A shared library for LD_PRELOAD, as long as it is needed.
final class ClockLibrary: Sendable {
    private let scratch: Scratch
    let path: String

    init() throws {
        scratch = try Scratch(mode: 0o755)
        path = scratch.url.appendingPathComponent("clock.so").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/gcc")
        process.arguments = [
            "-shared", "-fPIC", "-O1", "-o", path,
            Collect.package.appendingPathComponent("Tests/Fixtures/clock/clock.c").path,
        ]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Program.Missing(name: "gcc") }
    }
}

/// A UDP port that takes questions and never answers: a name server that is gone behind a firewall.
final class SilentResolver: Sendable {
    private let descriptor: Int32

    init() {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        // Where another one has the port, or nobody may, it is refused at once: dead as well.
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, size) }
        }
    }

    deinit { close(descriptor) }
}
