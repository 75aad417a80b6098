internal import Glibc
internal import Platform

/// A Java process of an Edge component on this node.
struct JavaProcess: Sendable, Equatable {
    let pid: Int32
    /// As in `/opt/apigee/NAME`.
    let component: String
    let user: UInt32
    /// Where its Java is; `nil` where the kernel doesn't tell this user.
    let executable: String?
    let arguments: [String]

    /// Edge's main class (documented in "How to monitor").
    private static let mainClass = "com.apigee.kernel.MicroKernel"
    private static let limit = 1 << 20

    /// Those that were started from below `root`, by their number.
    static func all(root: String) -> [JavaProcess] {
        let proc = NodeFiles(root: "/")
        let numbers = ((try? proc.list("/proc")) ?? []).compactMap { Int32($0.name) }
        return numbers.sorted().compactMap { find($0, proc, root: root) }
    }

    /// Whether the process is still what it was.
    func isStillThere(root: String) -> Bool { Self.find(pid, NodeFiles(root: "/"), root: root) == self }

    private static func find(_ pid: Int32, _ proc: NodeFiles, root: String) -> JavaProcess? {
        guard let text = proc.text("/proc/\(pid)/cmdline", limit: limit) else { return nil }
        let arguments = text.split(separator: "\0").map(String.init)
        guard arguments.contains(mainClass) else { return nil }
        let home = (root == "/" ? "" : root) + "/opt/apigee/"
        let folders = arguments.compactMap { argument -> Substring? in
            guard argument.hasPrefix("-Dinstallation.dir=") || argument.hasPrefix("-Dconf.dir=") else { return nil }
            let value = argument[argument.index(after: argument.firstIndex(of: "=") ?? argument.startIndex)...]
            return value.hasPrefix(home) ? value.dropFirst(home.count).prefix { $0 != "/" } : nil
        }
        // A folder may carry its version: `edge-message-processor-4.53.01-…`.
        guard let folder = folders.first,
            let component = EdgeComponent.all.first(where: { folder.hasPrefix($0.name) })?.name
        else { return nil }
        var status = stat()
        guard unsafe stat("/proc/\(pid)", &status) == 0 else { return nil }
        return JavaProcess(
            pid: pid, component: component, user: status.st_uid, executable: link("/proc/\(pid)/exe"),
            arguments: arguments)
    }

    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink(path, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A program of its JDK: beside its Java, or beside the JRE's folder; else the one on PATH. It has to run as the
    /// process's own user, who alone may attach.
    func tool(_ name: String, _ tools: ToolPath) -> NodeTool {
        let own = geteuid()
        guard own == 0 || own == user else {
            let owner = ReaderIdentity.lookUp(user: user).name
            return .absent(
                reason: "\(name) of process \(pid) needs its user \(owner)",
                hint: "run it with sudo, or as user \(owner)")
        }
        let identity = own == 0 && user != 0 ? ReaderIdentity.lookUp(user: user) : nil
        if let folder = executable.map({ $0.split(separator: "/").dropLast().map(String.init) }) {
            for candidate in [folder, folder.dropLast(2) + ["bin"]] {
                let path = "/" + (candidate + [name]).joined(separator: "/")
                guard unsafe access(path, X_OK) == 0 else { continue }
                if own != 0 || identity != nil || tools.isSafe(path) { return .found(path: path, identity: identity) }
            }
        }
        switch tools.find(name) {
        case .found(let path): return .found(path: path, identity: identity)
        case .missing:
            return .absent(
                reason: "there is no \(name) beside the process's Java and none on PATH",
                hint: "install the JDK of the node's Java version")
        case .unsafe(let path):
            return .absent(reason: "\(path) is not run as root: others than root may write it", hint: nil)
        }
    }
}
