import Collect
import Glibc
import Platform

/// What is to be redacted, and where to.
struct RedactSources {
    struct File {
        /// As it is shown and opened; `-`: standard input.
        var path: String
        /// `nil`: standard output.
        var target: String?
    }

    private(set) var files: [File] = []
    /// Folders to make, in order.
    private(set) var folders: [String] = []
    private(set) var notes: [String] = []

    init(inputs: [String], output: String?, check: Bool) throws(CollectError) {
        let inputs = inputs.isEmpty ? ["-"] : inputs
        var toFolder = false
        if let output, inputs.count > 1 || inputs.contains(where: { Self.isFolder($0) }) || Self.isFolder(output) {
            toFolder = true
            folders.append(output)
        }
        for input in inputs {
            guard input != "-" else {
                files.append(File(path: "-", target: output == "-" ? nil : output))
                continue
            }
            if Self.isFolder(input) {
                guard output != nil || check else {
                    throw CollectError(
                        .usage, "'\(input)'", "is a folder", hint: "give a folder to write to: -o FOLDER")
                }
                if let output, Self.isInside(output, input) {
                    throw CollectError(.usage, "-o '\(output)'", "lies inside '\(input)'", hint: "name another folder")
                }
                try walk(input, output, depth: 0)
            } else {
                let target = output.map { toFolder ? $0 + "/" + PathText.lastName(input) : $0 }
                if let target, Self.isSame(input, target) {
                    throw CollectError(.usage, "'\(input)'", "is input and output at once")
                }
                files.append(File(path: input, target: target == "-" ? nil : target))
            }
        }
    }

    private mutating func walk(_ folder: String, _ target: String?, depth: Int) throws(CollectError) {
        guard depth < 64 else { return notes.append("'\(folder)' is too deep and was left out") }
        let files = NodeFiles(root: folder)
        let entries: [NodeFiles.Entry]
        do {
            entries = try files.list("/")
        } catch {
            throw CollectError(.usage, "'\(folder)'", "can't be read: \(error.reason)")
        }
        for entry in entries {
            let path = folder + "/" + entry.name
            let to = target.map { $0 + "/" + entry.name }
            if entry.isDirectory {
                if let to { folders.append(to) }
                try walk(path, to, depth: depth + 1)
            } else if entry.isRegular {
                self.files.append(File(path: path, target: to))
            } else {
                notes.append("'\(path)' was left out: it is not a regular file")
            }
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        var one = stat()
        var two = stat()
        return unsafe stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_ino == two.st_ino && one.st_dev == two.st_dev
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        PathText.absolute(path).hasPrefix(PathText.absolute(folder) + "/")
    }
}
