import ArgumentParser
import Collect
import Documents
import Glibc
import Platform

/// `/etc/apigee-collect/config.yaml`: site defaults, keys are the long option names of `collect`.
///
/// They are put before the command line, so that the same parser checks them and what is typed wins.
enum SiteConfiguration {
    private static let folder = "/etc/apigee-collect"

    /// The command line with the site's defaults of `collect` in front of its own options.
    static func adding(to arguments: [String]) throws -> [String] {
        guard isCollect(arguments), !arguments.contains("--help"), !arguments.contains("-h") else { return arguments }
        let root = value(of: "--root", in: arguments) ?? "/"
        let defaults = try read(root: root)
        guard !defaults.isEmpty else { return arguments }
        return ["collect"] + defaults + (arguments.first == "collect" ? Array(arguments.dropFirst()) : arguments)
    }

    /// Files of `playbooks.d/` and of `--templates DIR/playbooks`.
    static func playbooks(root: String, templates: String?) throws -> [(name: String, bytes: [UInt8])] {
        try yamlFiles(NodeFiles(root: root), folder + "/playbooks.d")
            + (templates.map { try yamlFiles(NodeFiles(root: $0), "/playbooks") } ?? [])
    }

    /// Files of `rules.d/` and of `--templates DIR/redaction`.
    static func rules(root: String, templates: String?) throws -> [(name: String, bytes: [UInt8])] {
        try yamlFiles(NodeFiles(root: root), folder + "/rules.d")
            + (templates.map { try yamlFiles(NodeFiles(root: $0), "/redaction") } ?? [])
    }

    private static func isCollect(_ arguments: [String]) -> Bool {
        guard let first = arguments.first, !first.hasPrefix("-") else { return true }
        let others = ApigeeCollect.configuration.subcommands.compactMap { $0.configuration.commandName }
        return first == "collect" || (!others.contains(first) && first != "help")
    }

    private static func value(of option: String, in arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == option, index + 1 < arguments.count { return arguments[index + 1] }
            if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
        }
        return nil
    }

    private static func read(root: String) throws -> [String] {
        let path = folder + "/config.yaml"
        guard let bytes = try trusted(NodeFiles(root: root), path) else { return [] }
        let node: YAMLNode
        do {
            node = try YAMLNode(parsing: bytes, name: path)
        } catch {
            throw CollectError(.usage, "", "\(error)")
        }
        // As the packages bring it: nothing but comments.
        if node.scalar?.isEmpty == true { return [] }
        guard let mapping = node.mapping else {
            throw CollectError(.usage, path, "must hold 'option: value' lines")
        }
        var arguments: [String] = []
        for (key, value) in mapping {
            guard let name = key.scalar, name.allSatisfy({ $0.isLowercase || $0 == "-" }), !name.isEmpty else {
                throw CollectError(.usage, "\(path):\(key.line)", "keys are long option names such as 'mgmt'")
            }
            for entry in value.sequence ?? [value] {
                let text = entry.scalar ?? ""
                switch text {
                case "true", "yes": arguments.append("--" + name)
                case "false", "no": break
                default: arguments += ["--\(name)=\(text)"]
                }
            }
        }
        return arguments
    }

    private static func yamlFiles(_ files: NodeFiles, _ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let names = ((try? files.list(folder)) ?? []).map(\.name).filter {
            $0.hasSuffix(".yaml") || $0.hasSuffix(".yml")
        }
        return try names.compactMap { name in
            try trusted(files, folder + "/" + name).map { (folder + "/" + name, $0) }
        }
    }

    /// The file's bytes if it is there; refused when others than root or the user own or may write it.
    private static func trusted(_ files: NodeFiles, _ path: String) throws -> [UInt8]? {
        let file: NodeFile
        do {
            file = try files.open(path)
        } catch {
            if error.code == .notFound { return nil }
            throw CollectError(.refused, path, "can't be read: \(error.reason)", hint: error.hint)
        }
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else { return nil }
        let owned = status.st_uid == 0 || status.st_uid == CallingUser.current().user || status.st_uid == geteuid()
        guard owned, status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw CollectError(
                .refused, path, "others than root and you may write it",
                hint: "chown root '\(path)' && chmod go-w '\(path)'")
        }
        return try file.readAll(limit: 1 << 20)
    }
}
