import Foundation
import Lab
import Testing

/// The collectors that the program knows, and a site's playbook that asks for them.
struct SourcePlaybook {
    struct Source {
        let id: String
        let item: String
        let isBuilt: Bool
    }

    let sources: [Source]

    /// All of the program, or those of some ids.
    init(_ ids: [String]? = nil) async throws {
        let ending = try await Collect.run(["playbooks", "list", "--json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
        let all = (json["collectors"] as? [[String: Any]] ?? []).map { row in
            Source(
                id: row["id"] as? String ?? "", item: row["item"] as? String ?? "",
                isBuilt: row["inThisVersion"] as? Bool ?? false)
        }
        sources = all.filter { ids?.contains($0.id) ?? true }
        try #require(ids == nil || sources.count == ids?.count, "unknown ids in \(ids ?? [])")
    }

    /// Puts it into the site's playbooks below a root, under the id `all-sources`.
    func install(below root: URL) throws {
        let folder = root.appendingPathComponent("etc/apigee-collect/playbooks.d")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let entries = Dictionary(grouping: sources, by: \.item).sorted { $0.key < $1.key }.map { item, sources in
            "    - { item: \(item), from: [\(sources.map(\.id).joined(separator: ", "))], required: true }"
        }.joined(separator: "\n")
        let text = """
            id: all-sources
            version: 1
            title: All sources
            source: https://wiki.acme.example/all
            symptoms: { signatures: [] }
            mustCollect:
              private:
            \(entries)
              public:
            \(entries)

            """
        let file = folder.appendingPathComponent("all.yaml")
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }
}

extension CollectRun {
    /// A run over a lab that asks for some collectors, or all; the lab's ports and programs are those of its node.
    init(_ lab: Lab, sources ids: [String]?, login: Bool = true, reproduces: Bool = false, capture: Int = 0)
        async throws
    {
        try await SourcePlaybook(ids).install(below: URL(fileURLWithPath: lab.info.root))
        try self.init(lab, playbook: "all-sources", login: login, reproduces: reproduces, capture: capture)
        for (port, real) in lab.info.componentPorts { arguments += ["--component-port", "\(port)=\(real)"] }
        environment["PATH"] = lab.info.tools + ":/usr/sbin:/usr/bin:/sbin:/bin"
    }

    /// A run over a root without a lab.
    init(root: URL, sources ids: [String]?, arguments more: [String] = []) async throws {
        try await SourcePlaybook(ids).install(below: root)
        scratch = try Scratch(mode: 0o711)
        output = try scratch.folder("out")
        work = try scratch.folder("work")
        arguments =
            [
                "collect", "all-sources", "--mode", "private", "--root", root.path, "--mgmt", "http://127.0.0.1:1/v1",
                "--output", output.path, "--work-dir", work.path, "--capture", "0",
            ] + more
    }
}
