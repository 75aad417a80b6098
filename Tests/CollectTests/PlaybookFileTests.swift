import Foundation
import Testing

/// Playbook files: schema, what they extend, collectors, site files, the guide's tables.
@Suite("Playbook files") struct PlaybookFileTests {
    private static let templates = Collect.package.appendingPathComponent("templates")

    private static let own = """
        id: my-playbook
        extends: 504-gateway-timeout
        version: 1
        title: Our own time-out
        source: https://wiki.acme.example/timeouts
        symptoms:
          signatures:
            - { id: our-timeout, title: our gateway gave up, fragments: ["ACME-TIMEOUT"] }
        alsoCollect:
          private:
            - { item: runtime, from: [mp-revisions], required: false }
        """

    @Test("each file of the program is valid by the JSON Schema, as Python sees it; broken ones are not")
    func pythonAgrees() async throws {
        let scratch = try Scratch()
        for (name, change) in [
            ("collector", ("mp-revisions", "no-such-collector")), ("item", ("item: runtime", "item: runtimes")),
            ("key", ("alsoCollect", "alsoCollekt")), ("place", ("title: our", "in: [nowhere], title: our")),
        ] {
            try scratch.write(Self.own.replacingOccurrences(of: change.0, with: change.1), to: "broken-\(name).yaml")
        }
        try scratch.write(Self.own, to: "right.yaml")
        let script = """
            import glob, json, sys, yaml
            from jsonschema import Draft202012Validator
            schema = json.load(open(sys.argv[1] + "/bundle/playbook.schema.json"))
            Draft202012Validator.check_schema(schema)
            validator = Draft202012Validator(schema)
            files = sorted(glob.glob(sys.argv[1] + "/playbooks/*.yaml")) + sorted(glob.glob(sys.argv[2] + "/*.yaml"))
            print(json.dumps({f.split("/")[-1]: validator.is_valid(yaml.safe_load(open(f))) for f in files}))
            """
        let python = try Program.start(
            "/usr/bin/env", ["python3", "-c", script, Self.templates.path, scratch.path], in: scratch.url, limit: 60)
        let ending = await python.end()
        let verdicts = try #require(
            try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Bool], "\(ending.printed)")
        #expect(verdicts.count > 12)
        for (file, isValid) in verdicts {
            #expect(isValid == !file.hasPrefix("broken-"), "\(file)")
            // The program's own validator agrees.
            let folder =
                file.hasPrefix("broken-") || file == "right.yaml" ? scratch.path : Self.templates.path + "/playbooks"
            let own = try await Collect.run(["playbooks", "validate", "\(folder)/\(file)"])
            #expect((own.status == 0) == isValid, "\(file): \(own.printed)")
        }
    }

    @Test(
        "what a schema can't say is checked too, with the line",
        arguments: [
            ("extends: 504-gateway-timeout", "extends: no-such-playbook", 2, "no playbook 'no-such-playbook'"),
            ("from: [mp-revisions]", "from: [zookeeper-tree]", 11, "brings 'zookeeper'"),
            (", from: [mp-revisions]", "", 11, "several collectors"),
            ("extends: 504-gateway-timeout", "extends: my-playbook", 2, "no playbook 'my-playbook'"),
            ("extends: 504-gateway-timeout\n", "", 9, "name it under 'extends'"),
        ])
    func mistakes(text: String, by other: String, line: Int, reason: String) async throws {
        let scratch = try Scratch()
        let file = try scratch.write(Self.own.replacingOccurrences(of: text, with: other), to: "mine.yaml")
        let ending = try await Collect.run(["playbooks", "validate", file.path])
        #expect(ending.status == 1, "\(ending.printed)")
        #expect(ending.errorText.contains("mine.yaml:\(line):"), "\(ending.errorText)")
        #expect(ending.errorText.contains(reason), "\(ending.errorText)")
    }

    @Test("playbooks that extend each other in a circle are refused")
    func circle() async throws {
        let scratch = try Scratch()
        let one = try scratch.write(
            Self.own.replacingOccurrences(of: "504-gateway-timeout", with: "other"), to: "one.yaml")
        let other = try scratch.write(
            Self.own.replacingOccurrences(of: "my-playbook", with: "other").replacingOccurrences(
                of: "extends: 504-gateway-timeout", with: "extends: my-playbook"), to: "other.yaml")
        let ending = try await Collect.run(["playbooks", "validate", one.path, other.path])
        #expect(ending.status == 1 && ending.errorText.contains("circle"), "\(ending.printed)")
    }

    @Test("a site's playbook is listed, routed to, extends one of the program, and overrides by its id")
    func site() async throws {
        let scratch = try Scratch()
        let folder = try scratch.folder("etc/apigee-collect/playbooks.d")
        try Data(Self.own.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
        let more = """
            id: tls-bad-certificate
            extends: tls-bad-certificate
            version: 9
            title: Ours
            source: https://wiki.acme.example/tls
            symptoms: { signatures: [] }
            alsoCollect: { both: [{ item: virtual-hosts, required: true }] }
            """
        try Data(more.utf8).write(to: folder.appendingPathComponent("tls.yaml"))
        for file in ["mine.yaml", "tls.yaml"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: folder.appendingPathComponent(file).path)
        }
        let list = try await Collect.run(["playbooks", "list", "--root", scratch.path])
        #expect(list.outputText.contains("my-playbook  Our own time-out\n"), "\(list.printed)")
        let show = try await Collect.run(["playbooks", "show", "my-playbook", "--root", scratch.path])
        #expect(show.outputText.contains("router-log") && show.outputText.contains("mp-revisions"), "\(show.printed)")
        let tls = try await Collect.run(["playbooks", "show", "tls-bad-certificate", "--root", scratch.path])
        #expect(tls.outputText.contains("virtual-hosts") && tls.outputText.contains("keystore-certificates"))
        let error = try scratch.write("ACME-TIMEOUT at 10:00", to: "error.txt")
        let plan = try await Collect.run(
            ["collect", "--dry-run", "--json", "--root", scratch.path, "--mode", "private", "--error", error.path])
        #expect(plan.outputText.contains("\"my-playbook\"") && plan.outputText.contains("our gateway gave up"))
        // What this version can't collect is told with the way to do it by hand.
        #expect(plan.outputText.contains("8082"), "\(plan.outputText)")
    }

    @Test("the guide's tables are what the program prints")
    func guide() async throws {
        let guide = try String(
            contentsOf: Collect.package.appendingPathComponent("docs/playbooks.md"), encoding: .utf8)
        let parts = guide.components(separatedBy: "<!-- playbooks list --markdown -->\n")
        try #require(parts.count == 3)
        let table = try await Collect.run(["playbooks", "list", "--markdown"])
        #expect(
            parts[1] == "\n" + table.outputText + "\n",
            "write the tables anew: apigee-collect playbooks list --markdown")
    }

    @Test("--json lists playbooks and collectors for programs")
    func json() async throws {
        let ending = try await Collect.run(["playbooks", "list", "--json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
        let collectors = try #require(json["collectors"] as? [[String: Any]])
        let known = Set(collectors.compactMap { $0["id"] as? String })
        let schema = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: Self.templates.appendingPathComponent("bundle/playbook.schema.json")))
                as? [String: Any])
        let definitions = schema["$defs"] as? [String: [String: Any]]
        #expect(known == Set(definitions?["collector"]?["enum"] as? [String] ?? []))
        for playbook in try #require(json["playbooks"] as? [[String: Any]]) {
            let lists = try #require(playbook["mustCollect"] as? [String: [[String: Any]]])
            for mode in ["private", "public"] {
                let list = lists[mode] ?? []
                #expect(!list.isEmpty, "\(playbook["id"] ?? "")")
                #expect(list.allSatisfy { ($0["from"] as? [String] ?? []).allSatisfy(known.contains) })
            }
        }
    }
}
